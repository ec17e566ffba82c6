//! The stand-in's own ledger: entries in memory and, when it has one, in a file that only grows.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::fake::{Durability, Entry};

/// How every line begins.
const LINE_START: &[u8] = br#"{"reference":"#;

/// Where entries are kept.
pub(super) struct Ledger {
    entries: Vec<Entry>,
    file: Option<(File, Durability)>,
}

impl Ledger {
    /// An empty ledger in memory.
    pub(super) fn in_memory() -> Ledger {
        Ledger { entries: Vec::new(), file: None }
    }

    /// The ledger in `path`, made when there is none. The file is held: a second bank on it is refused.
    pub(super) fn open(path: &Path, durability: Durability) -> io::Result<Ledger> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.try_lock()?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (lines, torn) = text.split_at(whole);
        let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let entries = lines.map(serde_json::from_slice).collect::<Result<Vec<Entry>, _>>()?;
        // A line without its end was being written when the process was killed: nobody was told of it.
        let begun = torn.len().min(LINE_START.len());
        if torn[..begun] != LINE_START[..begun] {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not the ledger of a stand-in bank"));
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Ledger { entries, file: Some((file, durability)) })
    }

    /// Every entry in the order of its writing.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds `entry`. It is kept when this answers.
    pub(super) fn add(&mut self, entry: Entry) -> io::Result<()> {
        if let Some((file, durability)) = &mut self.file {
            let mut line = serde_json::to_vec(&entry)?;
            line.push(b'\n');
            let before = file.stream_position()?;
            let written = file.write_all(&line).and_then(|()| match durability {
                Durability::Process => Ok(()),
                Durability::Power => file.sync_data(),
            });
            if let Err(error) = written {
                // Half a line must not stand before the next one.
                file.set_len(before)?;
                file.seek(SeekFrom::Start(before))?;
                return Err(error);
            }
        }
        self.entries.push(entry);
        Ok(())
    }
}
