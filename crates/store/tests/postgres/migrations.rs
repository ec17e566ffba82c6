//! What a step of the schema may hold, so that the release before goes on serving while it runs and after it.

use std::collections::BTreeSet;
use std::fs;

use journal::Journal;
use store::{MigrationKind, Store};

use crate::world::{Database, VIEWS, append, placed};

/// Why a step may not run beside the release before, if it may not. It reads SQL as far as our own steps go: statements end with
/// `;`, and what stands in quotes or behind `--` is no SQL.
fn objection(sql: &str) -> Option<&'static str> {
    let first = sql.lines().next().unwrap_or_default();
    let expand = match first.trim() {
        "-- expand" => true,
        "-- contract" => false,
        _ => return Some("its first line is neither `-- expand` nor `-- contract`"),
    };
    let bare: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let bare = unquoted(&bare.join(" ")).to_uppercase();
    let statements: Vec<Vec<&str>> = bare
        .split(';')
        .map(|statement| statement.split_whitespace().collect())
        .filter(|words: &Vec<_>| !words.is_empty())
        .collect();
    let says = |words: &[&str], phrase: &str| {
        let phrase: Vec<_> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase)
    };
    let name = |word: &str| word.split('(').next().unwrap_or_default().to_owned();
    let mut made = BTreeSet::new();
    for words in &statements {
        let concurrently = says(words, "CONCURRENTLY");
        if concurrently && statements.len() > 1 {
            return Some("CONCURRENTLY stands alone in its step");
        }
        if concurrently && !says(words, "IF NOT EXISTS") && !says(words, "IF EXISTS") {
            return Some("a step with CONCURRENTLY can be run again: IF NOT EXISTS");
        }
        if words.starts_with(&["CREATE", "TABLE"]) {
            made.insert(name(words[if says(words, "IF NOT EXISTS") { 5 } else { 2 }]));
        }
        if !expand {
            continue;
        }
        let table = words.iter().position(|word| *word == "TABLE").and_then(|at| {
            words[at + 1..].iter().find(|word| !["IF", "EXISTS", "NOT", "ONLY"].contains(word))
        });
        let own = table.is_some_and(|table| made.contains(&name(table)));
        let index_on = words.iter().position(|word| *word == "ON").and_then(|at| words.get(at + 1));
        let index_own = index_on.is_some_and(|table| made.contains(&name(table)));
        match words[0] {
            "DROP" | "TRUNCATE" | "DELETE" => return Some("it takes something away"),
            "LOCK" | "CLUSTER" | "VACUUM" | "REINDEX" => return Some("it holds up everyone"),
            "UPDATE" => {
                return Some("it writes rows of the release before; fill a new column where it is read");
            }
            "DO" | "CALL" => return Some("what a block does cannot be read here"),
            "CREATE" if says(words, "INDEX") && !concurrently && !index_own => {
                return Some("an index on a table in use is made CONCURRENTLY");
            }
            "CREATE" if says(words, "TRIGGER") || says(words, "RULE") => {
                return Some("the release before does not know of it");
            }
            "ALTER" if own => {}
            "ALTER" if says(words, "RENAME") => return Some("the release before knows the old name"),
            "ALTER" if says(words, "DROP NOT NULL") || says(words, "DROP DEFAULT") => {}
            "ALTER" if says(words, "DROP") => return Some("it takes something away"),
            "ALTER" if says(words, "TYPE") => return Some("another type writes the whole table"),
            "ALTER" if says(words, "SET NOT NULL") => {
                return Some("the release before may write nothing there");
            }
            "ALTER" if says(words, "SET SCHEMA") => return Some("the release before knows the old name"),
            "ALTER" if says(words, "NOT NULL") && !says(words, "DEFAULT") => {
                return Some("the release before writes nothing there: NOT NULL needs a DEFAULT");
            }
            "ALTER"
                if ["UNIQUE", "PRIMARY", "CHECK", "FOREIGN", "REFERENCES", "EXCLUDE"]
                    .iter()
                    .any(|word| words.iter().any(|found| found.starts_with(word)))
                    && !says(words, "NOT VALID") =>
            {
                return Some("a constraint on a table in use reads all of it under its lock: NOT VALID");
            }
            _ => {}
        }
    }
    None
}

