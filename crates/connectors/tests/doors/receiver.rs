//! Receivers over HTTP that answer, fail, hang, cut the connection, or never end.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What arrived.
#[derive(Clone, Debug)]
pub struct Got {
    pub head: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.head.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn claim(&self) -> String {
        self.json()["subject"].as_str().unwrap().to_owned()
    }

    pub fn stars(&self) -> u64 {
        self.json()["data"]["stars"].as_u64().unwrap()
    }
}

/// What a receiver does with what arrived.
#[derive(Clone, Debug)]
pub enum Does {
    Answers(u16),
    Says(u16, Vec<(&'static str, String)>, &'static str),
    Hangs,
    Cuts,
    /// Answers 200 and goes on talking.
    NeverEnds,
}

pub const TAKES: Does = Does::Answers(204);

type Plan = Arc<Mutex<dyn FnMut(&Got) -> Does + Send>>;

pub struct Receiver {
    pub address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    plan: Arc<Mutex<Plan>>,
}

impl Receiver {
    pub async fn open(plan: impl FnMut(&Got) -> Does + Send + 'static) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let got = Arc::new(Mutex::new(vec![]));
        let plan: Plan = Arc::new(Mutex::new(plan));
        let plan = Arc::new(Mutex::new(plan));
        let (kept, asked) = (got.clone(), plan.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone(), asked.clone()));
            }
        });
        Receiver { address, got, plan }
    }

    pub fn url(&self) -> String {
        format!("http://{}/anpei", self.address)
    }

    /// From now on it does something else.
    pub fn turns(&self, plan: impl FnMut(&Got) -> Does + Send + 'static) {
        *self.plan.lock().unwrap() = Arc::new(Mutex::new(plan));
    }

    /// Everything that arrived, whatever it did with it.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Claim and stars of what arrived.
    pub fn told(&self) -> Vec<(String, u64)> {
        self.got().iter().map(|got| (got.claim(), got.stars())).collect()
    }

    /// Waits until so much has arrived.
    pub async fn waits_for(&self, count: usize) -> Vec<Got> {
        for _ in 0..1_000 {
            if self.got().len() >= count {
                return self.got();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} of {count} arrived: {:?}", self.got().len(), self.told());
    }
}

async fn serve(mut stream: TcpStream, kept: Arc<Mutex<Vec<Got>>>, plan: Arc<Mutex<Plan>>) {
    let Some(got) = read(&mut stream).await else { return };
    let plan = plan.lock().unwrap().clone();
    let does = (plan.lock().unwrap())(&got);
    kept.lock().unwrap().push(got);
    let (status, headers, body) = match does {
        Does::Answers(status) => (status, vec![], ""),
        Does::Says(status, headers, body) => (status, headers, body),
        Does::Cuts => return,
        Does::Hangs => {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            return;
        }
        Does::NeverEnds => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
            while stream.write_all(&[b'x'; 4_096]).await.is_ok() {}
            return;
        }
    };
    let mut answer =
        format!("HTTP/1.1 {status} Told\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        answer.push_str(&format!("{name}: {value}\r\n"));
    }
    answer.push_str("\r\n");
    answer.push_str(body);
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut bytes = vec![];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let head: HashMap<String, String> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = head.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Got { head, body })
}
