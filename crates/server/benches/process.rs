//! What a process costs: how long from its start to being ready, from a claim handed in through HTTP to its payment order on disk,
//! and how much memory it holds, at rest and with phone photos coming in. The same on PostgreSQL where the environment names a server.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use torture::postgres::Postgres;

type Outcome<T> = Result<T, Box<dyn Error>>;

const STARTS: usize = 7;
/// So many claims are handed in.
const CLAIMS: usize = 30;
/// A demo is at rest after so long.
const REST: Duration = Duration::from_secs(10);

/// A process that is ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What was measured on one store: by name, with what is to hold.
type Figures = Vec<(String, String, &'static str)>;

fn main() -> Outcome<()> {
    let embedded = measure(None)?;
    let server = match std::env::var("ANPEI_TEST_POSTGRES") {
        Ok(url) => {
            let (server, name) = (Postgres::at(&url)?, format!("process{}", std::process::id()));
            let figures = measure(Some(&server.database(&name)?))?;
            server.drop_database(&name)?;
            figures
        }
        Err(_) => vec![],
    };
    say("| figure | SQLite | PostgreSQL | to hold |")?;
    say("|---|---|---|---|")?;
    for (place, (name, value, hold)) in embedded.iter().enumerate() {
        let other = server.get(place).map_or("no server named", |(_, value, _)| value);
        say(&format!("| {name} | {value} | {other} | {hold} |"))?;
    }
    Ok(())
}

fn measure(database: Option<&str>) -> Outcome<Figures> {
    let folder = tempfile::tempdir()?;
    let mut place = vec!["--data".to_owned(), folder.path().to_string_lossy().into_owned()];
    place.extend(database.into_iter().flat_map(|url| ["--database".to_owned(), url.to_owned()]));
    let (ready, memory, Submitted { waits, peak }) = demo(&place)?;
    let wait =
        |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)].as_secs_f64() * 1_000.0;
    let mut starts = vec![];
    for _ in 0..STARTS {
        starts.push(start(&place)?);
    }
    starts.sort();
    let median = starts[STARTS / 2].as_secs_f64() * 1_000.0;
    Ok(vec![
        (
            "demo of 320 claims: start → announced".to_owned(),
            format!("{:.1} s", ready.as_secs_f64()),
            "≤ 10 s",
        ),
        ("memory, idle demo".to_owned(), format!("{} MiB", memory / 1024), "≤ 150 MB"),
        (
            format!("last step of a claim handed in → payment order on disk, {CLAIMS} claims, p50"),
            format!("{:.0} ms", wait(50)),
            "",
        ),
        ("the same, p99".to_owned(), format!("{:.0} ms", wait(99)), "≤ 500 ms"),
        (
            "memory at its highest meanwhile, six photos of 12 megapixels a claim".to_owned(),
            format!("{} MiB", peak / 1024),
            "≤ 600 MB",
        ),
        (
            format!("start → ready on the demo's store, median of {STARTS}"),
            format!("{median:.0} ms"),
            "≤ 300 ms",
        ),
    ])
}

/// Makes a demo at `place`: how long until it announced itself, its memory at rest in KiB, and what became of claims handed in.
fn demo(place: &[String]) -> Outcome<(Duration, u64, Submitted)> {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_anpei"));
    command.args(["demo", "--json"]).args(place).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running(command.spawn()?);
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
    let ready = began.elapsed();
    let mut told = BufReader::new(running.0.stderr.take().ok_or("no stderr")?).lines();
    // Whatever was not made in time follows, and is told of.
    while let Some(line) = told.next().transpose()? {
        if line.contains("320 of 320 claims made in") || line.contains("all 320 claims made") {
            break;
        }
    }
    std::thread::sleep(REST);
    let resident = memory(&running.0, "VmRSS:")?;
    let announced: Value = serde_json::from_str(&line)?;
    let waits = submit(&announced)?;
    Ok((ready, resident, Submitted { waits, peak: memory(&running.0, "VmHWM:")? }))
}

/// What `name` of a process's status says, in KiB.
fn memory(process: &Child, name: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id()))?;
    let found = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
    Ok(found.trim().trim_end_matches("kB").trim().parse()?)
}

/// What became of claims handed in.
struct Submitted {
    /// From the last step to the payment order, the shortest first.
    waits: Vec<Duration>,
    /// Memory at its highest, in KiB.
    peak: u64,
}

