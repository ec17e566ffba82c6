//! What operators see of a served process: figures, traces, slow lines.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Told;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::Value;

use crate::process::{Served, exchange, get, run};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of one notice; none of it may leave the process by a trace, a figure or a line of the log.
const PERSONAL: [&str; 4] = ["林知远", "京N8K621", "N8K621", "13800010101"];
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A data folder with policies and a program that may report; the program's bearer.
fn prepared(data: &Path) -> String {
    let data = data.to_str().unwrap();
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/policies.csv");
    assert_eq!(run(&["import", "policies", policies, "--data", data]).0, 0);
    let open =
        ["account", "open", "--data", data, "--login", "workshop", "--name", "Workshop", "--role", "client"];
    assert_eq!(run(&open).0, 0);
    let (_, token, _) = run(&["token", "issue", "--data", data, "--login", "workshop", "--label", "test"]);
    format!("Bearer {}", token.trim())
}

/// Tells of an accident; the mark of the request.
fn notify(served: &Served, bearer: &str) -> String {
    let notice = r#"{ "occurred_at": "2026-03-02T09:00:00+08:00", "cause": "reversing", "place": "地库",
        "plate": "京N8K621", "name": "林知远", "phone": "13800010101" }"#;
    let parent = format!("00-{TRACE}-{CALLER}-01");
    let headers = [
        ("Authorization", bearer),
        ("Idempotency-Key", "seen"),
        ("Content-Type", "application/json"),
        ("traceparent", &parent),
    ];
    let (status, head, _) =
        exchange(&served.address, "POST", "/api/v1/claims", &headers, notice.as_bytes()).unwrap();
    assert_eq!(status, 201, "{head}");
    let mark = head.lines().find_map(|line| line.strip_prefix("x-request-id: "));
    mark.unwrap().to_owned()
}

/// Asks until there is an answer.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{what} did not come");
}

#[test]
fn every_figure_is_told_as_documented_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let bearer = prepared(folder.path());
    let served = Served::start(folder.path(), &[]);
    notify(&served, &bearer);
    assert_eq!(get(&served.address, "/desk/no-such-page").0, 404);
    let page = include_str!("../../../../docs/operations/metrics.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: BTreeMap<&str, Vec<&str>> = rows
        .map(|row| {
            let mut cells = row.split('|').map(|cell| cell.trim().trim_matches('`'));
            (cells.next().unwrap(), cells.collect())
        })
        .collect();
    assert!(documented.len() > 40);
    let (told, text) = wait_for("every figure", || {
        let text = get(&served.address, "/metrics").1;
        let told = parsed(&text);
        // A message that was sent, a round that was made.
        (told.len() >= documented.len()).then_some((told, text))
    });
    let names: BTreeSet<&str> = told.keys().map(String::as_str).collect();
    assert_eq!(names, documented.keys().copied().collect());
    for (name, Exposed { kind, help, labels }) in &told {
        let row = &documented[name.as_str()];
        assert_eq!((kind.as_str(), help.as_str()), (row[0], row[2]), "{name}");
        let listed: BTreeSet<String> =
            row[1].split(['`', ' ']).filter(|label| !label.is_empty()).map(str::to_owned).collect();
        assert_eq!(*labels, listed, "{name}");
    }
    for line in [
        "anpei_claims{stage=\"closed\"} 0",
        "anpei_http_errors_total{class=\"none\",kind=\"refusal\"} 1",
        "anpei_http_requests_total{method=\"POST\",route=\"/api/v1/claims\",status=\"201\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    for personal in PERSONAL {
        assert!(!text.contains(personal), "{personal}");
    }
    assert_eq!(served.stop(), 0);
}

/// A figure as it is told.
#[derive(Debug, Default)]
struct Exposed {
    kind: String,
    help: String,
    labels: BTreeSet<String>,
}

/// Reads the exposition format strictly: help and kind before values, every value of a figure that was announced, numbers that are.
fn parsed(text: &str) -> BTreeMap<String, Exposed> {
    let mut found: BTreeMap<String, Exposed> = BTreeMap::new();
    let mut valued = BTreeSet::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            found.entry(name.to_owned()).or_default().help = help.to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            found.entry(name.to_owned()).or_default().kind = kind.to_owned();
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let (name, labels) = match series.split_once('{') {
                Some((name, rest)) => (name, rest.strip_suffix('}').unwrap()),
                None => (series, ""),
            };
            let parts = ["_bucket", "_count", "_sum"].iter().find_map(|part| name.strip_suffix(part));
            let whole =
                parts.filter(|whole| found.get(*whole).is_some_and(|figure| figure.kind == "histogram"));
            let figure =
                found.get_mut(whole.unwrap_or(name)).unwrap_or_else(|| panic!("unannounced: {line}"));
            let labels = labels.split("\",").filter(|label| !label.is_empty());
            let names = labels.map(|label| label.split_once("=\"").unwrap().0.to_owned());
            figure.labels.extend(names.filter(|label| label != "le"));
            valued.insert(whole.unwrap_or(name).to_owned());
        }
    }
    found.retain(|name, _| valued.contains(name));
    found
}

