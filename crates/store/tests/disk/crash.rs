//! A process that ends without warning, a disk that fills up.

use std::process::Command;
use std::time::Duration;

use app::ports::Blobs;
use journal::Journal;
use lexicon::{Opened, Reason, Vault};

use super::child::start;
use crate::world::{Placed, ThingEvent, World, open, stream, subject};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut before) = (vec![], 0);
    for round in 0..6 {
        let mut process = start("append", folder.path(), "");
        let mut said = vec![];
        // A different moment in each round: early, in the first commits, or amid many.
        while said.len() < [1, 7, 40, 150, 400, 900][round] {
            said.push(process.next().expect("the process appends until it is killed"));
        }
        process.kill();
        // What it had still said before it ended counts as well.
        said.extend(std::iter::from_fn(|| process.next()));
        acknowledged.extend(said);

        let store = open(folder.path());
        for line in &acknowledged[before..] {
            let [position, name, file] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let entries = Journal::stream(&store, &stream(name), 0).await.unwrap();
            assert_eq!(entries.len(), 1, "{line} in round {round}");
            assert_eq!(entries[0].position.to_string(), position);
            let Ok(ThingEvent::Placed(Placed { owner: Some(owner), .. })) = entries[0].decode() else {
                panic!("{line}")
            };
            // The key was on disk before the event was.
            assert_eq!(owner.open(&store, Reason::Verification), Ok(Opened::Known(name.to_owned())));
            if file != "-" {
                let sealed = store.fetch(&file.parse().unwrap()).await.unwrap().expect("the file is kept");
                let plain = store.open_bytes(&subject(&name.replace("thing-", "owner-")), &sealed).unwrap();
                assert_eq!(plain.as_deref(), Some(name.as_bytes()));
            }
        }
        before = acknowledged.len();
        let world = World { store, folder: None };
        world.catch_up().await;
        world.check_sound().await;
        assert!(*world.store.head().borrow() >= before as u64);
    }
}

/// A limit on the size of files stands for a full disk: writing fails, and works again when the limit is lifted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    // In blocks of 512 bytes: 1 MiB. The signal for it must not end the process.
    let mut process = start("fill", folder.path(), "trap '' XFSZ; ulimit -S -f 2048;");
    let full = process.next().expect("it says when the disk is full");
    let recorded: u64 = full.strip_prefix("full ").expect("full").parse().unwrap();
    assert!(recorded > 10);
    std::thread::sleep(Duration::from_millis(100));
    let lifted =
        Command::new("prlimit").args(["--fsize=unlimited", "--pid", &process.id().to_string()]).status();
    assert!(lifted.unwrap().success());
    let room = process.next().expect("it goes on when there is room");
    let more: u64 = room.strip_prefix("room ").expect("room").parse().unwrap();
    assert_eq!(more, recorded + 11);
    drop(process);

    let world = World { store: open(folder.path()), folder: None };
    assert_eq!(world.names("thing-a").await.len() as u64, more);
    world.catch_up().await;
    world.check_sound().await;
}
