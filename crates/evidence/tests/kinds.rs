//! The registry of kinds and the checks of what is read.

use std::collections::BTreeSet;

use evidence::{Family, Form, KINDS, KindCode};

#[test]
fn every_kind_is_sound() {
    let codes: BTreeSet<&str> = KINDS.iter().map(|kind| kind.code).collect();
    assert_eq!(codes.len(), KINDS.len(), "codes are unique");
    for kind in KINDS {
        assert!(kind.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", kind.code);
        assert_eq!(kind.media.is_empty(), kind.family == Family::Entry, "{}: files have types", kind.code);
        assert_eq!(
            *kind.pictures.start() == 0,
            kind.family == Family::Entry,
            "{}: files are counted",
            kind.code
        );
        assert!(kind.pictures.start() <= kind.pictures.end(), "{}", kind.code);
        for side in kind.sides {
            let names: BTreeSet<&str> = side.fields.iter().map(|field| field.name).collect();
            assert_eq!(names.len(), side.fields.len(), "{} {}: fields are unique", kind.code, side.name);
        }
    }
}

#[test]
fn a_kind_is_stored_as_its_code() {
    let kind: KindCode = "id-card".parse().unwrap();
    assert_eq!(serde_json::to_string(&kind).unwrap(), r#""id-card""#);
    assert!(serde_json::from_str::<KindCode>(r#""passport""#).is_err());
    assert!(kind.personal);
}

#[test]
fn what_could_not_be_read_is_asked_of_a_person() {
    let licence: KindCode = "driving-licence".parse().unwrap();
    let front = licence.side("front").unwrap();
    assert_eq!(
        front.unread(&["licence_no", "name", "class", "valid_from"]),
        ["first_issued_on", "valid_until"]
    );
}

#[test]
fn a_field_is_checked_by_its_form() {
    for (kind, side, field, value, expected) in [
        ("vehicle-licence", "front", "plate", "京A12345", "sound"),
        ("vehicle-licence", "front", "plate", "京A1234", "length"),
        ("vehicle-licence", "front", "vin", "LSVAA4183E2184847", "check-digit"),
        ("vehicle-licence", "front", "owner", "张三", "-"),
        ("vehicle-licence", "front", "registered_on", "2026-02-30", "date"),
        ("vehicle-licence", "back", "inspection_valid_until", "2028-12", "sound"),
        ("vehicle-licence", "back", "inspection_valid_until", "2028-13", "date"),
        ("vehicle-licence", "back", "seats", "5", "sound"),
        ("vehicle-licence", "back", "seats", "五", "character"),
        ("id-card", "back", "valid_until", "long-term", "sound"),
        ("id-card", "back", "valid_from", "long-term", "date"),
        ("invoice", "front", "total_amount", "1860.00", "sound"),
        ("invoice", "front", "total_amount", "1,860.00", "form"),
        ("invoice", "front", "total_amount", "-1.00", "form"),
        ("accident-certificate", "front", "occurred_at", "2026-05-02T14:30:00+08:00", "sound"),
        ("accident-certificate", "front", "occurred_at", "2026-05-02 14:30", "form"),
    ] {
        let form = kind.parse::<KindCode>().unwrap().side(side).unwrap().field(field).unwrap().form;
        let answer = form
            .check(value)
            .map_or("-", |outcome| outcome.map_or_else(|problem| problem.word(), |()| "sound"));
        assert_eq!(answer, expected, "{kind} {field} {value}");
    }
}

#[test]
fn a_list_of_parties_names_their_shares() {
    let certificate: KindCode = "accident-certificate".parse().unwrap();
    let Form::List(fields) = certificate.side("front").unwrap().field("parties").unwrap().form else {
        panic!("parties are a list");
    };
    let fault = fields.iter().find(|field| field.name == "fault").unwrap();
    assert_eq!(fault.form.check("0.7"), Some(Ok(())));
    assert!(fault.form.check("1.1").unwrap().is_err());
}

#[test]
fn every_paper_that_the_shipped_table_asks_for_is_a_kind() {
    let table: toml::Table = include_str!("../../../rules/papers.toml").parse().unwrap();
    let requirements = table["requirement"].as_array().unwrap();
    assert!(requirements.len() > 15);
    for requirement in requirements {
        let any_of = requirement.get("any_of").and_then(|list| list.as_array()).cloned();
        for kind in any_of.unwrap_or_else(|| vec![requirement["kind"].clone()]) {
            assert!(kind.as_str().unwrap().parse::<KindCode>().is_ok(), "{kind}");
        }
    }
}
