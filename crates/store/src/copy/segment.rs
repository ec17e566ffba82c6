//! Parts of the journal and of the answers beside it as files: one a line, as JSON, compressed.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use journal::chain::log_link;
use journal::{Actor, Decoded, Hash, Recorded, StreamId};
use lexicon::Moment;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::manifest::{Part, hex, unhex_hash};
use super::{Answered, CopyError};

/// A part of the journal has at most so many entries,
const ENTRIES_MAX: u64 = 65_536;
/// or not many more bytes than this before it is compressed.
const BYTES_MAX: u64 = 64 << 20;

/// An entry as a line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine {
    position: u64,
    stream: StreamId,
    version: u64,
    name: String,
    shape: u16,
    at: Moment,
    actor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    caused_by: Option<u64>,
    data: String,
    hash: String,
}

/// An answer as a line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerLine {
    position: u64,
    scope: String,
    key: String,
    request: String,
    answer: String,
}

/// A part that is being written.
pub(super) struct Writing {
    path: PathBuf,
    file: GzEncoder<Summed>,
    bytes: u64,
}

/// A file whose sum is taken as it is written.
struct Summed {
    file: File,
    sum: Sha256,
    bytes: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Writing {
    /// A part in `folder`, without a name yet.
    pub(super) fn start(folder: &Path) -> Result<Writing, CopyError> {
        let path = folder.join("part.making");
        let file = File::create(&path).map_err(|error| CopyError::file(&path, &error))?;
        let file = Summed { file, sum: Sha256::new(), bytes: 0 };
        Ok(Writing { path, file: GzEncoder::new(file, Compression::fast()), bytes: 0 })
    }

    /// Whether nothing was written.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Writes a line.
    pub(super) fn line(&mut self, line: &impl Serialize) -> Result<(), CopyError> {
        let mut text = serde_json::to_vec(line).expect("a line has a JSON form");
        text.push(b'\n');
        self.bytes += text.len() as u64;
        self.file.write_all(&text).map_err(|error| {
            // On a full disk what was written so far is in the way; the first error is the one to tell.
            let _ = fs::remove_file(&self.path);
            CopyError::file(&self.path, &error)
        })
    }

    /// Gives it the name of its kind and positions. It is on disk, and was read back, when this answers.
    pub(super) fn end(
        self,
        kind: &str,
        (from, to): (u64, u64),
        log: Option<Hash>,
    ) -> Result<Part, CopyError> {
        let Writing { path: making, file, .. } = self;
        let wrong = |error| CopyError::file(&making, &error);
        let Summed { file, sum, bytes } = file.finish().map_err(wrong)?;
        file.sync_all().map_err(wrong)?;
        let (name, sum) = (Part::name(kind, from, to), hex(&sum.finalize()));
        let part = Part { name, from, to, bytes, sum, log: log.map(|log| hex(&log.0)) };
        let path = making.with_file_name(&part.name);
        let sync = || path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all());
        fs::rename(&making, &path).and_then(|()| sync()).map_err(wrong)?;
        whole(&path, &part)?;
        Ok(part)
    }
}

/// Writes the journal in parts.
pub(super) struct Segments<'a> {
    folder: &'a Path,
    /// Position of the last entry taken, and the hash of the log there.
    pub(super) position: u64,
    pub(super) log: Hash,
    part: Option<(Writing, u64)>,
}

impl Segments<'_> {
    /// Parts of a log that stands at `position` with the hash `log`.
    pub(super) fn new(folder: &Path, position: u64, log: Hash) -> Segments<'_> {
        Segments { folder, position, log, part: None }
    }

    /// Writes `entry`. Answers the part before it when that is full.
    pub(super) fn take(&mut self, entry: &Recorded) -> Result<Option<Part>, CopyError> {
        let is_full = self.part.as_ref().is_some_and(|(writing, from)| {
            entry.position - from >= ENTRIES_MAX || writing.bytes >= BYTES_MAX
        });
        let full = if is_full { self.end()? } else { None };
        let (writing, _) = match &mut self.part {
            Some(part) => part,
            none => none.insert((Writing::start(self.folder)?, entry.position)),
        };
        writing.line(&entry_line(entry))?;
        self.position = entry.position;
        self.log = log_link(self.log, entry.position, entry.hash);
        Ok(full)
    }

    /// Ends the part that is being written.
    pub(super) fn end(&mut self) -> Result<Option<Part>, CopyError> {
        let Some((writing, from)) = self.part.take() else { return Ok(None) };
        writing.end("entries", (from, self.position), Some(self.log)).map(Some)
    }
}

