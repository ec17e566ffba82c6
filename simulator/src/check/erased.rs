//! Plain text stands nowhere, and what was sealed for somebody who was erased opens nowhere.

use anyhow::Result;
use futures::executor::block_on;
use insight::VIEWS;
use insight::view::{Query, Value as Cell, Views};
use journal::Recorded;
use lexicon::{BlobId, SubjectId};
use serde_json::Value;

use app::ports::Blobs;

use crate::world::World;

/// Everything that is kept, as text or bytes, with its place.
struct Found {
    place: String,
    bytes: Vec<u8>,
}

/// Holds everything that is kept against what nobody may read.
pub(super) fn unreadable(world: &World, entries: &[Recorded]) -> Result<()> {
    let erased = world.erased();
    let vault = world.vault();
    let mut sealed = vec![];
    let mut blobs = vec![];
    for entry in entries {
        let data: Value = serde_json::from_str(&entry.data)?;
        collect(&data, &mut sealed);
        if &*entry.name == "EvidenceAccepted"
            && let Some(subject) = data["subject"].as_str()
        {
            let ids = ["original", "shown"].map(|name| data[name].as_str().and_then(|id| id.parse().ok()));
            blobs.extend(ids.into_iter().flatten().map(|id: BlobId| (subject.to_owned(), id)));
        }
    }
    let is_erased = |subject: &SubjectId| erased.contains(subject);
    for (subject, text) in &sealed {
        let subject: SubjectId = subject.parse()?;
        let opened = vault.open(&subject, text);
        let fits = match &opened {
            Ok(opened) => opened.is_none() == is_erased(&subject),
            Err(_) => false,
        };
        if !fits {
            let how = opened.map(|opened| opened.is_some());
            world.problem(format!(
                "[erased] text of {subject}: erased {}, opens {how:?}",
                is_erased(&subject)
            ));
            break;
        }
    }
    let mut found: Vec<Found> = entries
        .iter()
        .map(|entry| Found { place: entry.stream.to_string(), bytes: entry.data.as_bytes().to_vec() })
        .collect();
    for (subject, id) in blobs {
        let subject: SubjectId = subject.parse()?;
        let kept = id.clone();
        let Some(bytes) = world.disk.perform(move |store| block_on(store.fetch(&kept)))? else { continue };
        let opened = vault.open_bytes(&subject, &bytes);
        if opened.as_ref().map(Option::is_none) != Ok(is_erased(&subject)) {
            world.problem(format!("[erased] file {id} of {subject}: erased {}", is_erased(&subject)));
        }
        found.push(Found { place: id.to_string(), bytes });
    }
    found.extend(rows(world)?);
    let secrets = world.requests.list().into_iter().flat_map(|sent| sent.op.secrets());
    let mut secrets: Vec<String> = secrets.filter(|secret| secret.len() > 6).collect();
    secrets.sort_unstable();
    secrets.dedup();
    let all: Vec<u8> = found.iter().flat_map(|found| found.bytes.iter().copied().chain([b'\n'])).collect();
    let all = String::from_utf8_lossy(&all);
    if let Some(secret) = secrets.iter().find(|secret| all.contains(secret.as_str())) {
        let place =
            found.iter().find(|found| String::from_utf8_lossy(&found.bytes).contains(secret.as_str()));
        let place = place.map_or("a view", |found| &found.place);
        world.problem(format!("[erased] plain text stands in {place}"));
    }
    Ok(())
}

/// Every row of every view, as text.
fn rows(world: &World) -> Result<Vec<Found>> {
    let mut found = vec![];
    for view in VIEWS {
        let index = view.indexes.first().map(|index| index.name);
        let rows = world.disk.perform(move |store| {
            let query = Query { view, index, ..Query::of(view, index.unwrap_or_default(), 100_000) };
            block_on(store.page(query))
        })?;
        for row in rows {
            let cells = row.iter().filter_map(|cell| match cell {
                Cell::Text(text) => Some(text.to_string()),
                _ => None,
            });
            let text = cells.collect::<Vec<_>>().join("\u{1}");
            found.push(Found { place: format!("view {}", view.name), bytes: text.into_bytes() });
        }
    }
    Ok(found)
}

/// Every sealed text in `data` with its subject.
fn collect(data: &Value, found: &mut Vec<(String, String)>) {
    match data {
        Value::Object(fields) => {
            if let (Some(subject), Some(sealed)) =
                (fields.get("subject").and_then(Value::as_str), fields.get("sealed").and_then(Value::as_str))
            {
                found.push((subject.to_owned(), sealed.to_owned()));
            }
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}
