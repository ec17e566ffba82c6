//! Adding facts.

use std::collections::BTreeSet;

use insight::view::{Query, Value, Views};
use journal::{AppendError, Appended, Guard, Hash, Journal, Unavailable};

use crate::world::{Jammed, THINGS, World, append, moved, placed, stream, taken, write, writes};

pub async fn what_is_appended_is_read_back(world: World) {
    world.put("thing-a", 0, vec![placed(1), moved(2)]).await;
    let mut later = append("thing-a", 2, vec![taken()]);
    later.caused_by = Some(1);
    assert_eq!(world.append(later).await, Ok(Appended::Recorded { position: 3 }));
    world.put("thing-b", 0, vec![placed(7)]).await;

    let world = world.reopened();
    let entries = world.store.read(0, 100).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.position, entry.stream.as_str(), entry.version, &*entry.name, &*entry.data))
        .collect();
    assert_eq!(
        told,
        [
            (1, "thing-a", 1, "Placed", r#"{"shelf":1,"owner":null}"#),
            (2, "thing-a", 2, "Moved", r#"{"shelf":2}"#),
            (3, "thing-a", 3, "Taken", "{}"),
            (4, "thing-b", 1, "Placed", r#"{"shelf":7,"owner":null}"#),
        ]
    );
    assert_eq!((entries[2].caused_by, entries[3].caused_by), (Some(1), None));
    assert_eq!((entries[0].at.micros(), entries[0].actor.to_string().as_str()), (1_000_000, "system:test"));
    assert_eq!(world.store.stream(&stream("thing-a"), 0).await.unwrap(), entries[..3]);
    assert_eq!(world.store.stream(&stream("thing-a"), 2).await.unwrap(), entries[2..3]);
    assert_eq!(world.store.stream(&stream("thing-a"), 9).await.unwrap(), []);
    assert_eq!(world.store.stream(&stream("thing-c"), 0).await.unwrap(), []);
    assert_eq!(world.store.read(1, 2).await.unwrap(), entries[1..3]);
    assert_eq!(world.store.read(4, 2).await.unwrap(), []);
    assert_eq!(*world.store.head().borrow(), 4);
    world.check_sound().await;
}

pub async fn a_stale_version_conflicts(world: World) {
    world.put("thing-a", 0, vec![placed(1)]).await;
    for expected in [0, 2] {
        let refused = world.append(append("thing-a", expected, vec![moved(2)])).await;
        assert_eq!(refused, Err(conflict("thing-a", expected, 1)));
    }
    let refused = world.append(append("thing-b", 1, vec![moved(2)])).await;
    assert_eq!(refused, Err(conflict("thing-b", 1, 0)));
    assert_eq!(*world.store.head().borrow(), 1);
}

pub async fn of_two_writers_on_one_stream_one_wins(world: World) {
    for round in 0..20 {
        let name = format!("thing-{round}");
        let (one, other) = tokio::join!(
            world.append(append(&name, 0, vec![placed(1)])),
            world.append(append(&name, 0, vec![placed(2)])),
        );
        let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
        assert_eq!(won, Ok(Appended::Recorded { position: round + 1 }));
        assert_eq!(lost, Err(conflict(&name, 0, 1)));
    }
}

pub async fn of_64_writers_on_one_stream_one_wins_each_round(world: World) {
    for version in 0..5 {
        let tasks: Vec<_> = (0..64)
            .map(|writer| {
                let store = world.store.clone();
                tokio::spawn(
                    async move { store.append(append("thing-a", version, vec![placed(writer)])).await },
                )
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(appended) => {
                    assert_eq!(appended, Appended::Recorded { position: version + 1 });
                    won += 1;
                }
                Err(error) => assert_eq!(error, conflict("thing-a", version, version + 1)),
            }
        }
        assert_eq!(won, 1);
    }
    world.check_sound().await;
}

pub async fn several_streams_are_written_all_or_none(world: World) {
    world.put("thing-b", 0, vec![placed(1)]).await;
    let (good, bad) = (write("thing-a", 0, vec![placed(1)]), write("thing-b", 0, vec![placed(1)]));
    let refused = world.append(writes(vec![good.clone(), bad])).await;
    assert_eq!(refused, Err(conflict("thing-b", 0, 1)));
    assert_eq!(world.names("thing-a").await.len(), 0);
    assert_eq!(world.thing("a").await, None);

    let both = writes(vec![good, write("thing-b", 1, vec![moved(5), moved(6)])]);
    assert_eq!(world.append(both).await, Ok(Appended::Recorded { position: 4 }));
    assert_eq!(world.names("thing-b").await.len(), 3);
    world.check_sound().await;
}

pub async fn a_stream_stands_once_in_an_append(world: World) {
    let twice = writes(vec![write("thing-a", 0, vec![placed(1)]), write("thing-a", 1, vec![moved(1)])]);
    assert!(matches!(world.append(twice).await, Err(AppendError::Unavailable(Unavailable(_)))));
    assert_eq!(*world.store.head().borrow(), 0);
}

pub async fn an_append_without_events_adds_nothing(world: World) {
    world.put("thing-a", 0, vec![placed(1)]).await;
    assert_eq!(world.append(writes(vec![])).await, Ok(Appended::Recorded { position: 1 }));
    assert_eq!(world.append(append("thing-a", 1, vec![])).await, Ok(Appended::Recorded { position: 1 }));
    assert_eq!(world.append(append("thing-a", 0, vec![])).await, Err(conflict("thing-a", 0, 1)));
}

/// Refused ones share their commit with good ones, so each is tried among others.
pub async fn a_refused_append_leaves_nothing(world: World) {
    let tasks: Vec<_> = (0..200)
        .map(|number: u64| {
            let store = world.store.clone();
            let expected = if number.is_multiple_of(3) { 5 } else { 0 };
            let append = append(&format!("thing-{number}"), expected, vec![placed(1), moved(2)]);
            tokio::spawn(async move { store.append(append).await })
        })
        .collect();
    for (number, task) in (0_u64..).zip(tasks) {
        assert_eq!(task.await.unwrap().is_ok(), !number.is_multiple_of(3));
    }
    let world = world.reopened();
    let entries = world.store.read(0, 1_000).await.unwrap();
    let positions: Vec<_> = entries.iter().map(|entry| entry.position).collect();
    assert_eq!(positions, (1..=266).collect::<Vec<_>>());
    assert!(entries.iter().all(|entry| entry.stream.id().parse::<u64>().unwrap() % 3 != 0));
    assert_eq!(world.thing("3").await, None);
    world.check_sound().await;
}

pub async fn an_append_that_no_view_can_fold_leaves_nothing(world: World) {
    world.put("thing-a", 0, vec![placed(1)]).await;
    let before = world.thing("a").await;
    for hard in [false, true] {
        let jam = append("thing-a", 1, vec![moved(2), Jammed { hard }.into()]);
        let (jammed, good) = tokio::join!(world.append(jam), async {
            world.append(append(&format!("thing-{hard}"), 0, vec![placed(3)])).await
        });
        assert!(matches!(jammed, Err(AppendError::Unavailable(_))), "{jammed:?}");
        assert!(good.is_ok());
        assert_eq!(world.thing("a").await, before);
    }
    assert_eq!(world.names("thing-a").await.len(), 1);
    world.put("thing-a", 1, vec![moved(9)]).await;
    world.check_sound().await;
}

pub async fn a_guard_on_a_stream_holds_its_version(world: World) {
    world.put("thing-a", 0, vec![placed(1)]).await;
    for (version, holds) in [(0, false), (1, true), (2, false)] {
        let guard = Guard::StreamAt { stream: stream("thing-a"), version };
        let mut guarded = append(&format!("thing-b{version}"), 0, vec![placed(1)]);
        guarded.guards = vec![Guard::StreamAt { stream: stream("thing-none"), version: 0 }, guard.clone()];
        match (holds, world.append(guarded).await) {
            (true, Ok(Appended::Recorded { .. })) => {}
            (false, refused) => assert_eq!(refused, Err(AppendError::Guard(guard))),
            (true, other) => panic!("{other:?}"),
        }
    }
}

pub async fn a_guard_on_a_category_sees_what_came_since(world: World) {
    let since = |category: &str, position| Guard::NoneSince { category: category.into(), position };
    let guarded = |name: &str, guard: &Guard| {
        let mut append = append(name, 0, vec![placed(1)]);
        append.guards = vec![guard.clone()];
        append
    };
    world.put("thing-a", 0, vec![placed(1)]).await;
    world.put("other-a", 0, vec![placed(1)]).await;
    let world = world.reopened();
    let cases = [
        (since("thing", 0), false),
        (since("thing", 1), true),
        (since("other", 1), false),
        (since("other", 2), true),
        (since("never", 0), true),
        (since("thin", 0), true),
    ];
    for (number, (guard, holds)) in cases.into_iter().enumerate() {
        let result = world.append(guarded(&format!("third-{number}"), &guard)).await;
        match holds {
            true => assert!(result.is_ok(), "{guard:?}"),
            false => assert_eq!(result, Err(AppendError::Guard(guard))),
        }
    }
    // Two who searched the same, and found nothing: the second must look again.
    let head = *world.store.head().borrow();
    let guard = since("rare", head);
    let (one, other) =
        tokio::join!(world.append(guarded("rare-1", &guard)), world.append(guarded("rare-2", &guard)));
    assert_eq!([one, other].into_iter().filter(Result::is_ok).count(), 1);
}

pub async fn a_follower_never_skips_a_position(world: World) {
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let store = world.store.clone();
            tokio::spawn(async move {
                for version in 0..50 {
                    let append = append(&format!("thing-{writer}"), version, vec![placed(writer)]);
                    store.append(append).await.unwrap();
                }
            })
        })
        .collect();
    let mut head = world.store.head();
    let mut seen = 0;
    while seen < 800 {
        for entry in world.store.read(seen, 7).await.unwrap() {
            assert_eq!(entry.position, seen + 1);
            seen = entry.position;
        }
        if seen == *head.borrow() && seen < 800 {
            head.changed().await.unwrap();
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    world.check_sound().await;
}

pub async fn the_head_is_told_after_each_commit(world: World) {
    let mut head = world.store.head();
    let mut told = BTreeSet::new();
    for version in 0..3 {
        world.put("thing-a", version, vec![placed(1)]).await;
        head.changed().await.unwrap();
        told.insert(*head.borrow_and_update());
    }
    assert_eq!(told, BTreeSet::from([1, 2, 3]));
    let entries = world.store.read(0, 10).await.unwrap();
    assert!(entries.iter().all(|entry| entry.hash != Hash::START));
}

/// Who was answered sees a head that holds the answer, whoever else appends meanwhile.
pub async fn the_head_never_goes_back(world: World) {
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (store, head) = (world.store.clone(), world.store.head());
            tokio::spawn(async move {
                for version in 0..100 {
                    let append = append(&format!("thing-{writer}"), version, vec![placed(writer)]);
                    let Appended::Recorded { position } = store.append(append).await.unwrap() else {
                        panic!("nothing was asked for before");
                    };
                    assert!(*head.borrow() >= position);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(*world.store.head().borrow(), 400);
}

/// Letters that a database may refuse or sort in its own way; and rows that come back in the order of their bytes.
pub async fn any_text_is_kept(world: World) {
    let names = ["\0", "\0\u{1}", "\u{1}", "A", "Z", "a", "z", "Ä", "ä", "中", "\u{1f697}"];
    for name in names {
        world.put(&format!("thing-{name}"), 0, vec![placed(1)]).await;
    }
    let mut asked = append("thing-last", 0, vec![placed(1)]);
    asked.idempotency = crate::world::asked("key \0", 1, "answer \0");
    world.append(asked.clone()).await.unwrap();
    let world = world.reopened();
    assert_eq!(world.append(asked).await, Ok(Appended::Replayed { answer: "answer \0".into() }));
    for name in names {
        assert_eq!(world.names(&format!("thing-{name}")).await.len(), 1, "{name:?}");
        assert!(world.thing(name).await.is_some(), "{name:?}");
    }
    let by_key = Query { index: None, ..Query::of(&THINGS, "", 100) };
    let rows = world.store.page(by_key).await.unwrap();
    let mut expected: Vec<_> = names.into_iter().chain(["last"]).map(Value::from).collect();
    expected.sort();
    assert_eq!(rows.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>(), expected);
    world.check_sound().await;
}

fn conflict(name: &str, expected: u64, actual: u64) -> AppendError {
    AppendError::Conflict { stream: stream(name), expected, actual }
}