fn entry_line(entry: &Recorded) -> EntryLine {
    EntryLine {
        position: entry.position,
        stream: entry.stream.clone(),
        version: entry.version,
        name: entry.name.to_string(),
        shape: entry.shape,
        at: entry.at,
        actor: entry.actor.to_string(),
        caused_by: entry.caused_by,
        data: entry.data.to_string(),
        hash: hex(&entry.hash.0),
    }
}

/// `answer` as a line.
pub(super) fn answer_line(answer: Answered) -> AnswerLine {
    let Answered { position, scope, key, request, answer } = answer;
    AnswerLine { position, scope, key, request: hex(&request), answer }
}

impl EntryLine {
    /// The entry, if its fields are well formed.
    pub(super) fn read(self) -> Option<Recorded> {
        Some(Recorded {
            position: self.position,
            stream: self.stream,
            version: self.version,
            name: self.name.into(),
            shape: self.shape,
            at: self.at,
            actor: self.actor.parse::<Actor>().ok()?,
            caused_by: self.caused_by,
            data: self.data.into(),
            hash: Hash(unhex_hash(&self.hash)?),
            decoded: Decoded::default(),
        })
    }
}

impl AnswerLine {
    /// The answer, if its fields are well formed.
    pub(super) fn read(self) -> Option<Answered> {
        let AnswerLine { position, scope, key, request, answer } = self;
        Some(Answered { position, scope, key, request: unhex_hash(&request)?, answer })
    }
}

/// The bytes of `part` at `path`, as they were written.
fn whole(path: &Path, part: &Part) -> Result<Vec<u8>, CopyError> {
    let damaged = |problem: &str| CopyError::Damaged { path: path.into(), problem: problem.to_owned() };
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => damaged("it is missing"),
        _ => CopyError::file(path, &error),
    })?;
    if bytes.len() as u64 != part.bytes {
        return Err(damaged(if (bytes.len() as u64) < part.bytes {
            "it was cut off"
        } else {
            "it was altered"
        }));
    }
    match hex(&Sha256::digest(&bytes)) == part.sum {
        true => Ok(bytes),
        false => Err(damaged("it was altered")),
    }
}

/// Checks that `part` is in `folder` with all its bytes.
pub(super) fn check_there(folder: &Path, part: &Part) -> Result<(), CopyError> {
    let path = folder.join(&part.name);
    let problem = match fs::metadata(&path) {
        Ok(found) if found.len() == part.bytes => return Ok(()),
        Ok(_) => "it was cut off or altered",
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "it is missing",
        Err(error) => return Err(CopyError::file(&path, &error)),
    };
    Err(CopyError::Damaged { path, problem: problem.to_owned() })
}

/// Checks that `part` is in `folder` as it was written.
pub(super) fn check(folder: &Path, part: &Part) -> Result<(), CopyError> {
    whole(&folder.join(&part.name), part).map(drop)
}

/// Every line of `part`, in order, until `take` wants no more; nothing before all of it is known to be as it was written.
pub(super) fn each<L: DeserializeOwned, T>(
    folder: &Path,
    part: &Part,
    read: fn(L) -> Option<T>,
    take: &mut dyn FnMut(T) -> Result<bool, CopyError>,
) -> Result<bool, CopyError> {
    let path = folder.join(&part.name);
    let bytes = whole(&path, part)?;
    let damaged = |problem: String| CopyError::Damaged { path: path.clone(), problem };
    for line in BufReader::new(GzDecoder::new(&bytes[..])).lines() {
        let line = line.map_err(|error| damaged(error.to_string()))?;
        let line = serde_json::from_str(&line).map_err(|error| damaged(error.to_string()))?;
        if !take(read(line).ok_or_else(|| damaged("a line is malformed".to_owned()))?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
