//! A store that is copied, while others may serve it.

use std::path::PathBuf;

use journal::Recorded;

use super::{CopyError, Source};
use crate::blobs::Files;
use crate::lock::Lock;
use crate::postgres::{DatabaseUrl, carry as postgres};
use crate::sqlite::carry as sqlite;
use crate::vault::{WrappedKeys, carry as vault};
use crate::{Config, OpenError};

/// A store that is copied, while others may serve it: nothing in it is changed.
pub struct Original {
    folder: PathBuf,
    database: Option<DatabaseUrl>,
    files: Files,
}

impl Original {
    /// The store that `config` names. It must be there.
    pub fn open(config: &Config) -> Result<Original, OpenError> {
        let folder = config.folder.clone();
        if !folder.is_dir() {
            return Err(OpenError::Missing { folder });
        }
        if config.database.is_none() && !folder.join("journal.db").exists() {
            return Err(OpenError::NoJournal { folder });
        }
        let files = Files::of_store(&folder, false)?;
        Ok(Original { folder, database: config.database.clone(), files })
    }

    pub(crate) fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// Its journal up to where it ends now. One that was moved is read only for whoever moves it there, `moved_to`.
    pub(crate) fn reading(&self, moved_to: Option<&str>) -> Result<Box<dyn Source>, CopyError> {
        Ok(match &self.database {
            Some(url) => Box::new(postgres::Reading::open(url)?),
            None => Box::new(sqlite::Reading::open(&self.folder.join("journal.db"), moved_to)?),
        })
    }

    /// Its keys as they are now. Read after the journal, there is one for everything sealed in it.
    pub(crate) fn keys(&self) -> Result<WrappedKeys, CopyError> {
        match &self.database {
            Some(url) => postgres::read_keys(url),
            None => Ok(vault::read(&self.folder.join("vault.db"))?),
        }
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// Keeps others from serving it, if nobody does.
    pub(crate) fn lock(&self) -> Result<Lock, OpenError> {
        Lock::take(&self.folder)
    }

    /// Everything that was recorded, in order; `hear` answers whether it wants more.
    pub fn entries(&self, hear: &mut dyn FnMut(&Recorded) -> bool) -> Result<(), CopyError> {
        self.reading(None)?.entries(0, &mut |entry| Ok(hear(&entry)))
    }

    /// From now on it is told that it lives at `to`; `None` takes that back.
    pub(crate) fn note_moved(&self, to: Option<&str>) -> Result<(), CopyError> {
        sqlite::note_moved(&self.folder.join("journal.db"), to)
    }
}
