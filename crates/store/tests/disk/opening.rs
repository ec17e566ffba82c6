//! Folders that cannot be opened: one clear line each, and what was there stays as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use insight::view::View;
use journal::Journal;
use lexicon::Vault;
use rusqlite::Connection;
use store::{Config, MasterKey, OpenError, Store};

use super::child::start;
use crate::world::{SHELVES, THINGS, VIEWS, World, config, open, placed, subject};

/// A folder with one thing and one sealed text in it, closed.
async fn used() -> (tempfile::TempDir, String) {
    let world = World::sqlite();
    let sealed = world.store.seal(&subject("s-1"), b"text").unwrap();
    world.put("thing-a", 0, vec![placed(1)]).await;
    let World { store, folder } = world;
    drop(store);
    (folder.unwrap(), sealed)
}

/// Opening must fail with `line`, naming the folder as FOLDER, and leave every file as it was.
fn refuses(config: Config, line: &str) {
    let folder = config.folder.clone();
    let before = content(&folder);
    let error = Store::open(config).err().expect("it does not open").to_string();
    assert_eq!(error.replace(folder.to_str().unwrap(), "FOLDER"), line);
    assert_eq!(content(&folder), before);
}

/// Every file but the lock.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return vec![] };
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let mut content: Vec<_> = named
        .filter(|(name, _)| name != "lock" && !name.ends_with("-shm") && !name.ends_with("-wal"))
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect();
    content.sort();
    content
}

#[test]
fn a_missing_folder() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    refuses(config(&missing), "data folder FOLDER does not exist; make it, or name another one");
    assert!(!missing.exists());
}

#[test]
fn a_file_where_a_folder_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "text").unwrap();
    refuses(config(&path), "data folder FOLDER does not exist; make it, or name another one");
}

#[tokio::test]
async fn a_folder_in_use_by_another_process() {
    let (folder, _) = used().await;
    let mut process = start("hold", folder.path(), "");
    assert_eq!(process.next().as_deref(), Some("open"));
    let line = format!(
        "data folder FOLDER is in use by process {}; one process at a time may serve it",
        process.id()
    );
    refuses(config(folder.path()), &line);
    process.kill();
    assert_eq!(*open(folder.path()).head().borrow(), 1);
}

#[tokio::test]
async fn a_folder_in_use_by_this_process() {
    let world = World::sqlite();
    let folder = world.folder.as_ref().unwrap().path();
    assert!(matches!(Store::open(config(folder)), Err(OpenError::Locked { .. })));
    drop(world.store.clone());
    assert!(matches!(Store::open(config(folder)), Err(OpenError::Locked { .. })));
}

#[tokio::test]
async fn a_file_that_is_no_database() {
    let (folder, _) = used().await;
    fs::write(folder.path().join("journal.db"), "a letter, kept under the wrong name".repeat(200)).unwrap();
    let line = "FOLDER/journal.db is not a database of this product; move it away or name another folder";
    refuses(config(folder.path()), line);
}

#[test]
fn a_database_of_another_product() {
    let folder = tempfile::tempdir().unwrap();
    let other = Connection::open(folder.path().join("journal.db")).unwrap();
    other.execute_batch("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1);").unwrap();
    drop(other);
    let line = "FOLDER/journal.db is not a database of this product; move it away or name another folder";
    refuses(config(folder.path()), line);
}

#[tokio::test]
async fn a_database_of_a_newer_release() {
    for (file, known) in [("journal.db", 2), ("vault.db", 1)] {
        let (folder, _) = used().await;
        let database = Connection::open(folder.path().join(file)).unwrap();
        database.pragma_update(None, "user_version", 9).unwrap();
        database.close().unwrap();
        let line = format!(
            "FOLDER/{file} was written by a newer release (form 9, this one reads {known}); run that release"
        );
        refuses(config(folder.path()), &line);
    }
}

