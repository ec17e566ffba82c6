//! Looking after the files of a store: what is lost, what nobody refers to, and moving them elsewhere.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use lexicon::{BlobId, Moment};

use super::place::FilesPlace;
use super::places::{list, open_place, write_list};
use super::{Files, Listed};
use crate::OpenError;
use crate::copy::{Carried, CopyError, add_files};
use crate::verify::Progress;

/// The files of a store, for whoever looks after them while others serve it.
pub struct Filing {
    folder: PathBuf,
    files: Files,
}

/// What is kept, held against what is referred to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesReport {
    /// Files kept.
    pub kept: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files referred to.
    pub referred: u64,
    /// Files that are referred to, and missing or altered, with what is wrong.
    pub lost: Vec<(BlobId, String)>,
    /// Files that nobody refers to, with their sizes and when they were kept: an upload under way is one for a moment.
    pub orphans: Vec<(BlobId, u64, Moment)>,
}

/// What one pass of a move brought over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedFiles {
    /// Files brought over this time.
    pub copied: u64,
    /// Files at the new place now.
    pub there: u64,
    /// Files that the old place lists and cannot give.
    pub lost: Vec<(String, String)>,
}

impl Filing {
    /// The files of the store in the data folder `folder`.
    pub fn open(folder: &Path) -> Result<Filing, OpenError> {
        if !folder.is_dir() {
            return Err(OpenError::Missing { folder: folder.into() });
        }
        Ok(Filing { folder: folder.into(), files: Files::of_store(folder, false)? })
    }

    /// Where they are: new ones go to the first place.
    pub fn places(&self) -> Result<Vec<FilesPlace>, OpenError> {
        list(&self.folder)
    }

    /// Holds what is kept against what is `referred` to. Every file that is referred to is read whole.
    pub fn report<E: From<CopyError>>(
        &self,
        referred: impl FnOnce() -> Result<Vec<BlobId>, E>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<FilesReport, E> {
        // Listed first: what is kept from now on is no orphan, and what is referred to by then is not one either.
        let listed = self.files.listed().map_err(CopyError::from)?;
        let kept: HashMap<BlobId, Listed> =
            listed.into_iter().map(|listed| (listed.id.clone(), listed)).collect();
        let referred: HashSet<BlobId> = referred()?.into_iter().collect();
        let mut report = FilesReport {
            kept: kept.len() as u64,
            bytes: kept.values().map(|listed| listed.bytes).sum(),
            referred: referred.len() as u64,
            ..FilesReport::default()
        };
        for (done, id) in (1..).zip(&referred) {
            match self.files.fetch(id) {
                Ok(Some(_)) => {}
                Ok(None) => report.lost.push((id.clone(), "it is missing".to_owned())),
                Err(problem) => report.lost.push((id.clone(), problem.0)),
            }
            progress(Progress { part: "files", done, total: report.referred });
        }
        report.orphans = kept
            .into_values()
            .filter(|listed| !referred.contains(&listed.id))
            .map(|listed| (listed.id, listed.bytes, listed.at))
            .collect();
        report.lost.sort();
        report.orphans.sort();
        Ok(report)
    }

    /// Removes a file for ever.
    pub fn delete(&self, id: &BlobId) -> Result<(), CopyError> {
        Ok(self.files.delete(id)?)
    }

    /// From now on new files go to `to`; what is elsewhere is read there until it is brought over. Nobody need be stopped for it.
    pub fn begin_move(&self, to: &FilesPlace) -> Result<(), CopyError> {
        let mut places = self.places()?;
        if places.first() == Some(to) {
            return Ok(());
        }
        // It must take files, and tell which it has, before it is told to anybody.
        let new = open_place(&self.folder, to, true)?;
        let probe = new.keep(b"anpei keeps files here\n")?;
        if new.fetch(&probe)?.is_none() {
            let path = to.to_string().into();
            return Err(CopyError::File { path, problem: "what was kept there is not there".to_owned() });
        }
        new.listed()?;
        new.delete(&probe)?;
        places.retain(|place| place != to);
        places.insert(0, to.clone());
        write_list(&self.folder, &places)
    }

    /// Brings over what is not at the first place yet; each file is read back there.
    pub fn pass(&self, progress: &mut dyn FnMut(Progress)) -> Result<MovedFiles, CopyError> {
        let places = self.places()?;
        let (first, others) = places.split_first().expect("a list has a first place");
        let to = open_place(&self.folder, first, true)?;
        let mut moved = MovedFiles { there: to.listed()?.len() as u64, ..MovedFiles::default() };
        for place in others {
            let from = open_place(&self.folder, place, false)?;
            let Carried { added: copied, there, lost } = add_files(&from, &to, progress)?;
            moved.copied += copied;
            moved.there = there;
            moved.lost.extend(lost);
        }
        Ok(moved)
    }

    /// Only `to` is read from now on. `false` when somebody else began to move the files to another place meanwhile.
    pub fn end_move(&self, to: &FilesPlace) -> Result<bool, CopyError> {
        let mut places = self.places()?;
        let is_first = places.first() == Some(to);
        if is_first {
            places.truncate(1);
            write_list(&self.folder, &places)?;
        }
        Ok(is_first)
    }
}
