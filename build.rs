//! Tells the programs of this package where libtorch lies, where they are built with it.
//!
//! `torch-sys` found it and says so; without the path in the program it would have to be named at each start.

// Cargo is talked to by printing, and answers in the environment.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::Path;

/// The version that `torch-sys` takes, where libtorch does not say its own.
const VERSION: &str = "2.4";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") else {
        return;
    };
    let file = Path::new(&folder).join("../build-version");
    let version = std::fs::read_to_string(file).unwrap_or_else(|_| VERSION.to_owned());
    println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    println!("cargo::rustc-env=AFFECT_AUDIT_LIBTORCH={folder}");
    println!(
        "cargo::rustc-env=AFFECT_AUDIT_LIBTORCH_VERSION={}",
        version.trim()
    );
}
