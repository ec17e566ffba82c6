//! Databases to try a store on: each test has one of its own, which is gone afterwards.

use std::sync::atomic::{AtomicU32, Ordering};

use store::{DatabaseUrl, Store};
use tokio_postgres::{Client, Config, NoTls};

use super::{World, config};

/// Names a server on which databases may be made.
const VARIABLE: &str = "ANPEI_TEST_POSTGRES";

/// A database of its own, and a folder for what stands beside it.
pub struct Database {
    name: String,
    server: String,
    pub folder: tempfile::TempDir,
}

impl Database {
    /// `None`, said plainly, where there is no server; continuous integration always has one.
    pub async fn new() -> Option<Database> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Some(server) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) else {
            assert!(
                std::env::var_os("CI").is_none(),
                "{VARIABLE} names no server; `cargo xtask test` starts one"
            );
            eprintln!("passed by: {VARIABLE} names no PostgreSQL server; `cargo xtask test` starts one");
            return None;
        };
        let name = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = tempfile::tempdir().expect("a folder for the test");
        let database = Database { name, server, folder };
        let admin = connect(&database.server).await;
        admin.batch_execute(&format!("CREATE DATABASE {}", database.name)).await.expect("a database");
        std::fs::write(database.folder.path().join("database"), database.text()).expect("its name is kept");
        Some(database)
    }

    /// The URL as text; the password of a test is no secret.
    pub fn text(&self) -> String {
        let (place, _) = self.server.rsplit_once('/').expect("a URL ends with a database");
        format!("{place}/{}", self.name)
    }

    pub fn url(&self) -> DatabaseUrl {
        self.text().parse().expect("a URL of a database")
    }

    /// Without a store between.
    pub async fn client(&self) -> Client {
        connect(&self.text()).await
    }

    /// On the server, beside the database.
    pub async fn admin(&self) -> Client {
        connect(&self.server).await
    }

    /// Ends every connection, and with `away` lets nobody in.
    pub async fn end_connections(&self, away: bool) {
        let admin = self.admin().await;
        admin
            .batch_execute(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {}", self.name, !away))
            .await
            .unwrap();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        admin.execute(end, &[&self.name]).await.unwrap();
    }

    /// Lets everyone in again.
    pub async fn let_in(&self) {
        let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name);
        self.admin().await.batch_execute(&sql).await.unwrap();
    }

    /// Where the server listens.
    pub fn port(&self) -> u16 {
        let config: Config = self.text().parse().expect("a URL");
        config.get_ports().first().copied().unwrap_or(5432)
    }

    /// The same database behind another port.
    pub fn text_at(&self, port: u16) -> String {
        self.text().replace(&format!(":{}/", self.port()), &format!(":{port}/"))
    }

    /// One node on it. Several have the folder of master key and files in common.
    pub fn node(&self) -> Store {
        Store::open(config(self.folder.path())).expect("the store opens")
    }

    /// A world on it, which can be opened anew.
    pub fn world(&self) -> World {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("database"), self.text()).expect("its name is kept");
        World { store: super::open(folder.path()), folder: Some(folder) }
    }
}

/// However a test ends, its database goes.
impl Drop for Database {
    fn drop(&mut self) {
        let (name, server) = (self.name.clone(), self.server.clone());
        let work = move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                connect(&server).await.batch_execute(&sql).await
            })
        };
        let dropped = std::thread::spawn(work).join();
        if !std::thread::panicking() {
            dropped.expect("the server is there").expect("the database is dropped");
        }
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the server of the tests");
    // It ends with its client.
    tokio::spawn(async { connection.await.unwrap_or_default() });
    client
}
