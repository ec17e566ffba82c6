//! The life of a policy: what is refused, and what an accident stands on.

use jiff::tz::TimeZone;
use journal::Decider;
use lexicon::{KeyedHash, Moment, Money, Opened, Reason, SubjectId, Vault, VaultError};
use register::import::{Format, import};
use register::{Command, Content, Covers, Policy, Refusal, plate_key};

#[test]
fn an_accident_stands_on_the_version_of_its_day() {
    let policy = lived(vec![
        register(),
        amend("2026-05-01", 2_000_000),
        amend("2026-08-01", 3_000_000),
        cancel("2026-10-01"),
    ]);
    for (at, expected) in [
        ("2025-12-31", None),
        ("2026-01-01", Some(1_000_000)),
        ("2026-04-30", Some(1_000_000)),
        ("2026-05-01", Some(2_000_000)),
        ("2026-09-30", Some(3_000_000)),
        ("2026-10-01", None),
        ("2027-01-01", None),
    ] {
        let limit = policy.at(day(at)).and_then(|content| content.covers.third_party);
        assert_eq!(limit, expected.map(Money::from_yuan), "{at}");
        assert_eq!(policy.in_force(day(at)), expected.is_some(), "{at}");
    }
}

#[test]
fn the_last_day_is_covered_to_its_end() {
    let policy = lived(vec![register()]);
    assert!(policy.in_force("2026-12-31T23:59:59+08:00".parse().unwrap()));
    assert!(!policy.in_force("2027-01-01T00:00:00+08:00".parse().unwrap()));
}

#[test]
fn refusals_come_in_their_written_order() {
    let bad_period = || Content {
        ends_at: content().starts_at,
        compulsory: false,
        covers: Covers::default(),
        ..content()
    };
    let bare = || Content { compulsory: false, covers: Covers::default(), ..content() };
    let register_as = |content| Command::Register { policy: "AN2026-000101".parse().unwrap(), content };
    let amend_to = |at, content| Command::Amend { effective_at: day(at), content };
    for (what, before, command, expected) in [
        ("twice", vec![register()], register_as(bad_period()), Refusal::AlreadyRegistered),
        ("after its end", vec![register(), cancel("2026-03-01")], register(), Refusal::AlreadyRegistered),
        ("unknown", vec![], amend_to("2025-01-01", bad_period()), Refusal::NotRegistered),
        ("unknown", vec![], cancel("2026-03-01"), Refusal::NotRegistered),
        (
            "cancelled",
            vec![register(), cancel("2026-03-01")],
            amend_to("2025-01-01", bad_period()),
            Refusal::Cancelled,
        ),
        ("cancelled twice", vec![register(), cancel("2026-03-01")], cancel("2026-03-01"), Refusal::Cancelled),
        ("both wrong", vec![], register_as(bad_period()), Refusal::PeriodEmpty),
        ("nothing covered", vec![], register_as(bare()), Refusal::NothingCovered),
        ("nothing covered", vec![register()], amend_to("2025-01-01", bare()), Refusal::NothingCovered),
        ("before the cover", vec![register()], amend("2025-12-31", 1), Refusal::OutsidePeriod),
        ("after the cover", vec![register()], cancel("2027-01-01"), Refusal::OutsidePeriod),
        (
            "behind another",
            vec![register(), amend("2026-05-01", 1)],
            amend("2026-04-30", 2),
            Refusal::OutOfOrder,
        ),
        (
            "behind another",
            vec![register(), amend("2026-05-01", 1)],
            cancel("2026-04-30"),
            Refusal::OutOfOrder,
        ),
    ] {
        assert_eq!(Policy::decide(&lived(before), command), Err(expected), "{what}");
    }
}

#[test]
fn what_has_happened_is_never_refused() {
    // Events of another stream, in a senseless order: the state takes them without a panic.
    let senseless = [cancel("2026-03-01"), amend("2026-05-01", 1)];
    let policy = lived(vec![register()]);
    let events = senseless.into_iter().flat_map(|command| Policy::decide(&policy, command).unwrap());
    let state = events.fold(Policy::default(), |state, event| Policy::evolve(state, &event));
    assert_eq!(state.id(), None);
    assert_eq!(state.cancelled_at(), Some(day("2026-03-01")));
    assert_eq!(state.versions().len(), 1);
}

