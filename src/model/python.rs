//! Where an installed Python package lies: some bring word lists or libraries that models need.

// The edge: here Python is asked.
#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Prints the folder of a package without importing it. Python runs isolated (`-I`), so that neither the current folder
/// nor PYTHONPATH can lend it code; packages that a user installed are then named anew.
const FIND: &str = "\
import importlib.util, site, sys
sys.path.append(site.getusersitepackages())
found = importlib.util.find_spec(sys.argv[1])
print(found.submodule_search_locations[0] if found else '')";

/// How long Python may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often is looked whether it has.
const PAUSE: Duration = Duration::from_millis(10);

/// The folder of a package, where the Python that a shell would start has it and says so in time.
pub fn package(name: &str) -> Option<PathBuf> {
    let mut python = Command::new("python3")
        .args(["-I", "-c", FIND, name])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let started = Instant::now();
    while python.try_wait().ok()?.is_none() {
        if started.elapsed() > PATIENCE {
            let _ = python.kill();
            let _ = python.wait();
            return None;
        }
        thread::sleep(PAUSE);
    }
    let output = python.wait_with_output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    let folder = folder.trim_end();
    (!folder.is_empty()).then(|| PathBuf::from(folder))
}