/// Hands in claims one after the other, each with six photos as a phone makes them.
fn submit(announced: &Value) -> Outcome<Vec<Duration>> {
    let text = |name: &str| announced[name].as_str().ok_or("not announced");
    let api = Api {
        address: text("base")?.trim_start_matches("http://").to_owned(),
        token: text("api_token")?.to_owned(),
    };
    let mut policies = String::from(
        "number,insurer,plate,vin,vehicle_class,seats,use,energy,actual_value,holder_name,holder_phone,holder_id,starts_at,ends_at,\
         compulsory,own_damage\n",
    );
    for car in 0..CLAIMS {
        policies.push_str(&format!(
            "B{car:06},AN-BJ,京B{car:05},LSVAA4182E2184847,medium,5,family,fuel,150000.00,林知远,13800010101,11010519860317021X,\
             2025-01-01,2035-12-31,yes,150000.00\n"
        ));
    }
    api.post("policies/import", "text/csv", policies.as_bytes())?;
    let mut waits = vec![];
    for car in 0..CLAIMS {
        let notice = json!({
            "occurred_at": Timestamp::now() - SignedDuration::from_mins(10), "cause": "reversing", "place": "地下车库",
            "plate": format!("京B{car:05}"), "name": "林知远", "phone": "13800010101", "damage": "light",
            "account": { "name": "林知远", "number": "6222020200112233446" },
        });
        let claim = api.post("claims", "application/json", notice.to_string().as_bytes())?;
        let claim = claim["claim"].as_str().ok_or("no claim")?;
        let kinds =
            ["photo-damage", "photo-scene", "photo-scene", "plate", "driving-licence", "vehicle-licence"];
        for (number, kind) in kinds.into_iter().enumerate() {
            let photo = photo((car * kinds.len() + number) as u32)?;
            api.post(&format!("claims/{claim}/evidence?kind={kind}"), "application/octet-stream", &photo)?;
        }
        let picks = json!({ "picks": [{ "part": "rear-bumper", "damage": "scratch", "photo": 1 }] });
        let began = Instant::now();
        api.post(&format!("claims/{claim}/damage"), "application/json", picks.to_string().as_bytes())?;
        while api.ask("GET", &format!("claims/{claim}"), "", b"")?["payments"]
            .as_array()
            .is_none_or(Vec::is_empty)
        {
            if began.elapsed() > Duration::from_secs(30) {
                return Err(format!("claim {claim} was not paid").into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        waits.push(began.elapsed());
    }
    waits.sort();
    Ok(waits)
}

/// A picture of 12 megapixels, told from all others by `number`.
fn photo(number: u32) -> Outcome<Vec<u8>> {
    let (width, height) = (4_000_u32, 3_000_u32);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let shade = |place: u32| {
        [(place % width / 16) as u8, (place / width / 12) as u8, ((place / 4_001) ^ number) as u8]
    };
    let pixels: Vec<u8> = (0..width * height).flat_map(shade).collect();
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(bytes)
}

/// The doors for programs.
struct Api {
    address: String,
    token: String,
}

impl Api {
    fn post(&self, path: &str, kind: &str, body: &[u8]) -> Outcome<Value> {
        self.ask("POST", path, kind, body)
    }

    /// Asks, and reads the answer as JSON; nothing when it is empty.
    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Outcome<Value> {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let Api { address, token } = self;
        let (key, length) = (KEYS.fetch_add(1, Ordering::Relaxed), body.len());
        let mut stream = TcpStream::connect(address)?;
        // Version 1.0: the answer comes whole, not in chunks.
        write!(
            stream,
            "{method} /api/v1/{path} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Idempotency-Key: bench-{key}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        )?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        if !status.starts_with('2') {
            return Err(format!("{method} {path} answered {status}: {body}").into());
        }
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_str(body)? })
    }
}

/// From the start of a process on an existing store to its first answer that it is ready.
fn start(place: &[String]) -> Outcome<Duration> {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_anpei"));
    command.args(["serve", "--allow-fake-partners", "--listen", "127.0.0.1:0"]).args(place);
    let mut running = Running(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?);
    let told = BufReader::new(running.0.stderr.take().ok_or("no stderr")?).lines();
    for line in told {
        let line: Value = serde_json::from_str(&line?)?;
        if line["message"] != "serving" {
            continue;
        }
        let address = line["address"].as_str().ok_or("no address")?;
        loop {
            let mut stream = TcpStream::connect(address)?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            if answer.starts_with("HTTP/1.1 200") {
                return Ok(began.elapsed());
            }
        }
    }
    Err("the process ended before it served".into())
}

fn say(line: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