#[test]
fn slow_statements_and_use_cases_are_told_with_their_request_and_without_values() {
    let folder = tempfile::tempdir().unwrap();
    let bearer = prepared(folder.path());
    let all = ["--slow-statement-milliseconds", "0", "--slow-use-case-milliseconds", "0"];
    let served = Served::start(folder.path(), &all);
    let mark = notify(&served, &bearer);
    let lines: Vec<Value> = wait_for("the slow lines", || {
        let lines = served.logged();
        let sent = |line: &Value| line["use_case"] == "send_due";
        lines.iter().any(sent).then(|| lines.into_iter().filter(|line| line["target"] == "slow").collect())
    });
    let told = |line: &&Value| line["use_case"] == "take_notice" && line["request"] == *mark;
    let use_case = lines.iter().find(told).unwrap();
    assert!(use_case["milliseconds"].is_u64(), "{use_case}");
    let of_request = |line: &&Value| line["statement"] == "append" && line["span"]["id"] == *mark;
    let statement = lines.iter().find(of_request).unwrap();
    assert!(statement["rows"].as_u64().unwrap() > 0 && statement["milliseconds"].is_u64(), "{statement}");
    assert!(lines.iter().any(|line| line["statement"] == "page" && line["view"] == "policies"), "{lines:?}");
    let whole = format!("{:?}", served.logged());
    for personal in PERSONAL {
        assert!(!whole.contains(personal), "{personal}");
    }
    assert_eq!(served.stop(), 0);
}

/// A collector: what arrived, as bytes.
fn collector() -> (String, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let arrived: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let kept = arrived.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, kept) = (stream.unwrap(), kept.clone());
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                loop {
                    let (mut length, mut line) = (0, String::new());
                    loop {
                        line.clear();
                        if reader.read_line(&mut line).unwrap_or(0) == 0 {
                            return;
                        }
                        let lower = line.to_lowercase();
                        if let Some(value) = lower.strip_prefix("content-length:") {
                            length = value.trim().parse().unwrap();
                        }
                        if line == "\r\n" {
                            break;
                        }
                    }
                    let mut body = vec![0; length];
                    reader.read_exact(&mut body).unwrap();
                    kept.lock().unwrap().push(body);
                    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            });
        }
    });
    (to, arrived)
}

fn spans(arrived: &Mutex<Vec<Vec<u8>>>) -> Vec<Span> {
    let bodies = arrived.lock().unwrap();
    let requests = bodies.iter().map(|body| ExportTraceServiceRequest::decode(&body[..]).unwrap());
    let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|spans| spans.scope_spans);
    scopes.flat_map(|scope| scope.spans).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Told::StringValue(text) => Some(text.clone()),
        Told::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

#[test]
fn one_trace_runs_from_the_caller_through_use_case_commit_and_reaction_to_the_message() {
    let folder = tempfile::tempdir().unwrap();
    let bearer = prepared(folder.path());
    let (to, arrived) = collector();
    let served = Served::start(folder.path(), &["--traces-to", &to]);
    let mark = notify(&served, &bearer);
    let ours = wait_for("the span of the message", || {
        let mut ours = spans(&arrived);
        ours.retain(|span| hex(&span.trace_id) == TRACE);
        ours.iter().any(|span| span.name == "message.send").then_some(ours)
    });
    // The request is exported when it was answered, which may be in another batch.
    let ours = wait_for("the span of the request", || {
        let mut all = spans(&arrived);
        all.retain(|span| hex(&span.trace_id) == TRACE);
        all.iter()
            .any(|span| span.name == "POST /api/v1/claims")
            .then_some(all)
            .filter(|all| all.len() >= ours.len())
    });
    let above = |span: &Span| ours.iter().find(|other| other.span_id == span.parent_span_id);
    let request = ours.iter().find(|span| span.name == "POST /api/v1/claims").unwrap();
    assert_eq!(hex(&request.parent_span_id), CALLER, "the caller's span is its parent");
    assert_eq!(request.kind, 2, "a server's span");
    assert_eq!(attribute(request, "anpei.request"), Some(mark));
    assert_eq!(attribute(request, "http.response.status_code").as_deref(), Some("201"));
    // From the message up: partner, use case, reaction, commit, … and so on to the request.
    let sent = ours.iter().find(|span| span.name == "message.send").unwrap();
    assert_eq!(sent.kind, 3, "a client's span");
    let mut way = vec![sent];
    while let Some(parent) = above(way[way.len() - 1]) {
        way.push(parent);
    }
    let names: Vec<&str> = way.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names.last(), Some(&"POST /api/v1/claims"), "{names:?}");
    for expected in [
        ["send_due", "reaction send"],
        ["reaction send", "append"],
        ["reaction tell", "append"],
        ["append", "take_notice"],
        ["take_notice", "POST /api/v1/claims"],
    ] {
        assert!(names.windows(2).any(|pair| pair == expected), "{expected:?} in {names:?}");
    }
    for span in &ours {
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
        assert!(span.name == request.name || above(span).is_some(), "{} hangs in the air", span.name);
    }
    let read = spans(&arrived)
        .into_iter()
        .any(|span| span.name == "read" && attribute(&span, "anpei.statement").is_some());
    assert!(read, "statements are spans as well");
    assert_eq!(served.stop(), 0);
    let bodies = arrived.lock().unwrap();
    for personal in PERSONAL {
        let found =
            bodies.iter().any(|body| body.windows(personal.len()).any(|part| part == personal.as_bytes()));
        assert!(!found, "{personal} was exported");
    }
}

#[test]
fn a_collector_that_is_away_holds_nobody_up_and_what_is_let_go_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let bearer = prepared(folder.path());
    // A port that nobody listens at.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let served = Served::start(folder.path(), &["--traces-to", &format!("http://{free}/v1/traces")]);
    notify(&served, &bearer);
    wait_for("the count", || {
        let text = get(&served.address, "/metrics").1;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("anpei_trace_spans_total{outcome=\"dropped\"} "))?;
        (line.parse::<u64>().unwrap() > 0).then_some(())
    });
    assert!(served.logged().iter().any(|line| {
        line["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("traces do not reach their collector"))
    }));
    let began = Instant::now();
    assert_eq!(served.stop(), 0);
    assert!(began.elapsed() < Duration::from_secs(20), "the end does not wait for it");
}
