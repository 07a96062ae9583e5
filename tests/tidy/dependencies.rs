//! Where the code of others comes from and on which terms. The database of known faults is no part of the registry:
//! `.ci/run` looks into it where the tool for that and the network are at hand.

use crate::scratch::long;
use crate::tidy::source::{read, root};
use std::collections::BTreeSet;
use std::process::Command;

/// Licences that ask for no more than their text to be kept, and one that asks for changed files to be shown.
const ALLOWED: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MPL-2.0",
    "MPL-2.0+",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn every_dependency_is_of_the_registry_with_a_checksum() {
    let lock = read(&root().join("Cargo.lock"));
    let packages = lock.split("[[package]]").skip(1).filter(|package| !package.contains("name = \"pledgebook\""));
    let is_known = |package: &&str| {
        package.contains("source = \"registry+https://github.com/rust-lang/crates.io-index\"")
            && package.contains("checksum = \"")
    };
    let unknown = packages.filter(|package| !is_known(package)).map(|package| package.trim().to_owned());
    crate::tidy::none(unknown, "take dependencies from the registry, by `cargo add`");
}

/// Only those of this platform are there after `cargo test` on a fresh machine; those of all platforms are read where
/// `PLEDGEBOOK_TESTS=long` asks for it, after `cargo fetch`.
#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--offline", "--locked", "--format-version", "1"]).current_dir(root());
    if !long::is_asked() {
        cargo.args(["--filter-platform", &platform()]);
    }
    let done = cargo.output().expect("cargo runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&done.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let told = packages.iter().filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("none is named");
        (!is_allowed(licence)).then(|| format!("{} {}: {licence}", package["name"], package["version"]))
    });
    let told: BTreeSet<String> = told.collect();
    crate::tidy::none(
        told,
        "leave out a dependency of another licence, or allow that licence here once it has been read",
    );
}

/// The platform that this was built on, as `x86_64-unknown-linux-gnu`.
fn platform() -> String {
    let told = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let told = String::from_utf8_lossy(&told.stdout);
    told.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// Whether a licence, or a choice of several, can be met: each part that is joined by `AND` has a choice that is allowed.
fn is_allowed(licence: &str) -> bool {
    let flat = licence.replace(['(', ')'], "").replace('/', " OR ");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|choice| ALLOWED.contains(&choice.trim())))
}
