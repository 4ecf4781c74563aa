//! `bundle`: everything that an audit rests on, but the data itself, in one signed archive. Also makes pairs of keys.

// The edge: here files and environment are used.
#![allow(clippy::disallowed_methods)]

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ring::rand::{SecureRandom, SystemRandom};

use super::output;
use super::policy::own_or;
use super::report::{self, Format};
use crate::bundle::content::{content, dataset_path, model_card, model_path};
use crate::bundle::key::{PublicKey, SigningKey, private_pem};
use crate::bundle::{
    File, MANIFEST, Manifest, PUBLIC_KEY, RECORD, REPORTS, SIGNATURE, archive, policy_name,
};
use crate::dataset::bundled;
use crate::dataset::read::CARD;
use crate::diagnostic::{Place, Problem, Problems, plain, quote};
use crate::policy::lock::SUFFIX;
use crate::record::build::FEATURES;
use crate::record::{self, Record, v1};

/// The variable of the environment that may hold the private key.
const KEY: &str = "AFFECT_AUDIT_SIGNING_KEY";

const EXAMPLES: &str = "\
The bundle holds the record, the policy it was judged by, the cards, the reports, and the digest of every input. It holds
no text and no answer. Run it where the audit ran: it reads policy and data once more and refuses what has changed since.

Examples:
  affect-audit bundle --new-key release.key
  affect-audit bundle reports/latest -o evidence.zip --key release.key
  affect-audit verify evidence.zip --public-key release.key.pub";

/// What to bundle.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder that an audit wrote, or the audit.json in it
    #[arg(required_unless_present = "new_key")]
    record: Option<String>,
    /// The archive to write
    #[arg(
        short,
        long,
        value_name = "FILE.zip",
        required_unless_present = "new_key"
    )]
    out: Option<String>,
    /// The private key: Ed25519 in PKCS#8 PEM, as OpenSSL writes it [default: the variable AFFECT_AUDIT_SIGNING_KEY]
    #[arg(long, value_name = "FILE", conflicts_with = "unsigned")]
    key: Option<String>,
    /// Sign nothing: verify will say that nobody vouches for the bundle
    #[arg(long)]
    unsigned: bool,
    /// Where the policy of the audit lies, if not where it lay then
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
    /// A report to enclose; repeatable [default: html]
    #[arg(long, value_enum)]
    format: Vec<Format>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// Make a pair of keys instead: the private one in FILE, the public one in FILE.pub
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "out", "key", "unsigned", "policy", "format", "force"])]
    new_key: Option<String>,
}

/// Bundles, or makes keys.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    if let Some(file) = &arguments.new_key {
        return new_key(Path::new(file));
    }
    let (Some(named), Some(out)) = (&arguments.record, &arguments.out) else {
        unreachable!("the command line asks for both")
    };
    let path = Path::new(out);
    output::refuse_overwrite(path, arguments.force)?;
    output::check_writable(path)?;
    let key = signing_key(arguments)?;
    let inside = gather(arguments, named)?;
    // What a reader would be told must not surprise whoever signs.
    let content = content(out, &inside, &render_named).map_err(Problems::from)?;
    let manifest = Manifest::new(this_program(), &content.record, &inside).to_bytes();
    let mut files = vec![File::new(MANIFEST, manifest.clone())];
    if let Some(key) = &key {
        files.push(File::new(SIGNATURE, key.sign(&manifest)));
        files.push(File::new(PUBLIC_KEY, key.public().to_pem()));
    }
    files.extend(inside);
    let packed = archive::pack(&files).map_err(|message| {
        Problem::new("bundle/archive", Place::file(out), message).help("enclose fewer reports")
    })?;
    output::write(path, &packed)?;
    output::note(&plain(&match key {
        Some(key) => format!("{out}: signed by the key {}", key.public().fingerprint()),
        None => format!("{out}: not signed"),
    }));
    Ok(0)
}

/// Renders the report whose first file has this name, with the pages it leads to; the record itself is no report.
pub fn render_named(record: &Record, name: &str) -> Option<Result<Vec<File>, Problems>> {
    Format::value_variants()
        .iter()
        .find(|format| format.file_name() == name && **format != Format::Json)
        .map(|format| rendered(record, *format))
}

fn rendered(record: &Record, format: Format) -> Result<Vec<File>, Problems> {
    let files = report::files(record, format, format.file_name())?.into_iter();
    Ok(files
        .map(|(path, bytes)| File::new(format!("{REPORTS}{path}"), bytes))
        .collect())
}

fn this_program() -> v1::Tool {
    let features = FEATURES.iter().filter(|(_, built)| *built);
    v1::Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        features: features.map(|(name, _)| (*name).to_owned()).collect(),
    }
}

