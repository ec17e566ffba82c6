//! Connections that are encrypted, and servers that are not the one they should be.

use std::path::Path;
use std::process::{Command, Stdio};

use journal::Journal;
use store::{Config, MasterKey, Store};
use torture::postgres::Postgres;

use super::nodes::check_whole;
use crate::world::{Database, VIEWS, append, placed};

/// Lets nobody in who does not encrypt.
const ENCRYPTED_ONLY: &str = "hostssl all all 127.0.0.1/32 trust\n";

/// Makes `NAME.key` and `NAME.pem`, which stands for itself and for a server at 127.0.0.1.
fn certificate(folder: &Path, name: &str) {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]);
    openssl.args(["-days", "2", "-subj", "/CN=Anpei tests", "-addext", "subjectAltName=IP:127.0.0.1"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    openssl.arg("-keyout").arg(folder.join(format!("{name}.key")));
    openssl.arg("-out").arg(folder.join(format!("{name}.pem")));
    let made = openssl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(made.expect("openssl, which PostgreSQL's package brings").success());
}

fn open(folder: &Path, url: &str) -> Result<Store, String> {
    Store::open(Config {
        folder: folder.into(),
        database: Some(url.parse().unwrap()),
        views: VIEWS,
        master_key: MasterKey::InFolder,
    })
    .map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_server_that_its_root_stands_for_is_trusted() {
    let Some(lent) = Database::new().await else { return };
    let (place, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    certificate(place.path(), "server");
    certificate(folder.path(), "other");
    let at = |name: &str| place.path().join(name).display().to_string();
    // The server's user owns what lies in its folder, and no one else sees it: the root is copied as an operator would.
    let root = folder.path().join("root.pem");
    std::fs::copy(at("server.pem"), &root).unwrap();
    std::fs::write(at("hba"), ENCRYPTED_ONLY).unwrap();
    let settings = format!(
        "ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'\nhba_file = '{}'",
        at("server.pem"),
        at("server.key"),
        at("hba")
    );
    let server = Postgres::beside(&lent.text(), place.path(), &settings).unwrap();
    let url = server.database("encrypted").unwrap();
    let root = root.display();

    for (number, mode) in [(0, "verify-full"), (1, "require")] {
        let node = open(folder.path(), &format!("{url}?sslmode={mode}&sslrootcert={root}")).unwrap();
        node.append(append("thing-a", number, vec![placed(1)])).await.unwrap();
        check_whole(&node, number + 1).await;
    }
    let missing = folder.path().join("none.pem");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let other = folder.path().join("other.pem");
    let other = other.display();
    let elsewhere = url.replace("127.0.0.1", "localhost");
    let plain = lent.text();
    let untrusted = "gives no encrypted connection that can be trusted (";
    let open_only = "does not let us in without encryption (";
    let cases = [
        ("another root", format!("{url}?sslmode=verify-full&sslrootcert={other}"), untrusted),
        ("require is no less", format!("{url}?sslmode=require&sslrootcert={other}"), untrusted),
        ("the roots of the system", format!("{url}?sslmode=verify-full"), untrusted),
        ("another name", format!("{elsewhere}?sslmode=verify-full&sslrootcert={root}"), untrusted),
        ("no certificate", format!("{plain}?sslmode=verify-full&sslrootcert={root}"), untrusted),
        ("not encrypted", format!("{url}?sslmode=disable"), open_only),
        ("no root", format!("{url}?sslmode=verify-full&sslrootcert={}", missing.display()), "none.pem"),
        (
            "empty root",
            format!("{url}?sslmode=verify-full&sslrootcert={}", empty.display()),
            "holds no certificate",
        ),
    ];
    for (case, url, line) in cases {
        let refused = open(folder.path(), &url).err().unwrap_or_else(|| panic!("{case}: it opens"));
        assert!(refused.contains(line), "{case}: {refused}");
        eprintln!("{case}: {refused}");
    }
}
