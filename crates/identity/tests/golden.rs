//! Every event that was ever stored reads back and is written the same. The files are never edited.

use std::collections::BTreeSet;
use std::path::Path;

use identity::Event;
use identity::door::{DeliveryEvent, EndpointEvent};
use journal::Event as _;

#[test]
fn every_stored_shape_of_an_account_reads_back_and_is_written_the_same() {
    check::<Event>("");
}

#[test]
fn every_stored_shape_of_an_address_reads_back_and_is_written_the_same() {
    check::<EndpointEvent>("endpoint");
}

#[test]
fn every_stored_shape_of_a_message_reads_back_and_is_written_the_same() {
    check::<DeliveryEvent>("delivery");
}

#[track_caller]
fn check<E: journal::Event>(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events").join(folder);
    let mut current = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (name, shape) = stem.split_once('.').expect("Name.shape.json");
        let shape: u16 = shape.parse().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let stored = value.to_string();
        let event = E::decode(name, shape, &stored).unwrap_or_else(|error| panic!("{stem}: {error}"));
        let written = event.encode();
        assert_eq!(written.name, name);
        if written.shape == shape {
            assert_eq!(written.data, stored, "{stem}");
            current.insert((written.name, shape));
        }
    }
    assert_eq!(current, E::NAMES.iter().copied().collect(), "an event without its golden file");
}

#[test]
fn a_newer_or_foreign_event_is_named_not_guessed() {
    for (name, shape) in [("AccountOpened", 2), ("Notified", 1)] {
        assert!(
            matches!(Event::decode(name, shape, "{}"), Err(journal::DecodeError::Unknown { .. })),
            "{name}"
        );
    }
    let misshapen = Event::decode("SignInFailed", 1, r#"{"failures":-1}"#);
    assert!(matches!(misshapen, Err(journal::DecodeError::Shape { .. })));
}