/// The key, unless nothing shall be signed.
fn signing_key(arguments: &Arguments) -> Result<Option<SigningKey>, Problems> {
    if arguments.unsigned {
        return Ok(None);
    }
    let (place, text) = match (&arguments.key, std::env::var(KEY)) {
        (Some(file), _) => (file.clone(), output::read_text(file)?),
        (None, Ok(text)) if !text.trim().is_empty() => (format!("${KEY}"), text),
        _ => {
            return Err(Problem::new(
                "bundle/no-key",
                Place::file(format!("${KEY}")),
                "there is no key to sign with",
            )
            .help("say --key FILE, or set the variable; make a key with: affect-audit bundle --new-key FILE; or say --unsigned")
            .into());
        }
    };
    Ok(Some(SigningKey::from_pem(&place, &text)?))
}

/// Everything that goes into the archive besides the manifest, in the order of the names.
fn gather(arguments: &Arguments, named: &str) -> Result<Vec<File>, Problems> {
    let path = Path::new(named);
    let file = if path.is_dir() {
        path.join(RECORD)
    } else {
        path.to_path_buf()
    };
    let file = file.display().to_string();
    let text = output::read_text(&file)?;
    let record = record::parse(&file, &text)?;
    let mut files = vec![File::new(RECORD, text)];
    let mut problems = Problems::new();
    if let Some((policy, text)) = problems.take(own_or(arguments.policy.as_deref(), &record)) {
        let name = policy_name(&record.policy.file);
        if record.policy.locked.is_some() {
            let lock = problems.take(output::read_text(&format!("{}{SUFFIX}", policy.file)));
            files.extend(lock.map(|lock| File::new(format!("{name}{SUFFIX}"), lock)));
        }
        files.push(File::new(name, text));
    }
    for dataset in &record.datasets {
        let card = problems.take(card(&record, dataset));
        files.extend(card.map(|card| File::new(dataset_path(&dataset.name), card)));
    }
    let models = record.models.iter().enumerate();
    files.extend(models.map(|(place, model)| File::new(model_path(place), model_card(model))));
    let formats = match arguments.format.as_slice() {
        [] => &[Format::Html],
        formats => formats,
    };
    for format in formats.iter().filter(|format| **format != Format::Json) {
        let path = format!("{REPORTS}{}", format.file_name());
        if !files.iter().any(|file| file.path == path) {
            files.extend(
                problems
                    .take(rendered(&record, *format))
                    .into_iter()
                    .flatten(),
            );
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    problems.or(files)
}

/// The card of a dataset, once the data has shown itself to be that of the audit.
fn card(record: &Record, dataset: &v1::Dataset) -> Result<String, Problems> {
    let run = record.run.as_ref();
    let folder = run.and_then(|run| run.folders.get(&dataset.name));
    let found = crate::dataset::read::read(folder.unwrap_or(&dataset.name))?;
    if found.digest != dataset.digest {
        return Err(Problem::new(
            "bundle/dataset",
            Place::file(folder.unwrap_or(&dataset.name)),
            format!(
                "the dataset {} was changed after the audit (digest {:.8} instead of {:.8})",
                quote(&dataset.name),
                found.digest,
                dataset.digest
            ),
        )
        .help("put the data back as it was, or audit again")
        .into());
    }
    match (folder, bundled::find(&dataset.name)) {
        (None, Some(bundled)) => Ok(bundled.card.to_owned()),
        _ => output::read_text(&Path::new(&found.origin).join(CARD).display().to_string()),
    }
}

/// Writes a pair of keys; the private one for its owner's eyes alone. Neither is ever written over.
fn new_key(path: &Path) -> Result<u8, Problems> {
    let mut public = path.as_os_str().to_os_string();
    public.push(".pub");
    let public = PathBuf::from(public);
    let mut problems = Problems::new();
    for path in [path, &public] {
        problems.take(output::refuse_overwrite(path, false).map_err(|_| {
            Problems::from(
                Problem::new(
                    "output/exists",
                    Place::file(path.display().to_string()),
                    "the file is there already, and keys are never written over",
                )
                .help("choose another name"),
            )
        }));
    }
    problems.or(())?;
    let failed = |message: String| -> Problems {
        Problem::new(
            "output/unwritable",
            Place::file(path.display().to_string()),
            message,
        )
        .help("check the folder, its permissions and the space left")
        .into()
    };
    let mut seed = [0; 32];
    let key = SystemRandom::new()
        .fill(&mut seed)
        .ok()
        .and_then(|()| SigningKey::from_seed(&seed))
        .ok_or_else(|| failed("the system gives no random numbers".to_owned()))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(private_pem(&seed).as_bytes()))
        .map_err(|error| failed(format!("cannot be written: {error}")))?;
    let public_key: PublicKey = key.public();
    output::write(&public, public_key.to_pem().as_bytes())?;
    output::note(&plain(&format!(
        "{}: the private key; keep it where nobody else reads it",
        path.display()
    )));
    output::note(&plain(&format!(
        "{}: the public key, for those who verify; its fingerprint is {}",
        public.display(),
        public_key.fingerprint()
    )));
    Ok(0)
}
