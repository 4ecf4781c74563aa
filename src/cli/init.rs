//! `init`: files to start an audit of one's own from.

use std::path::Path;

use clap::Args;

use super::output;
use crate::diagnostic::Problems;
use crate::policy::DEFAULT;
use crate::policy::bundled::PREFIX;

/// Where to start.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  affect-audit init my-audit && affect-audit audit my-audit/audit.toml\n  affect-audit init my-audit --policy recruitment"
)]
pub struct Arguments {
    /// The folder to write audit.toml and POLICY.md to
    #[arg(default_value = ".")]
    folder: String,
    /// The policy to start from: one of those that `policy list` names [default: the default policy]
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

const CONFIG: &str = r#"# What to audit; run with: affect-audit audit
models = MODELS
# predictions = ["answers.csv"]        # id, label, score:<label>
datasets = ["everyday-english"]        # or a folder with dataset.toml
policy = "POLICY.md"
out = "reports/latest"
seed = 1
replicates = 1000

[scope]
context = "CONTEXT"   # workplace, recruitment, education, health, customer, advertising, automotive, research
unit = "aggregate"     # individual, aggregate
"#;

/// Writes the files.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let folder = Path::new(&arguments.folder);
    let named = arguments.policy.as_deref().map(|name| {
        let name = name.strip_prefix(PREFIX).unwrap_or(name);
        super::policy::bundled(name)
    });
    let (policy, context) = match named.transpose()? {
        Some(policy) => (policy.text, policy.context),
        None => (DEFAULT, "research"),
    };
    // Emotions of candidates are refused, so that an audit of both bundled models would stop at once.
    let models = if context == "recruitment" {
        "[\"reference:sentiment\"]"
    } else {
        "[\"reference:sentiment\", \"reference:emotion\"]"
    };
    let config = CONFIG.replace("CONTEXT", context).replace("MODELS", models);
    let files = [
        (folder.join("audit.toml"), config.as_str()),
        (folder.join("POLICY.md"), policy),
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