#[tokio::test]
async fn a_damaged_database() {
    let (folder, _) = used().await;
    let path = folder.path().join("journal.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[4_096..].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let line = "FOLDER/journal.db is damaged (database disk image is malformed); restore it from a backup";
    refuses(config(folder.path()), line);
}

#[tokio::test]
async fn master_keys() {
    let (folder, sealed) = used().await;
    let key = fs::read_to_string(folder.path().join("master.key")).unwrap();
    let mode = fs::metadata(folder.path().join("master.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let with = |text: &str| {
        let master_key = MasterKey::Text(text.to_owned().into());
        Config { master_key, ..config(folder.path()) }
    };
    let end = "personal data cannot be opened without the right one";
    let wrong = format!("master key: it is not the one that FOLDER/vault.db was made with; {end}");
    refuses(with(&"0".repeat(64)), &wrong);
    let malformed = format!("master key: the configured text does not hold 64 hexadecimal digits; {end}");
    refuses(with("secret"), &malformed);
    let away = tempfile::tempdir().unwrap();
    let elsewhere = away.path().join("key");
    fs::rename(folder.path().join("master.key"), &elsewhere).unwrap();
    refuses(config(folder.path()), &format!("master key: FOLDER/master.key is missing; {end}"));

    // The right one opens, wherever it comes from.
    for master_key in [MasterKey::File(elsewhere), MasterKey::Text(key.into())] {
        let store = Store::open(Config { master_key, ..config(folder.path()) }).unwrap();
        let plain = Vault::open(&store, &subject("s-1"), &sealed).unwrap();
        assert_eq!(plain.as_deref(), Some(&b"text"[..]));
    }
}

#[tokio::test]
async fn journal_and_vault_of_different_stores() {
    let line = "FOLDER/vault.db does not belong to the journal beside it, or one of the two is missing; \
        restore both from one backup";
    let (folder, _) = used().await;
    for file in ["journal.db", "vault.db"] {
        let path = folder.path().join(file);
        let kept = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        refuses(config(folder.path()), line);
        fs::write(&path, kept).unwrap();
    }
    let (other, _) = used().await;
    fs::copy(other.path().join("vault.db"), folder.path().join("vault.db")).unwrap();
    fs::copy(other.path().join("master.key"), folder.path().join("master.key")).unwrap();
    refuses(config(folder.path()), line);
}

/// Text under its old key is nowhere left on disk.
#[tokio::test]
async fn an_erased_key_is_gone_from_disk() {
    let (folder, _) = used().await;
    let wrapped = |folder: &Path| -> Option<Vec<u8>> {
        let vault = Connection::open(folder.join("vault.db")).unwrap();
        vault.query_row("SELECT wrapped FROM keys WHERE subject = 's-1'", [], |row| row.get(0)).unwrap()
    };
    let key = wrapped(folder.path()).expect("a key");
    let store = open(folder.path());
    store.erase(&subject("s-1")).unwrap();
    for file in fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        if file.is_file() {
            let bytes = fs::read(&file).unwrap();
            assert!(!bytes.windows(key.len()).any(|part| part == key), "{}", file.display());
        }
    }
    drop(store);
    assert_eq!(wrapped(folder.path()), None);
}

/// A view that changed its declaration is made anew at the next start; one that is no longer declared goes.
#[tokio::test]
async fn a_changed_view_is_made_anew() {
    static RENAMED: View = View { version: 2, key: 2, ..THINGS };
    static ONE: &[&View] = &[&RENAMED];
    let (folder, _) = used().await;
    let with = |views| Store::open(Config { views, ..config(folder.path()) }).unwrap();
    let store = with(ONE);
    let row = insight::view::Views::get(&store, &RENAMED, vec!["a".into(), 1.into()]).await.unwrap();
    assert!(row.is_some());
    assert!(insight::view::Views::get(&store, &SHELVES, vec![1.into()]).await.is_err());
    drop(store);
    let world = World { store: with(VIEWS), folder: None };
    assert!(world.thing("a").await.is_some());
    world.put("thing-b", 0, vec![placed(2)]).await;
    world.catch_up().await;
    world.check_sound().await;
}
