//! Carries a whole store to another place: into a backup, out of one, or from one kind of database to another.
//!
//! Everything that is kept follows from the journal, so a copy is the journal itself, entry by entry with its hashes, the answers
//! beside it, the files by their address, and the wrapped keys apart. Views are folded anew at the other end; sessions are left behind.
//!
//! # Invariants
//!
//! - **An entry arrives as it was recorded**: whatever does not continue both chains is refused.
//! - **A copy goes on where it stopped**, and is not opened as a store before it is whole.
//! - **An append is never cut in half**, also when only a part of the journal is asked for.
//! - **Who was erased stays erased**, however old the copy is.

mod backup;
mod carry;
mod cut;
mod error;
mod keys;
mod manifest;
mod original;
mod restore;
mod segment;
mod transfer;

pub use backup::{BackedUp, back_up};
pub(crate) use backup::{Carried, add_files};
pub(crate) use carry::{Answered, Batch, Source, Take, Target};
pub use cut::Until;
pub use error::CopyError;
pub(crate) use manifest::replace;
pub use original::Original;
pub use restore::{LastWord, Restored, restore};
pub use transfer::{Moved, transfer};

use crate::Config;
use crate::postgres::carry as postgres;
use crate::sqlite::carry as sqlite;
use crate::vault::{WrappedKeys, carry as vault};

/// The store in the making at the place that `config` names, of the store called `id`, by an `order` that is known again.
fn target(config: &Config, id: &[u8], order: &str) -> Result<Box<dyn Target>, CopyError> {
    Ok(match &config.database {
        Some(url) => Box::new(postgres::Loading::open(url, id, order)?),
        None => Box::new(sqlite::Loading::open(&config.folder.join("journal.db"), id, order)?),
    })
}

/// Keeps `keys` at the place that `config` names.
fn keep_keys(config: &Config, id: &[u8], keys: &WrappedKeys) -> Result<(), CopyError> {
    match &config.database {
        Some(url) => postgres::write_keys(url, id, keys),
        None => Ok(vault::write(&config.folder.join("vault.db"), id, keys)?),
    }
}

/// How the operator knows that place, without secrets.
fn name_of(config: &Config) -> String {
    match &config.database {
        Some(url) => url.to_string(),
        None => config.folder.display().to_string(),
    }
}
