//! Starts a full system with a seeded insurer.

use std::convert::Infallible;
use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::setup;
use crate::shell::{cargo, command, run, target};

/// Sets up, builds, and becomes `anpei demo`, so that signals reach it and its exit code is ours.
pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    setup::front_end()?;
    println!("demo: building anpei (the first time takes minutes)");
    run(cargo().args(["build", "--package", "server", "--bin", "anpei"]))?;
    let binary = target().join("debug/anpei");
    let error = command(&binary.to_string_lossy()).arg("demo").args(arguments).exec();
    Err::<Infallible, _>(error).with_context(|| format!("{} could not be started", binary.display()))?;
    Ok(())
}
