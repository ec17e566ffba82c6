//! What must hold after every run. Each finding begins with the name of its invariant in brackets.

pub mod again;
mod erased;
mod kept;
mod money;
mod moving;

use anyhow::Result;
use app::App;
use futures::executor::block_on;
use journal::{Journal, Recorded};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::run::Tally;
use crate::world::World;

/// Every invariant, by the name in its brackets, with what it says.
pub const INVARIANTS: &[(&str, &str)] = &[
    ("answers", "an answer that was given is given again, for ever"),
    ("kept", "what was acknowledged stands in the journal, once"),
    ("store", "chains hold, views equal a replay, files are unaltered"),
    ("ground", "an adjudication stands on the accident as it was at that moment"),
    ("paid", "no reference is paid twice, and nobody more than was approved"),
    ("books", "debits equal credits after every event, per claim and over all"),
    ("named", "a payment is named by its approval, and announced before the bank hears of it"),
    (
        "waits",
        "an open claim waits for somebody: it has a task, a payment under way, or the customer has the ball",
    ),
    ("rest", "after a quiet time nothing is under way that could have ended"),
    ("machine", "no machine refused anything"),
    ("erased", "who was erased is unreadable everywhere, and nobody else is"),
    ("again", "what is done again changes nothing"),
    ("run", "the product starts and answers"),
];

/// Holds the world against every invariant.
pub async fn all(world: &World, app: &App) -> Result<Tally> {
    let entries = entries(world)?;
    store(world, &entries)?;
    kept::acknowledged(world, &entries)?;
    kept::ground(world, &entries);
    moving::machines(world, &entries)?;
    let mut tally = moving::claims(world, app).await?;
    money::bank(world, app, &entries).await?;
    money::books(world, app, &entries).await?;
    erased::unreadable(world, &entries)?;
    tally.entries = entries.len() as u64;
    tally.paid = world.bank.ledger().payments().len() as u64;
    tally.requests = world.requests.list().len() as u64;
    tally.erased = world.erased().len() as u64;
    let given_back = ["SetOffTaken", "RecoveryReceived"];
    tally.given_back = entries.iter().filter(|entry| given_back.contains(&&*entry.name)).count() as u64;
    Ok(tally)
}

/// The whole journal.
pub fn entries(world: &World) -> Result<Vec<Recorded>> {
    Ok(world.disk.perform(|store| block_on(store.read(0, usize::MAX >> 1)))?)
}

/// Chains, versions, views and files, as the product itself verifies them.
fn store(world: &World, entries: &[Recorded]) -> Result<()> {
    let mut blobs = vec![];
    for entry in entries.iter().filter(|entry| &*entry.name == "EvidenceAccepted") {
        let data: Value = serde_json::from_str(&entry.data)?;
        for name in ["original", "shown"] {
            blobs.extend(data[name].as_str().and_then(|id| id.parse().ok()));
        }
    }
    let lagging = world.disk.perform(|store| {
        // Views that trail are folded on a thread of their own.
        let patience = std::time::Instant::now();
        while store.trailing_lag() > 0 && patience.elapsed().as_secs() < 20 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        store.trailing_lag()
    });
    if lagging > 0 {
        world.problem(format!("[store] trailing views stay {lagging} entries behind"));
    }
    let report = world.disk.perform(move |store| store.verify(&blobs, &mut |_| {}))?;
    for difference in report.differences.iter().take(5) {
        world.problem(format!("[store] {difference:?}"));
    }
    Ok(())
}

/// What was recorded, as a hash. Where the store seals with keys of its own, what is sealed counts by its length.
pub fn hash(world: &World) -> Result<String> {
    let mut hasher = Sha256::new();
    for entry in entries(world)? {
        let head = format!(
            "{} {} {} {} {} {} {} {:?} ",
            entry.position,
            entry.stream,
            entry.version,
            entry.name,
            entry.shape,
            entry.at.micros(),
            entry.actor,
            entry.caused_by,
        );
        hasher.update(head.as_bytes());
        if world.disk.is_folder() {
            let mut data: Value = serde_json::from_str(&entry.data)?;
            mask(&mut data);
            hasher.update(data.to_string().as_bytes());
        } else {
            hasher.update(entry.data.as_bytes());
            hasher.update(entry.hash.0);
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Puts a length in the place of everything sealed, and nothing in the place of the names of sealed files.
fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match (name.as_str(), &value) {
                    ("sealed", Value::String(sealed)) => *value = sealed.len().into(),
                    ("original" | "shown", Value::String(_)) => *value = Value::Null,
                    _ => mask(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        _ => {}
    }
}