/// Without what stands between quotes.
fn unquoted(sql: &str) -> String {
    sql.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

#[test]
fn what_a_step_may_hold() {
    let cases = [
        // Accepted.
        ("-- expand\nCREATE TABLE new (a integer NOT NULL);", ""),
        (
            "-- expand\nCREATE TABLE new (a integer); CREATE INDEX by_a ON new (a); ALTER TABLE new ADD UNIQUE (a);",
            "",
        ),
        ("-- expand\nALTER TABLE sessions ADD COLUMN place text;", ""),
        ("-- expand\nALTER TABLE sessions ADD COLUMN uses bigint NOT NULL DEFAULT 0;", ""),
        ("-- expand\nALTER TABLE sessions ALTER COLUMN place DROP NOT NULL;", ""),
        ("-- expand\nCREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON events (name);", ""),
        ("-- expand\nINSERT INTO meta VALUES ('drop table; events', '');", ""),
        ("-- expand\n-- It used to DROP TABLE events;\nCREATE SCHEMA more;", ""),
        ("-- contract\nALTER TABLE sessions DROP COLUMN place; DROP TABLE left_over;", ""),
        // Refused.
        ("CREATE TABLE new (a integer);", "first line"),
        ("-- expands\nCREATE TABLE new (a integer);", "first line"),
        ("-- expand\nDROP TABLE sessions;", "takes something away"),
        ("-- expand\nALTER TABLE sessions DROP COLUMN account;", "takes something away"),
        ("-- expand\nalter table sessions\n  drop constraint sessions_pkey;", "takes something away"),
        ("-- expand\nTRUNCATE links;", "takes something away"),
        ("-- expand\nALTER TABLE sessions RENAME TO visits;", "old name"),
        ("-- expand\nALTER TABLE sessions RENAME COLUMN account TO who;", "old name"),
        ("-- expand\nALTER TABLE sessions SET SCHEMA other;", "old name"),
        ("-- expand\nALTER TABLE events ALTER COLUMN shape TYPE bigint;", "another type"),
        ("-- expand\nALTER TABLE events ALTER shape SET DATA TYPE bigint;", "another type"),
        ("-- expand\nALTER TABLE sessions ADD COLUMN place text NOT NULL;", "needs a DEFAULT"),
        ("-- expand\nALTER TABLE events ALTER COLUMN caused_by SET NOT NULL;", "may write nothing"),
        ("-- expand\nCREATE INDEX by_name ON events (name);", "CONCURRENTLY"),
        ("-- expand\nCREATE UNIQUE INDEX by_name ON events (name);", "CONCURRENTLY"),
        ("-- expand\nCREATE TABLE new (a integer); CREATE INDEX by_name ON events(name);", "CONCURRENTLY"),
        ("-- expand\nCREATE INDEX CONCURRENTLY by_name ON events (name);", "run again"),
        (
            "-- expand\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON events (name); CREATE TABLE new (a integer);",
            "stands alone",
        ),
        ("-- expand\nALTER TABLE answers ADD CHECK (key <> '');", "NOT VALID"),
        ("-- expand\nALTER TABLE answers ADD CONSTRAINT one UNIQUE (answer);", "NOT VALID"),
        ("-- expand\nUPDATE sessions SET account = '';", "writes rows"),
        ("-- expand\nDELETE FROM sessions;", "takes something away"),
        ("-- expand\nLOCK TABLE events;", "holds up"),
        ("-- expand\nDO $$ BEGIN DROP TABLE events; END $$;", "cannot be read"),
        ("-- expand\nCREATE TRIGGER t BEFORE INSERT ON events EXECUTE FUNCTION f();", "does not know"),
    ];
    for (sql, expected) in cases {
        match objection(sql) {
            None => assert_eq!(expected, "", "{sql}"),
            Some(found) => assert!(!expected.is_empty() && found.contains(expected), "{sql}\n{found}"),
        }
    }
}

#[test]
fn every_step_may_run_beside_the_release_before() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/postgres/migrations");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for (number, path) in (1..).zip(&files) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with(&format!("{number:04}_")), "{name}: steps are numbered without a gap");
        assert_eq!(objection(&fs::read_to_string(path).unwrap()), None, "{name}");
    }
    assert!(files.len() >= 3);
}

/// A step of the next release, of every kind that is accepted, runs while this one writes; and this one still starts afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_step_runs_while_this_release_writes() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    let steps = [
        "-- expand\nALTER TABLE anpei.events ADD COLUMN more text; ALTER TABLE anpei.sessions ADD COLUMN uses bigint NOT NULL DEFAULT 0;",
        "-- expand\nCREATE TABLE anpei.new (a integer PRIMARY KEY); CREATE INDEX by_new ON anpei.new (a);",
        "-- expand\nCREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON anpei.events (name);",
    ];
    let writer = {
        let node = node.clone();
        tokio::spawn(async move {
            for version in 0..200 {
                node.append(append("thing-a", version, vec![placed(1)])).await.unwrap();
            }
        })
    };
    let client = database.client().await;
    for (number, sql) in (9_001..).zip(steps) {
        assert_eq!(objection(sql), None);
        client.batch_execute(sql).await.unwrap();
        let taken =
            "INSERT INTO anpei.migrations (number, name, kind, checksum) VALUES ($1, 'later', 'expand', '')";
        client.execute(taken, &[&number]).await.unwrap();
    }
    writer.await.unwrap();
    drop(node);
    let again = database.node();
    super::nodes::check_whole(&again, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_are_looked_at_before_they_are_taken() {
    let Some(database) = Database::new().await else { return };
    let steps = Store::migrate(&database.url(), VIEWS, true, false).unwrap();
    assert!(steps.iter().all(|step| !step.applied && step.kind == MigrationKind::Expand));
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('anpei', 'vault')";
    let made: i64 = database.client().await.query_one(tables, &[]).await.unwrap().get(0);
    assert_eq!(made, 0, "looking makes nothing");
    let steps = Store::migrate(&database.url(), VIEWS, false, false).unwrap();
    assert!(steps.iter().all(|step| step.applied));
    assert_eq!(Store::migrate(&database.url(), VIEWS, true, false).unwrap(), steps);
}
