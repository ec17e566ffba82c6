//! Databases that cannot be opened: one clear line each, without a password.

use journal::Journal;
use lexicon::Vault;
use store::{Config, MasterKey, Store};

use crate::world::{Database, VIEWS, append, config, placed, subject};

/// Opening `url` must fail with a line that begins and ends so, after the name of the database.
fn refuses(database: &Database, url: &str, line: &str) {
    let config = Config {
        folder: database.folder.path().into(),
        database: Some(url.parse().unwrap()),
        views: VIEWS,
        master_key: MasterKey::InFolder,
    };
    let error = Store::open(config).err().expect("it does not open").to_string();
    assert!(error.starts_with("postgresql://"), "{error}");
    assert!(error.contains(line), "{error}");
    let password = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'))
        .and_then(|(who, _)| who.split_once(':'));
    assert!(password.is_none_or(|(_, password)| !error.contains(password)), "{error}");
}

#[tokio::test]
async fn servers_and_databases_that_are_not_there() {
    let Some(database) = Database::new().await else { return };
    let text = database.text();
    refuses(&database, &database.text_at(1), "cannot be reached");
    refuses(&database, &format!("{text}_none"), "the server has no database");
    let (place, _) = text.rsplit_once('@').unwrap();
    let stranger = text.replace(place, "postgresql://nobody-we-know:s3cret-word");
    refuses(&database, &stranger, "refuses us");
}

#[tokio::test]
async fn a_database_of_another_product() {
    let Some(database) = Database::new().await else { return };
    database.client().await.batch_execute("CREATE TABLE theirs (a integer)").await.unwrap();
    refuses(&database, &database.text(), "holds tables of another product");
}

#[tokio::test]
async fn a_schema_that_this_release_cannot_serve() {
    let Some(database) = Database::new().await else { return };
    drop(database.node());
    let client = database.client().await;
    let taken =
        "INSERT INTO anpei.migrations (number, name, kind, checksum) VALUES (9001, '9001_later', $1, '')";
    // What a newer release added does not stop the one before it from starting again.
    client.execute(taken, &[&"expand"]).await.unwrap();
    database.node().append(append("thing-a", 0, vec![placed(1)])).await.unwrap();
    client.batch_execute("UPDATE anpei.migrations SET kind = 'contract' WHERE number = 9001").await.unwrap();
    refuses(&database, &database.text(), "was written by a newer release (form 9001, this one reads");
    client
        .batch_execute("DELETE FROM anpei.migrations WHERE number = 9001; UPDATE anpei.migrations SET checksum = '' WHERE number = 1")
        .await
        .unwrap();
    refuses(&database, &database.text(), "step 0001_journal of the schema was taken in another wording");
}

#[tokio::test]
async fn keys_that_do_not_belong_to_the_journal() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    node.seal(&subject("s-1"), b"name").unwrap();
    node.append(append("thing-a", 0, vec![placed(1)])).await.unwrap();
    drop(node);
    let elsewhere = tempfile::tempdir().unwrap();
    let without = Config { folder: elsewhere.path().into(), ..config(database.folder.path()) };
    let error = Store::open(without.clone()).err().expect("no master key").to_string();
    assert!(error.starts_with("master key: ") && error.contains("is missing"), "{error}");
    let other = Config { master_key: MasterKey::Text("00".repeat(32).into()), ..without };
    let error = Store::open(other).err().expect("another master key").to_string();
    assert!(error.starts_with("master key: it is not the one that postgresql://"), "{error}");
    database.client().await.batch_execute("DELETE FROM vault.meta; DELETE FROM vault.keys").await.unwrap();
    refuses(&database, &database.text(), "does not belong to the journal beside it");
}

#[tokio::test]
async fn a_log_that_does_not_end_where_the_journal_ends() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    node.append(append("thing-a", 0, vec![placed(1), placed(2)])).await.unwrap();
    drop(node);
    database.client().await.batch_execute("DELETE FROM anpei.events WHERE position = 2").await.unwrap();
    refuses(&database, &database.text(), "the log does not end where the journal ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_make_one_store() {
    let Some(database) = Database::new().await else { return };
    let folder = database.folder.path().to_owned();
    let starting: Vec<_> = (0..4)
        .map(|_| {
            let folder = folder.clone();
            tokio::task::spawn_blocking(move || {
                Store::open(config(&folder)).map_err(|error| error.to_string())
            })
        })
        .collect();
    let mut nodes = vec![];
    for node in starting {
        nodes.push(node.await.unwrap().unwrap());
    }
    for (number, node) in (0..).zip(&nodes) {
        node.append(append("thing-a", number, vec![placed(1)])).await.unwrap();
    }
    super::nodes::check_whole(&nodes[0], 4).await;
}
