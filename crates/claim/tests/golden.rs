//! Every event that was ever stored reads back and is written the same. The files are never edited.

use std::collections::BTreeSet;
use std::path::Path;

use journal::{DecodeError, Event};

#[test]
fn every_stored_shape_of_a_claim_reads_back_and_is_written_the_same() {
    check::<claim::Event>();
}

#[test]
fn every_stored_shape_of_an_accident_reads_back_and_is_written_the_same() {
    check::<claim::incident::Event>();
}

#[test]
fn every_stored_shape_of_a_vehicles_history_reads_back_and_is_written_the_same() {
    check::<claim::history::Event>();
}

#[track_caller]
fn check<E: Event>() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events").join(E::CATEGORY);
    let mut current = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (name, shape) = stem.split_once(".v").expect("Name.v1.json");
        let shape: u16 = shape.parse().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let stored = value.to_string();
        let event = E::decode(name, shape, &stored).unwrap_or_else(|error| panic!("{stem}: {error}"));
        let written = event.encode();
        assert_eq!((written.name, event.name()), (name, name));
        if written.shape == shape {
            assert_eq!(written.data, stored, "{stem}");
            current.insert((written.name, shape));
        }
    }
    assert_eq!(current, E::NAMES.iter().copied().collect(), "an event without its golden file");
}

#[test]
fn a_newer_or_foreign_event_is_named_not_guessed() {
    for (name, shape) in [("Notified", 2), ("Notified", 0), ("Reserved", 1)] {
        let read = claim::Event::decode(name, shape, "{}");
        assert!(matches!(read, Err(DecodeError::Unknown { .. })), "{name} {shape}");
    }
    let misshapen = claim::Event::decode("Closed", 1, r#"{"paid":"1.00"}"#);
    assert!(matches!(misshapen, Err(DecodeError::Shape { .. })));
}
