//! Every planted bug is found.

use std::process::Command;

#[test]
#[ignore = "needs a build of its own, with planted bugs; the long run"]
fn every_planted_bug_is_found() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "-p", "simulator", "--features", "mutants", "--", "--mutants"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.lines().count() > 20, "at least twenty bugs are hunted:\n{said}");
}

#[test]
fn the_usual_build_has_no_planted_bugs() {
    assert_eq!(simulator::mutants::planted().is_empty(), !cfg!(feature = "mutants"));
}
