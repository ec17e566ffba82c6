//! A way to the server that loses what the server answers to a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Passes everything on; while it is armed, the answer to a commit is swallowed and the connection cut.
pub struct Proxy {
    pub port: u16,
    armed: Arc<AtomicBool>,
    cut: Arc<AtomicUsize>,
}

impl Proxy {
    pub async fn before(server: u16) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (armed, cut) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let proxy = Proxy { port, armed: armed.clone(), cut: cut.clone() };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                tokio::spawn(pass(client, server, armed.clone(), cut.clone()));
            }
        });
        proxy
    }

    /// The next commit gets no answer.
    pub fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    /// How many commits got none.
    pub fn cut(&self) -> usize {
        self.cut.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: TcpStream, armed: Arc<AtomicBool>, cut: Arc<AtomicUsize>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let silent = Arc::new(AtomicBool::new(false));
    let deaf = silent.clone();
    let back = tokio::spawn(async move {
        let mut bytes = vec![0; 65_536];
        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
            if !deaf.load(Ordering::SeqCst) && to_client.write_all(&bytes[..count]).await.is_err() {
                return;
            }
        }
    });
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
        // To its end: a transaction begins with the word too, as READ COMMITTED.
        let commit = bytes[..count].windows(7).any(|word| word == b"COMMIT\0");
        let cut_here = commit && armed.swap(false, Ordering::SeqCst);
        silent.fetch_or(cut_here, Ordering::SeqCst);
        if to_server.write_all(&bytes[..count]).await.is_err() {
            break;
        }
        if cut_here {
            cut.fetch_add(1, Ordering::SeqCst);
            // The server has time to do what it was asked.
            tokio::time::sleep(Duration::from_millis(200)).await;
            break;
        }
    }
    back.abort();
}
