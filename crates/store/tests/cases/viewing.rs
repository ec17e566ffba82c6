//! Views.

use insight::view::{Query, Row, Value, Views};
use journal::Journal;

use crate::world::{Moved, Placed, SHELVES, THINGS, World, append, moved, placed, taken};

pub async fn inline_views_are_never_behind(world: World) {
    world.put("thing-a", 0, vec![placed(1)]).await;
    assert_eq!(world.thing("a").await, Some(row("a", 1, 0)));
    for moves in 1..5 {
        world.put("thing-a", moves as u64, vec![moved(moves)]).await;
        assert_eq!(world.thing("a").await, Some(row("a", moves, moves)));
    }
    let world = world.reopened();
    world.put("thing-a", 5, vec![moved(8)]).await;
    assert_eq!(world.thing("a").await, Some(row("a", 8, 5)));
    world.put("thing-a", 6, vec![taken()]).await;
    assert_eq!(world.thing("a").await, None);
    // Gone and back within one append.
    world.put("thing-a", 7, vec![placed(1), taken(), placed(2), moved(3)]).await;
    assert_eq!(world.thing("a").await, Some(row("a", 3, 1)));
    // Other categories are not heard.
    world.put("other-x", 0, vec![placed(1)]).await;
    assert_eq!(world.thing("x").await, None);
    world.check_sound().await;
}

pub async fn trailing_views_catch_up(world: World) {
    for number in 0..300 {
        world.put(&format!("thing-{number}"), 0, vec![placed(number % 3)]).await;
    }
    world.catch_up().await;
    let world = world.reopened();
    world.put("thing-0", 1, vec![moved(1)]).await;
    world.catch_up().await;
    let query = Query { index: None, ..Query::of(&SHELVES, "", 10) };
    let rows = world.store.page(query).await.unwrap();
    let expected = [(0, 100), (1, 101), (2, 100)].map(|(shelf, puts)| vec![shelf.into(), puts.into()]);
    assert_eq!(rows, expected);
    world.check_sound().await;
}

pub async fn a_row_is_found_by_its_key(world: World) {
    assert_eq!(world.thing("a").await, None);
    world.put("thing-a", 0, vec![placed(1)]).await;
    assert_eq!(world.thing("a").await, Some(row("a", 1, 0)));
    assert_eq!(world.thing("A").await, None);
    assert_eq!(world.thing("").await, None);
}

/// 60 things on shelves 0 to 3 or on none, so that pages end amid equal values and amid nulls.
async fn shelves(world: &World) {
    for number in 0..60 {
        let shelf = (number % 5 != 4).then_some(number % 5);
        let event = Placed { shelf, owner: None };
        world.append(append(&format!("thing-{number:02}"), 0, vec![event.into()])).await.unwrap();
    }
    world.put("thing-07", 1, vec![Moved { shelf: None }.into()]).await;
    world.put("thing-08", 1, vec![taken()]).await;
}

/// All rows of `query`, in pages of `limit`.
async fn paged(world: &World, query: &Query, limit: usize) -> Vec<Row> {
    let (mut rows, mut after) = (vec![], query.after.clone());
    loop {
        let query = Query { limit, ..query.clone() }.after(after.clone());
        let page = world.store.page(query.clone()).await.unwrap();
        assert!(page.len() <= limit);
        let Some(last) = page.last() else { return rows };
        after = Some(query.place(last));
        rows.extend(page);
    }
}

pub async fn pages_follow_on_over_equal_values_and_nulls(world: World) {
    shelves(&world).await;
    let mut expected = vec![];
    for number in (0..60_i64).filter(|number| *number != 8) {
        let shelf = (number % 5 != 4 && number != 7).then_some(number % 5);
        expected.push((shelf, format!("{number:02}")));
    }
    for (index, descending) in
        [("by_shelf", false), ("by_shelf", true), ("by_owner", false), ("by_owner", true)]
    {
        expected.sort();
        if descending {
            expected.reverse();
        }
        let query = Query { descending, ..Query::of(&THINGS, index, 0) };
        for limit in [1, 2, 7, 12, 100] {
            let rows = paged(&world, &query, limit).await;
            let found: Vec<_> = rows.iter().map(place).collect();
            assert_eq!(found, expected, "{index}, descending: {descending}, {limit} a page");
        }
    }
    let by_key = Query { index: None, descending: true, ..Query::of(&THINGS, "", 0) };
    let mut ids: Vec<_> = paged(&world, &by_key, 9).await.iter().map(|row| place(row).1).collect();
    ids.reverse();
    assert!(ids.is_sorted() && ids.len() == 59);
}

