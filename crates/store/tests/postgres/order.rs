//! A reader who follows by position skips nothing, however slowly some commit.

use std::time::Duration;

use journal::Journal;
use store::Store;

use super::nodes::check_whole;
use crate::world::{Database, append, placed};

/// Commits of streams called `thing-slow…` take their time: between their rows and their end others are quick.
const SLOW: &str = "
    CREATE FUNCTION anpei.take_time() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.03); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON anpei.events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.stream LIKE 'thing-slow%') EXECUTE FUNCTION anpei.take_time();";

/// Follows `reader` up to `end`, looking all the time; the first position that was passed by.
async fn follow(reader: Store, end: u64) -> Option<u64> {
    let mut seen = 0;
    while seen < end {
        for entry in reader.read(seen, 5).await.unwrap() {
            if entry.position != seen + 1 {
                return Some(seen + 1);
            }
            seen = entry.position;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_fast_writers_leave_no_reader_behind() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node(), database.node()];
    database.client().await.batch_execute(SLOW).await.unwrap();
    let followers: Vec<_> = nodes.iter().map(|node| tokio::spawn(follow(node.clone(), 160))).collect();
    let mut writers = vec![];
    for (name, node, count) in [("slow-a", 0, 20), ("slow-b", 1, 20), ("fast-a", 1, 60), ("fast-b", 2, 60)] {
        let node = nodes[node].clone();
        writers.push(tokio::spawn(async move {
            for version in 0..count {
                node.append(append(&format!("thing-{name}"), version, vec![placed(1)])).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for follower in followers {
        assert_eq!(follower.await.unwrap(), None, "a position was passed by");
    }
    check_whole(&nodes[0], 160).await;
}

/// Takes the guard away from under the writer: its row becomes a view, which nobody can lock, and in which a connection that commits
/// (known by its settings) draws the next position from a sequence. Everybody else sees the highest position that is committed.
const UNGUARDED: &str = "
    ALTER TABLE anpei.log RENAME TO guard;
    CREATE SEQUENCE anpei.ticket;
    CREATE FUNCTION anpei.unguarded() RETURNS SETOF anpei.guard LANGUAGE sql VOLATILE AS $$
        SELECT one,
            CASE WHEN current_setting('idle_in_transaction_session_timeout') = '5s' THEN nextval('anpei.ticket') - 1
                ELSE (SELECT coalesce(max(position), 0) FROM anpei.events) END,
            hash, forms, making
        FROM anpei.guard $$;
    CREATE VIEW anpei.log AS SELECT * FROM anpei.unguarded();
    CREATE RULE unguarded AS ON UPDATE TO anpei.log DO INSTEAD NOTHING;";

/// The same writers and the same reader without the guard: a position is passed by. So the case above would fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_guard_the_same_writers_leave_the_reader_behind() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node(), database.node()];
    let client = database.client().await;
    client.batch_execute(SLOW).await.unwrap();
    client.batch_execute(UNGUARDED).await.unwrap();
    let follower = tokio::spawn(follow(nodes[2].clone(), 80));
    let mut writers = vec![];
    // Of two categories: what the journal knows of one is a row of its own, and would make them wait for each other.
    for (name, node, count) in [("thing-slow", 0, 20), ("other-fast", 1, 60)] {
        let node = nodes[node].clone();
        writers.push(tokio::spawn(async move {
            for version in 0..count {
                node.append(append(name, version, vec![placed(1)])).await.unwrap();
            }
        }));
    }
    let passed_by = tokio::time::timeout(Duration::from_secs(60), follower).await.unwrap().unwrap();
    let passed_by = passed_by.expect("without the guard a slow commit is passed by") as i64;
    // It was under way, and came when the reader had gone on.
    let sql = "SELECT FROM anpei.events WHERE position = $1";
    let came = async {
        while client.query(sql, &[&passed_by]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), came).await.expect("it comes late, and does come");
    for writer in writers {
        writer.abort();
        // Its node is let go before the database is; what became of it means nothing here.
        let _ = writer.await;
    }
}

/// Whoever takes the place of a node that hangs with the lock waits for seconds, not for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_hangs_with_the_lock_is_thrown_out() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    let hung = database.client().await;
    // As every node sets it.
    hung.batch_execute(
        "SET idle_in_transaction_session_timeout = 1000; BEGIN; SELECT FROM anpei.log FOR UPDATE",
    )
    .await
    .unwrap();
    let done = node.append(append("thing-a", 0, vec![placed(1)]));
    tokio::time::timeout(Duration::from_secs(10), done).await.expect("within seconds").unwrap();
    assert!(hung.batch_execute("COMMIT").await.is_err());
    check_whole(&node, 1).await;
}

/// The settings that the case above stands on are those of the connections that commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_commit_are_bound_in_time() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    let client = database.client().await;
    // The writer's session shows what it set while it is in a commit.
    client
        .batch_execute(
            "CREATE TABLE public.seen (name text, setting text);
             CREATE FUNCTION anpei.show() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 INSERT INTO public.seen SELECT name, setting FROM pg_settings WHERE name IN
                     ('idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout',
                      'synchronous_commit', 'client_connection_check_interval');
                 RETURN NULL; END $$;
             CREATE TRIGGER show AFTER INSERT ON anpei.events EXECUTE FUNCTION anpei.show()",
        )
        .await
        .unwrap();
    node.append(append("thing-a", 0, vec![placed(1)])).await.unwrap();
    let rows = client.query("SELECT name, setting FROM public.seen ORDER BY name", &[]).await.unwrap();
    let seen: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [
        ("client_connection_check_interval", "2000"),
        ("idle_in_transaction_session_timeout", "5000"),
        ("lock_timeout", "12000"),
        ("statement_timeout", "30000"),
        ("synchronous_commit", "on"),
    ];
    assert_eq!(seen, expected.map(|(name, setting)| (name.to_owned(), setting.to_owned())));
}
