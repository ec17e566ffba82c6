//! One process per data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::OpenError;

/// Holds the folder until dropped; the system lets go when the process ends in any way.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes `folder` for this process, and leaves its number there for whoever comes next.
    pub(crate) fn take(folder: &Path) -> Result<Lock, OpenError> {
        let path = folder.join("lock");
        let wrong = |error| OpenError::of_file(&path, &error);
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(wrong(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is only helps; that it is taken is known.
                let _ = file.read_to_string(&mut holder);
                return Err(OpenError::Locked { folder: folder.into(), process: holder.trim().to_owned() });
            }
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(wrong)?;
        Ok(Lock { _file: file })
    }
}
