//! Kinds of papers and photos: what each shows, what must be read from it, and what a claim still lacks.
//!
//! Start reading at [`missing`](missing()); the kinds are in [`KINDS`], one file each under `kinds/`. Which of them a claim needs
//! is dated data and no business of this crate.
//!
//! # Invariants
//!
//! - **The list of what is missing is complete**: it names everything at once (insurance law, art. 22).
//! - **A code is never renamed or reused**: it stands in events.
//! - No pixels, no reading engine, no I/O.
//!
//! To add a kind: its file in `kinds/`, its line in [`KINDS`], its words in both languages.

mod kind;
mod kinds;
mod missing;

pub use kind::{Family, Field, Form, Kind, KindCode, Media, Side, UnknownKind};
pub use kinds::KINDS;
pub use missing::{Have, Missing, Requirement, missing};
