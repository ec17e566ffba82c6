//! A whole insurer in a simulated world: one seed decides everything that happens, and every run is held against what must always hold.
//!
//! The product in it is the real one: `app` with its reactor and its rounds, on a store in memory or, for some seeds, on SQLite.
//! Around it stand people as small state machines, a bank, a provider of messages, a clock that runs faster than any, and weather:
//! faults at every port. A run is a few lives of the process; each but the last ends in a crash at an arbitrary point, and keeps
//! what stands on the disk. Start reading at [`run::run`]; what must hold is in [`check`].
//!
//! # Invariants
//!
//! - **The same seed gives the same run, to the byte.** One thread, virtual time, seeded dice at every port. On SQLite the real keys
//!   seal, so there it is the same but for what is sealed.
//! - **Faults are in the ports, never in the product.**
//! - **A failure is one command**: the seed says everything.

#![expect(
    clippy::disallowed_methods,
    reason = "real time is measured around a run; nothing in the world sees it"
)]

pub mod check;
pub mod clock;
pub mod dice;
pub mod disk;
pub mod life;
pub mod mutants;
pub mod people;
pub mod plan;
pub mod ports;
pub mod run;
pub mod trace;
pub mod weather;
pub mod world;
