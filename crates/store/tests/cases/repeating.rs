//! Requests that come twice.

use journal::{AppendError, Appended, Guard, Journal, StoredAnswer};

use crate::world::{World, append, asked, placed, stream};

pub async fn a_repeat_gets_the_first_answer(world: World) {
    let mut first = append("thing-a", 0, vec![placed(1)]);
    first.idempotency = asked("k", 1, "the first answer");
    assert_eq!(world.append(first.clone()).await, Ok(Appended::Recorded { position: 1 }));
    let world = world.reopened();
    let mut again = first;
    again.idempotency = asked("k", 1, "another answer");
    let replayed = Appended::Replayed { answer: "the first answer".into() };
    assert_eq!(world.append(again).await, Ok(replayed));
    assert_eq!(*world.store.head().borrow(), 1);
    let kept = world.store.answer("someone /things", "k").await.unwrap();
    assert_eq!(kept, Some(StoredAnswer { request: [1; 32], answer: "the first answer".into() }));
    assert_eq!(world.store.answer("someone /things", "other").await.unwrap(), None);
}

pub async fn a_key_with_another_request_is_refused(world: World) {
    let mut first = append("thing-a", 0, vec![placed(1)]);
    first.idempotency = asked("k", 1, "answer");
    world.append(first).await.unwrap();
    let mut other = append("thing-b", 0, vec![placed(1)]);
    other.idempotency = asked("k", 2, "answer");
    assert_eq!(world.append(other).await, Err(AppendError::KeyReused));
    assert_eq!(*world.store.head().borrow(), 1);
}

pub async fn a_key_means_something_only_in_its_scope(world: World) {
    for (position, scope) in [(1, "someone"), (2, "else")] {
        let mut append = append(&format!("thing-{scope}"), 0, vec![placed(1)]);
        append.idempotency = asked("k", position as u8, "answer");
        append.idempotency.as_mut().unwrap().scope = scope.into();
        assert_eq!(world.append(append).await, Ok(Appended::Recorded { position }));
    }
}

pub async fn of_racing_repeats_one_is_recorded(world: World) {
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let store = world.store.clone();
            let mut append = append("thing-a", 0, vec![placed(number)]);
            append.idempotency = asked("k", 1, &format!("answer {number}"));
            tokio::spawn(async move { (number, store.append(append).await) })
        })
        .collect();
    let (mut recorded, mut replayed) = (vec![], vec![]);
    for task in tasks {
        match task.await.unwrap() {
            (number, Ok(Appended::Recorded { position: 1 })) => recorded.push(format!("answer {number}")),
            (_, Ok(Appended::Replayed { answer })) => replayed.push(answer),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((recorded.len(), replayed.len()), (1, 63));
    assert!(replayed.iter().all(|answer| *answer == recorded[0]));
}

pub async fn a_refused_append_does_not_use_up_its_key(world: World) {
    let mut append = append("thing-a", 1, vec![placed(1)]);
    append.idempotency = asked("k", 1, "answer");
    assert!(matches!(world.append(append.clone()).await, Err(AppendError::Conflict { .. })));
    append.writes[0].expected = 0;
    assert_eq!(world.append(append).await, Ok(Appended::Recorded { position: 1 }));
}

/// The key, then each write in order, then each guard in order.
pub async fn the_first_reason_in_the_written_order_is_told(world: World) {
    let mut first = append("thing-a", 0, vec![placed(1)]);
    first.idempotency = asked("k", 1, "answer");
    world.append(first).await.unwrap();

    let mut wrong = append("thing-a", 0, vec![placed(1)]);
    wrong.writes.push(crate::world::write("thing-b", 4, vec![placed(1)]));
    wrong.guards = vec![
        Guard::StreamAt { stream: stream("thing-a"), version: 7 },
        Guard::NoneSince { category: "thing".into(), position: 0 },
    ];
    wrong.idempotency = asked("k", 2, "answer");
    let conflict =
        |name: &str, expected, actual| AppendError::Conflict { stream: stream(name), expected, actual };

    assert_eq!(world.append(wrong.clone()).await, Err(AppendError::KeyReused));
    wrong.idempotency = asked("new", 2, "answer");
    assert_eq!(world.append(wrong.clone()).await, Err(conflict("thing-a", 0, 1)));
    wrong.writes[0].expected = 1;
    assert_eq!(world.append(wrong.clone()).await, Err(conflict("thing-b", 4, 0)));
    wrong.writes[1].expected = 0;
    assert_eq!(world.append(wrong.clone()).await, Err(AppendError::Guard(wrong.guards[0].clone())));
    wrong.guards.remove(0);
    assert_eq!(world.append(wrong.clone()).await, Err(AppendError::Guard(wrong.guards[0].clone())));
    wrong.guards.clear();
    assert_eq!(world.append(wrong).await, Ok(Appended::Recorded { position: 3 }));
}
