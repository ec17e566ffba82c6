//! SQLite's way to the disk, with an observer in between.
//!
//! The observer becomes the file system that SQLite takes unless told otherwise, so that a store is watched without knowing it. Files
//! outside watched folders go straight to the system; of a watched one every change is told to its [`Tape`] first, which may
//! answer that the disk fails.
#![expect(
    unsafe_code,
    reason = "SQLite takes a file system as a table of C functions; no product crate has any of this"
)]

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, PoisonError};

use rusqlite::ffi;

use super::tape::{Change, Tape, Verdict};

/// Everything the functions below share.
#[derive(Default)]
struct Watched {
    folders: HashMap<PathBuf, Arc<Tape>>,
    /// Open files by the address of SQLite's handle.
    files: HashMap<usize, File>,
    /// Our table of functions for each of the system's, by their addresses.
    tables: HashMap<usize, &'static ffi::sqlite3_io_methods>,
    /// Address of the system's own file system.
    system: usize,
}

/// An open file that is watched.
#[derive(Clone)]
struct File {
    tape: Arc<Tape>,
    name: String,
    /// The system's functions for it.
    system: &'static ffi::sqlite3_io_methods,
}

static WATCHED: LazyLock<Mutex<Watched>> = LazyLock::new(Mutex::default);
static INSTALLED: Once = Once::new();

fn watched() -> MutexGuard<'static, Watched> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches the databases that are opened in `folder` from now on.
pub(super) fn watch(folder: &Path, tape: Arc<Tape>) {
    INSTALLED.call_once(install);
    watched().folders.insert(folder.to_owned(), tape);
}

/// Lets the system have `folder` for itself again.
pub(super) fn leave(folder: &Path) {
    watched().folders.remove(folder);
}

fn install() {
    // SAFETY: SQLite's own file system lives as long as the process, and the copy registered here is leaked, so it does too. All
    // functions but two are the system's; they do not look at which of the two tables they were reached by.
    unsafe {
        ffi::sqlite3_initialize();
        let system = ffi::sqlite3_vfs_find(std::ptr::null());
        assert!(!system.is_null(), "SQLite has no file system");
        watched().system = system as usize;
        let mut ours = std::ptr::read(system);
        ours.zName = c"observed".as_ptr();
        ours.pNext = std::ptr::null_mut();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        let registered = ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1);
        assert_eq!(registered, ffi::SQLITE_OK, "SQLite does not take the observer");
    }
}

/// The tape of the folder that the file is in, and the file's name.
///
/// # Safety
///
/// `name` is null or ends in a zero.
unsafe fn place(name: *const c_char) -> Option<(Arc<Tape>, String)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as the caller says.
    let name = unsafe { CStr::from_ptr(name) };
    let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
    let tape = watched().folders.get(path.parent()?)?.clone();
    Some((tape, path.file_name()?.to_str()?.to_owned()))
}

fn system() -> *mut ffi::sqlite3_vfs {
    watched().system as *mut ffi::sqlite3_vfs
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let system = system();
    // SAFETY: SQLite calls with what its own file system would be called with, and that is handed on. After success the
    // handle carries the system's table of functions, which is static.
    unsafe {
        let result = (*system).xOpen.map_or(ffi::SQLITE_ERROR, |open| open(system, name, file, flags, out));
        if result != ffi::SQLITE_OK || (*file).pMethods.is_null() {
            return result;
        }
        let Some((tape, name)) = place(name) else { return result };
        if flags & ffi::SQLITE_OPEN_CREATE != 0 {
            tape.changed(&name, Change::Create);
        }
        let system: &'static ffi::sqlite3_io_methods = &*(*file).pMethods;
        let mut watched = watched();
        watched.files.insert(file as usize, File { tape, name, system });
        let table = watched.tables.entry(std::ptr::from_ref(system) as usize).or_insert_with(|| {
            Box::leak(Box::new(ffi::sqlite3_io_methods {
                xClose: Some(close),
                xWrite: Some(write),
                xTruncate: Some(truncate),
                xSync: Some(sync),
                ..*system
            }))
        });
        (*file).pMethods = std::ptr::from_ref(*table);
        result
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    let system = system();
    // SAFETY: handed on as SQLite gave it.
    unsafe {
        let result = (*system).xDelete.map_or(ffi::SQLITE_ERROR, |delete| delete(system, name, sync_folder));
        if result == ffi::SQLITE_OK
            && let Some((tape, name)) = place(name)
        {
            tape.changed(&name, Change::Delete { durable: sync_folder != 0 });
        }
        result
    }
}

/// The watched file behind a handle.
fn behind(file: *mut ffi::sqlite3_file) -> Option<File> {
    watched().files.get(&(file as usize)).cloned()
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let Some(File { system, .. }) = watched().files.remove(&(file as usize)) else {
        return ffi::SQLITE_ERROR;
    };
    // SAFETY: the handle is the system's, and SQLite has done with it after this.
    unsafe { system.xClose.map_or(ffi::SQLITE_ERROR, |close| close(file)) }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    length: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let Some(File { tape, name, system }) = behind(file) else { return ffi::SQLITE_ERROR };
    let Some(write) = system.xWrite else { return ffi::SQLITE_ERROR };
    // SAFETY: SQLite gives `length` bytes at `from`.
    let bytes =
        unsafe { std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(length).unwrap_or(0)) };
    let (kept, failed) = match tape.asked_to_write(bytes.len()) {
        Verdict::Pass => (bytes, None),
        Verdict::Fail(code) => (&bytes[..0], Some(code)),
        Verdict::Part(length, code) => (&bytes[..length], Some(code)),
    };
    if !kept.is_empty() {
        // SAFETY: the handle is the system's, and `kept` is within what SQLite gave.
        let result = unsafe { write(file, kept.as_ptr().cast(), kept.len() as c_int, offset) };
        if result != ffi::SQLITE_OK {
            return result;
        }
        tape.changed(
            &name,
            Change::Write { offset: u64::try_from(offset).unwrap_or(0), bytes: kept.to_vec() },
        );
    }
    failed.unwrap_or(ffi::SQLITE_OK)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let Some(File { tape, name, system }) = behind(file) else { return ffi::SQLITE_ERROR };
    // SAFETY: the handle is the system's.
    let result = unsafe { system.xTruncate.map_or(ffi::SQLITE_ERROR, |truncate| truncate(file, size)) };
    if result == ffi::SQLITE_OK {
        tape.changed(&name, Change::Truncate { length: u64::try_from(size).unwrap_or(0) });
    }
    result
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    let Some(File { tape, name, .. }) = behind(file) else { return ffi::SQLITE_ERROR };
    // The bytes are on no real disk's conscience: what counts as kept is what the tape says, so the system need not wait.
    match tape.asked_to_sync() {
        Verdict::Pass => {
            tape.changed(&name, Change::Sync);
            ffi::SQLITE_OK
        }
        Verdict::Fail(code) | Verdict::Part(_, code) => {
            tape.changed(&name, Change::SyncFailed);
            code
        }
    }
}
