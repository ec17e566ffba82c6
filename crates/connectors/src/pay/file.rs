//! The stand-in's own ledger: entries in memory and, when it has one, in a file that only grows and that several processes share.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use super::fake::{Durability, Entry};

/// How every line begins.
const LINE_START: &[u8] = br#"{"reference":"#;

/// Where entries are kept.
pub(super) struct Ledger {
    entries: Vec<Entry>,
    file: Option<Shared>,
}

/// A file that others write as well, when it is their turn.
struct Shared {
    file: Arc<File>,
    /// Where the lines end that were read.
    end: u64,
    durability: Durability,
}

/// While it lasts no other process reads or writes the file. The system ends it when the process dies.
pub(super) struct Turn(Option<Arc<File>>);

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // It fails only for a file that cannot be locked, and this one was.
            let _ = file.unlock();
        }
    }
}

impl Ledger {
    /// An empty ledger in memory.
    pub(super) fn in_memory() -> Ledger {
        Ledger { entries: Vec::new(), file: None }
    }

    /// The ledger in `path`, made when there is none.
    pub(super) fn open(path: &Path, durability: Durability) -> io::Result<Ledger> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let file = Some(Shared { file: Arc::new(file), end: 0, durability });
        let mut ledger = Ledger { entries: Vec::new(), file };
        ledger.turn()?;
        Ok(ledger)
    }

    /// Waits until no other process is at the file, and reads what they added.
    pub(super) fn turn(&mut self) -> io::Result<Turn> {
        let Some(shared) = &mut self.file else { return Ok(Turn(None)) };
        shared.file.lock()?;
        let turn = Turn(Some(shared.file.clone()));
        self.entries.extend(shared.news()?);
        Ok(turn)
    }

    /// Every entry in the order of its writing, as far as it was read.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds `entry` in our turn. It is kept when this answers.
    pub(super) fn add(&mut self, _turn: &Turn, entry: Entry) -> io::Result<()> {
        if let Some(shared) = &mut self.file {
            shared.add(&entry)?;
        }
        self.entries.push(entry);
        Ok(())
    }
}

impl Shared {
    /// The whole lines after those that were read.
    fn news(&mut self) -> io::Result<Vec<Entry>> {
        let mut file = &*self.file;
        if file.metadata()?.len() == self.end {
            return Ok(vec![]);
        }
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(self.end))?;
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (lines, torn) = text.split_at(whole);
        let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let entries = lines.map(serde_json::from_slice).collect::<Result<Vec<Entry>, _>>()?;
        // A line without its end was being written when its process was killed: nobody was told of it.
        let begun = torn.len().min(LINE_START.len());
        if torn[..begun] != LINE_START[..begun] {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not the ledger of a stand-in bank"));
        }
        self.end += whole as u64;
        file.set_len(self.end)?;
        Ok(entries)
    }

    fn add(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.end))?;
        let written = file.write_all(&line).and_then(|()| match self.durability {
            Durability::Process => Ok(()),
            Durability::Power => file.sync_data(),
        });
        if let Err(error) = written {
            // Half a line must not stand before the next one.
            file.set_len(self.end)?;
            return Err(error);
        }
        self.end += line.len() as u64;
        Ok(())
    }
}
