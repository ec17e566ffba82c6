//! Places that cannot be copied from or to: one clear line each, and nothing is begun.

use std::fs;
use std::path::Path;

use store::copy::{CopyError, Until};
use store::{Config, MasterKey};
use zeroize::Zeroizing;

use super::place::{Place, config, content, put, restored};

/// A store of 40 things in two parts of a backup.
async fn backed_up() -> Place {
    let place = Place::new();
    let world = place.world();
    for number in 0..40 {
        put(&world.store, number).await;
        if number == 19 {
            place.back_up().unwrap();
        }
    }
    place.back_up().unwrap();
    place
}

fn first_part(place: &Place) -> std::path::PathBuf {
    place.at("backup").join("entries-000000000001-000000000020.jsonl.gz")
}

fn altered(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_refused_and_nothing_is_begun() {
    type Damage = fn(&Place);
    let cases: [(&str, Damage, &str); 11] = [
        (
            "a part is cut off",
            |place| altered(&first_part(place), |bytes| bytes.truncate(100)),
            "backup/entries-000000000001-000000000020.jsonl.gz is damaged (it was cut off); take another copy of this backup",
        ),
        (
            "a byte is altered",
            |place| altered(&first_part(place), |bytes| bytes[200] ^= 1),
            "backup/entries-000000000001-000000000020.jsonl.gz is damaged (it was altered); take another copy of this backup",
        ),
        (
            "a part is missing",
            |place| fs::remove_file(first_part(place)).unwrap(),
            "backup/entries-000000000001-000000000020.jsonl.gz is damaged (it is missing); take another copy of this backup",
        ),
        (
            "the answers are altered",
            |place| {
                let path = place.at("backup").join("answers-000000000000-000000000020.jsonl.gz");
                altered(&path, |bytes| *bytes.last_mut().unwrap() ^= 1);
            },
            "backup/answers-000000000000-000000000020.jsonl.gz is damaged (it was altered); take another copy of this backup",
        ),
        (
            "the list is altered",
            |place| altered(&place.at("backup/manifest.json"), |bytes| bytes.truncate(50)),
            "backup/manifest.json is damaged (EOF while parsing",
        ),
        (
            "the list is missing",
            |place| fs::remove_file(place.at("backup/manifest.json")).unwrap(),
            "backup holds no backup; name the folder that `anpei backup` wrote",
        ),
        (
            "files are missing",
            |place| {
                let (path, _) = content(&place.at("backup/files")).remove(0);
                fs::remove_file(path).unwrap();
            },
            "backup/files is damaged (1 of its 40 files are missing); take another copy of this backup",
        ),
        (
            "the keys are missing",
            |place| fs::remove_dir_all(place.at("keys")).unwrap(),
            "keys/keys.jsonl.gz holds no backup; name the folder that `anpei backup` wrote",
        ),
        (
            "the list of the erased is missing",
            |place| fs::remove_file(place.at("keys/erased.jsonl")).unwrap(),
            "keys/erased.jsonl holds no backup; name the folder that `anpei backup` wrote",
        ),
        (
            "the keys are cut off",
            |place| altered(&place.at("keys/keys.jsonl.gz"), |bytes| bytes.truncate(900)),
            "keys/keys.jsonl.gz is damaged (",
        ),
        (
            "a newer release wrote it",
            |place| fs::write(place.at("backup/manifest.json"), r#"{"form":2}"#).unwrap(),
            "backup/manifest.json was written by a newer release; run that release",
        ),
    ];
    let good = backed_up().await;
    for (name, damage, told) in cases {
        let place = Place::new();
        for part in ["backup", "keys"] {
            for (path, bytes) in content(&good.at(part)) {
                let to = place.at(part).join(path.strip_prefix(good.at(part)).unwrap());
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, bytes).unwrap();
            }
        }
        damage(&place);
        let error = place.restore(Until::End).unwrap_err().to_string();
        let error = error.replace(place.at("").to_str().unwrap(), "");
        assert!(error.starts_with(told), "{name}: {error}");
        assert!(!place.at("new").exists(), "{name}: something was begun");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_altered_in_the_backup_is_not_brought_over() {
    let place = backed_up().await;
    let (path, _) = content(&place.at("backup/files")).remove(0);
    altered(&path, |bytes| bytes[20] ^= 1);
    let refused = place.restore(Until::End).unwrap_err();
    assert!(matches!(refused, CopyError::LostFile { .. }), "{refused}");
    // What was begun is no store, and goes on when the file is back.
    let opened = store::Store::open(config(&place.at("new"))).err().unwrap().to_string();
    assert!(opened.contains("is not whole: run the restore or move into it again"), "{opened}");
    altered(&path, |bytes| bytes[20] ^= 1);
    assert_eq!(place.restore(Until::End).unwrap().head, 40);
    drop(place.restored().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_another_store_and_another_master_key_are_refused() {
    let (place, other) = (backed_up().await, backed_up().await);
    let to = config(&place.at("new"));
    let refused = restored(&place.at("backup"), &other.at("keys"), &[], &to, Until::End);
    assert_eq!(refused, Err(CopyError::OtherStore { path: other.at("keys/keys.jsonl.gz") }));
    assert!(!place.at("new").exists());

    let master_key = MasterKey::Text(Zeroizing::new("00".repeat(32)));
    let to = Config { master_key, ..config(&place.at("new")) };
    let refused = restored(&place.at("backup"), &place.at("keys"), &[], &to, Until::End).unwrap_err();
    assert!(refused.to_string().contains("not the one that the keys of this backup were wrapped with"));
    assert_eq!(content(&place.at("new")), []);

    // Neither goes into a backup of the other, nor its keys over the other's.
    let into = |backup: &Place, keys: &Place| {
        let from = super::place::original(&place.at("data"));
        store::copy::back_up(&from, &backup.at("backup"), &keys.at("keys"), &mut |_| ())
    };
    assert_eq!(into(&other, &place), Err(CopyError::OtherStore { path: other.at("backup") }));
    assert_eq!(into(&place, &other), Err(CopyError::OtherStore { path: other.at("keys/keys.jsonl.gz") }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_is_not_empty_is_left_as_it_is() {
    let place = backed_up().await;
    fs::create_dir(place.at("new")).unwrap();
    fs::write(place.at("new/notes.txt"), "mine").unwrap();
    assert_eq!(place.restore(Until::End), Err(CopyError::NotEmpty { path: place.at("new") }));
    assert_eq!(content(&place.at("new")), [(place.at("new/notes.txt"), b"mine".to_vec())]);
    // Nor over a store, not even its own, nor over one that was restored to another point.
    let refused = place.restore_to("data", Until::End, &[]).unwrap_err();
    assert!(refused.to_string().contains("data/journal.db is not empty"), "{refused}");
    fs::write(place.at("backup-notes"), "").unwrap();
    fs::create_dir(place.at("elsewhere")).unwrap();
    fs::write(place.at("elsewhere/a"), "").unwrap();
    let from = super::place::original(&place.at("data"));
    let refused = store::copy::back_up(&from, &place.at("elsewhere"), &place.at("keys"), &mut |_| ());
    assert_eq!(refused, Err(CopyError::NotEmpty { path: place.at("elsewhere") }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_the_store_lost_does_not_stop_the_backup_of_the_rest() {
    let place = Place::new();
    let world = place.world();
    let mut pictures = vec![];
    for number in 0..5 {
        pictures.push(put(&world.store, number).await);
    }
    let (path, _) = content(&place.at("data/blobs")).remove(0);
    altered(&path, |bytes| bytes[0] ^= 1);
    let report = place.back_up().unwrap();
    assert_eq!((report.files, report.lost.len()), (4, 1));
    assert!(report.lost[0].1.contains("altered"), "{:?}", report.lost);
    assert_eq!(place.restore(Until::End).unwrap().files, 4);
}