#[test]
fn a_policy_is_sealed_and_found_by_its_hashes() {
    let content = content();
    let stored = serde_json::to_string(&content).unwrap();
    for plain in ["林知远", "13800010101", "1101051986", "京N8K621", "LSVAA418"] {
        assert!(!stored.contains(plain), "{plain}");
    }
    let plate = content.vehicle.plate.open(&Glass, Reason::Verification).unwrap();
    let Opened::Known(plate) = plate else { panic!("the glass vault erases nobody") };
    assert_eq!(plate.as_str(), "京N8K621");
    assert_eq!(plate_key(&Glass, &plate), content.keys.plate);
}

#[test]
fn the_settlement_gets_what_was_bought() {
    let bought = content().commercial(true).unwrap();
    assert_eq!(bought.own_damage.unwrap().sum_insured, Money::from_yuan(150_000));
    assert_eq!((bought.third_party, bought.holiday), (Some(Money::from_yuan(1_000_000)), true));
    let compulsory_only = Content { covers: Covers::default(), ..content() };
    assert_eq!(compulsory_only.commercial(false), None);
    let rate = content_of(6).commercial(false).unwrap().riders;
    let coverage::Rider::AbsoluteDeductibleRate { covers, .. } = rate[0] else {
        panic!("the seventh row has the rider")
    };
    assert!(covers.has(coverage::Cover::OwnDamage) && covers.has(coverage::Cover::ThirdParty));
    assert!(!covers.has(coverage::Cover::Driver));
}

fn lived(commands: Vec<Command>) -> Policy {
    commands.into_iter().fold(Policy::default(), |policy, command| {
        let events = Policy::decide(&policy, command).unwrap();
        events.iter().fold(policy, Policy::evolve)
    })
}

fn register() -> Command {
    Command::Register { policy: "AN2026-000101".parse().unwrap(), content: content() }
}

fn amend(from: &str, third_party_yuan: i64) -> Command {
    let mut content = content();
    content.covers.third_party = Some(Money::from_yuan(third_party_yuan));
    Command::Amend { effective_at: day(from), content }
}

fn cancel(from: &str) -> Command {
    Command::Cancel { effective_at: day(from) }
}

fn day(text: &str) -> Moment {
    format!("{text}T00:00:00+08:00").parse().unwrap()
}

fn content() -> Content {
    content_of(0)
}

/// The content of one row of the shipped sample.
fn content_of(row: usize) -> Content {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let sample = import(include_bytes!("../../../fixtures/policies.csv"), Format::Csv, &zone).unwrap();
    let subject: SubjectId = "holder-1".parse().unwrap();
    Content::seal(&Glass, &subject, &sample.rows[row].row).unwrap()
}

/// A vault that anyone can look into: it turns every bit over.
struct Glass;

impl Vault for Glass {
    fn seal(&self, _: &SubjectId, plain: &[u8]) -> Result<String, VaultError> {
        Ok(plain.iter().map(|byte| format!("{:02x}", !byte)).collect())
    }

    fn open(&self, _: &SubjectId, sealed: &str) -> Result<Option<Vec<u8>>, VaultError> {
        let byte = |at| u8::from_str_radix(&sealed[at..at + 2], 16).map(|byte| !byte);
        (0..sealed.len())
            .step_by(2)
            .map(byte)
            .collect::<Result<_, _>>()
            .map(Some)
            .map_err(|_| VaultError::Broken)
    }

    fn seal_bytes(&self, _: &SubjectId, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(plain.iter().map(|byte| !byte).collect())
    }

    fn open_bytes(&self, _: &SubjectId, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(Some(sealed.iter().map(|byte| !byte).collect()))
    }

    fn keyed_hash(&self, purpose: &str, plain: &[u8]) -> KeyedHash {
        let sum = purpose
            .bytes()
            .chain(plain.iter().copied())
            .fold(7u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        KeyedHash::from_text(&format!("{sum:016x}"))
    }
}
