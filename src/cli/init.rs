//! `init`: files to start an audit of one's own from.

use std::path::Path;

use clap::Args;

use super::output;
use crate::diagnostic::Problems;
use crate::policy::DEFAULT;

/// Where to start.
#[derive(Args)]
#[command(
    after_help = "Example:\n  affect-audit init my-audit && affect-audit audit my-audit/audit.toml"
)]
pub struct Arguments {
    /// The folder to write audit.toml and POLICY.md to
    #[arg(default_value = ".")]
    folder: String,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

const CONFIG: &str = r#"# What to audit; run with: affect-audit audit
models = ["reference:sentiment", "reference:emotion"]
# predictions = ["answers.csv"]        # id, label, score:<label>
datasets = ["everyday-english"]        # or a folder with dataset.toml
policy = "POLICY.md"
out = "reports/latest"
seed = 1
replicates = 1000

[scope]
context = "research"   # workplace, recruitment, education, health, customer, advertising, automotive, research
unit = "aggregate"     # individual, aggregate
"#;

/// Writes the files.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let folder = Path::new(&arguments.folder);
    let files = [
        (folder.join("audit.toml"), CONFIG),
        (folder.join("POLICY.md"), DEFAULT),
    ];
    let mut problems = Problems::new();
    for (path, _) in &files {
        problems.take(output::refuse_overwrite(path, arguments.force));
    }
    problems.or(())?;
    for (path, content) in &files {
        output::write(path, content.as_bytes())?;
        output::note(&format!("wrote {}", path.display()));
    }
    Ok(0)
}
