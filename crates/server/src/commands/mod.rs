//! The commands, one file each.

mod account;
mod backup;
mod check;
mod demo;
mod drill;
mod files;
mod import;
mod migrate;
mod outbox;
mod reconcile;
mod relocate;
mod restore;
mod serve;
mod settle;
mod simulate;
mod token;
mod verify;
mod worker;

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::config::{Given, Resolved};

/// Open claims platform for motor insurance: from the first notice of an accident to the paid and closed claim.
#[derive(Parser)]
#[command(
    name = "anpei",
    version,
    arg_required_else_help = true,
    after_help = "\
First steps:
  anpei demo                              a full system with invented people, in a temporary folder
  mkdir data && anpei serve --data data --allow-fake-partners
  echo '{…}' | anpei settle --explain -   what all policies owe for one accident

`anpei COMMAND --help` shows examples. Settings are flags, ANPEI_… variables, or lines of a TOML file, in this order;
`anpei serve --print-config` prints them all."
)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Demo(demo::Arguments),
    Worker(worker::Arguments),
    Migrate(migrate::Arguments),
    Verify(verify::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Reconcile(reconcile::Arguments),
    Drill(drill::Arguments),
    #[command(subcommand)]
    Files(files::Command),
    #[command(name = "move")]
    Relocate(relocate::Arguments),
    #[command(subcommand)]
    Account(account::Command),
    #[command(subcommand)]
    Token(token::Command),
    #[command(subcommand)]
    Outbox(outbox::Command),
    #[command(subcommand)]
    Import(import::Command),
    Settle(settle::Arguments),
    Simulate(simulate::Arguments),
    Check(check::Arguments),
}

// The settings of a command that speaks to partners. No doc comment: clap would take it for what the command is about.
#[derive(clap::Args)]
struct WithPartners {
    #[command(flatten)]
    settings: Given<true>,
    /// Let stand-ins take the place of bank and messages, as `partners = "fake"` does: no money moves
    #[arg(long)]
    allow_fake_partners: bool,
}

impl WithPartners {
    /// Finds every value.
    fn resolve(&self) -> Result<Resolved> {
        let mut found = self.settings.resolve()?;
        if self.allow_fake_partners {
            found.set("partners", "fake", "allow-fake-partners");
        }
        Ok(found)
    }
}

/// Runs the command that `arguments` name.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<ExitCode> {
    let line = match Line::try_parse_from(arguments) {
        Ok(line) => line,
        Err(told) => {
            // Help goes to stdout, complaints to stderr; neither has anybody else to tell when that fails.
            let _ = told.print();
            return Ok(ExitCode::from(u8::try_from(told.exit_code()).unwrap_or(2)));
        }
    };
    match line.command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Worker(arguments) => worker::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Restore(arguments) => restore::run(&arguments),
        Command::Reconcile(arguments) => reconcile::run(&arguments),
        Command::Drill(arguments) => drill::run(&arguments),
        Command::Files(command) => files::run(&command),
        Command::Relocate(arguments) => relocate::run(&arguments),
        Command::Account(command) => account::run(&command),
        Command::Token(command) => token::run(&command),
        Command::Outbox(command) => outbox::run(&command),
        Command::Import(command) => import::run(&command),
        Command::Settle(arguments) => settle::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
    }
}

/// Runs `work` on a runtime of its own, and ends that runtime without waiting for whoever is left on it.
fn on_runtime<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    result
}
