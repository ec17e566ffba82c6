//! JSON round trips of `settle` per second on one core: document in, statement with sentences out.
//! Run with `cargo run --release -p app --example settle_json`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use app::settlement::run;
use app::words::Lang;

const MEASURED: Duration = Duration::from_secs(2);
const ACCIDENT: &[u8] = br#"{ "occurred_at": "2026-05-02T14:30:00+08:00", "vehicles": [
    { "id": "A", "fault": "0.7", "damage": { "repair": "5000.00" }, "policy": { "wording": "W2020",
      "third_party": { "limit": "1000000.00" }, "own_damage": { "sum_insured": "200000.00" },
      "driver": { "limit": "20000.00" }, "passengers": { "limit_per_seat": "20000.00" } } },
    { "id": "B", "fault": "0.3", "damage": { "repair": "8000.00" }, "policy": { "wording": "W2020",
      "third_party": { "limit": "1000000.00" }, "own_damage": { "sum_insured": "200000.00" },
      "driver": { "limit": "20000.00" }, "passengers": { "limit_per_seat": "20000.00" } } } ] }"#;

#[expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and prints"
)]
fn main() {
    let (start, mut settled) = (Instant::now(), 0);
    while start.elapsed() < MEASURED {
        black_box(run(black_box(ACCIDENT), false, Lang::Zh).expect("the accident is sound"));
        settled += 1;
    }
    println!(
        "{:>9} accidents/s  two cars, all covers, JSON with sentences",
        settled * 1_000_000_000 / start.elapsed().as_nanos()
    );
}