pub async fn pages_keep_to_bounds(world: World) {
    shelves(&world).await;
    let by_shelf = || Query::of(&THINGS, "by_shelf", 0);
    let no_owner = || Query::of(&THINGS, "by_owner", 0).equal(Value::Null);
    // query, shelves found, how many things
    let cases = [
        (by_shelf().equal(2), vec![Some(2)], 11),
        (by_shelf().equal(Value::Null), vec![None], 13),
        (by_shelf().equal(9), vec![], 0),
        (by_shelf().between(1, 2), vec![Some(1), Some(2)], 23),
        (by_shelf().between(Value::Null, 0), vec![None, Some(0)], 25),
        (by_shelf().between(Value::Null, Value::Null), vec![None], 13),
        (by_shelf().between(3, 2), vec![], 0),
        (by_shelf().between(2, Value::Null), vec![], 0),
        (no_owner(), vec![None, Some(0), Some(1), Some(2), Some(3)], 59),
        (no_owner().between(2, 9), vec![Some(2), Some(3)], 22),
        (no_owner().equal(3), vec![Some(3)], 11),
        (no_owner().equal(3).between("10", "30"), vec![Some(3)], 4),
        (no_owner().equal(3).equal("13"), vec![Some(3)], 1),
    ];
    for (query, shelves, count) in cases {
        for (descending, limit) in [(false, 4), (true, 4), (false, 1), (true, 1), (true, 100)] {
            let query = Query { descending, ..query.clone() };
            let mut found: Vec<_> = paged(&world, &query, limit).await.iter().map(place).collect();
            assert_eq!(found.len() as u64, count, "{query:?}");
            assert!(
                if descending { found.is_sorted_by(|a, b| a > b) } else { found.is_sorted() },
                "{query:?}"
            );
            found.sort();
            let mut seen: Vec<_> = found.into_iter().map(|(shelf, _)| shelf).collect();
            seen.dedup();
            assert_eq!(seen, shelves, "{query:?}");
            assert_eq!(world.store.count(query).await.unwrap(), count);
        }
    }
}

pub async fn counts_agree_with_pages(world: World) {
    shelves(&world).await;
    let all = Query::of(&THINGS, "by_shelf", 5);
    assert_eq!(world.store.count(all.clone()).await.unwrap(), 59);
    let page = world.store.page(all.clone()).await.unwrap();
    let after = all.clone().after(Some(all.place(&page[4])));
    assert_eq!(world.store.count(after).await.unwrap(), 59, "a count leaves the place aside");
}

pub async fn a_query_that_does_not_fit_is_refused(world: World) {
    let short = Query::of(&THINGS, "by_shelf", 5).after(Some(vec![Value::Null]));
    assert!(world.store.page(short).await.is_err());
    let long = Query::of(&THINGS, "by_shelf", 5).equal(1).equal("a").equal(2);
    assert!(world.store.page(long.clone()).await.is_err());
    assert!(world.store.count(long).await.is_err());
}

pub async fn a_view_made_anew_is_the_same(world: World) {
    shelves(&world).await;
    let query = Query::of(&THINGS, "by_shelf", 100);
    let before = world.store.page(query.clone()).await.unwrap();
    for view in ["things", "shelves"] {
        let told = rebuild(&world, view).await.unwrap();
        assert_eq!(told.last(), Some(&(62, 62)));
    }
    assert_eq!(world.store.page(query).await.unwrap(), before);
    assert!(rebuild(&world, "unknown").await.is_err());
    world.put("thing-00", 1, vec![moved(3)]).await;
    world.catch_up().await;
    world.check_sound().await;
    world.reopened().check_sound().await;
}

pub async fn a_view_is_made_anew_while_appends_go_on(world: World) {
    shelves(&world).await;
    let store = world.store.clone();
    let writer = tokio::spawn(async move {
        for version in 0..400 {
            store.append(append("thing-new", version, vec![placed(version as i64)])).await.unwrap();
        }
    });
    for view in ["things", "shelves", "things"] {
        rebuild(&world, view).await.unwrap();
    }
    writer.await.unwrap();
    world.catch_up().await;
    assert_eq!(world.thing("new").await, Some(row("new", 399, 0)));
    world.check_sound().await;
}

pub async fn verification_finds_nothing_wrong(world: World) {
    shelves(&world).await;
    world.catch_up().await;
    let file = app::ports::Blobs::keep(&world.store, b"a file".to_vec()).await.unwrap();
    let missing = "0".repeat(64).parse().unwrap();
    let store = world.store.clone();
    let mut parts = vec![];
    let report = tokio::task::spawn_blocking(move || {
        let report = store.verify(&[file.clone(), missing, file], &mut |progress| parts.push(progress.part));
        (report.unwrap(), parts)
    });
    let (report, parts) = report.await.unwrap();
    assert_eq!((report.events, report.streams, report.views, report.blobs), (62, 60, 2, 2));
    let found: Vec<_> = report.differences.iter().map(ToString::to_string).collect();
    assert_eq!(found, [format!("file {}: it is missing", "0".repeat(64))]);
    assert!(!report.is_sound());
    for part in ["database", "streams", "log", "things", "shelves"] {
        assert!(parts.contains(&part), "{part}");
    }
}

async fn rebuild(world: &World, view: &'static str) -> Result<Vec<(u64, u64)>, journal::Unavailable> {
    let store = world.store.clone();
    let work = move || {
        let mut told = vec![];
        store.rebuild(view, &mut |done, total| told.push((done, total))).map(|()| told)
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn row(id: &str, shelf: i64, moves: i64) -> Row {
    vec![id.into(), shelf.into(), Value::Null, moves.into()]
}

/// The shelf and the id of a row.
fn place(row: &Row) -> (Option<i64>, String) {
    let shelf = match row[1] {
        Value::Integer(shelf) => Some(shelf),
        _ => None,
    };
    match &row[0] {
        Value::Text(id) => (shelf, id.to_string()),
        other => panic!("{other:?}"),
    }
}
