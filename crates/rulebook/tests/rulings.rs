//! Rulings as a claims expert reads them.

use lexicon::{Moment, Money, Ratio, Severity};
use rulebook::{
    AmountSource, Cause, Facts, FaultSource, Injury, PolicyFact, Tables, Team, Verdict, Warning, adjudicate,
    triage,
};

/// S1 of the stories: a scrape while parking, assessed from the table at 1,860.00.
fn scrape() -> Facts {
    let at: Moment = "2026-05-02T06:30:00Z".parse().unwrap();
    Facts {
        now: at,
        occurred_at: at,
        notified_at: at,
        policy: PolicyFact::InForce { days: 200 },
        injury: Injury::None,
        cause: Cause::Reversing,
        vehicles: 1,
        other_property: false,
        fault: Some((Ratio::ONE, FaultSource::Single)),
        severity: Some(Severity::Minor),
        estimate: Some(Money::from_yuan(1860)),
        amount_source: Some(AmountSource::PriceTable),
        lines_have_photos: true,
        papers_missing: vec![],
        losses_unknown: false,
        owed: Some(Money::from_yuan(1860)),
        total_loss: false,
        warnings: vec![],
        person_asked: false,
        reopened: false,
    }
}

fn verdict(change: impl FnOnce(&mut Facts)) -> Verdict {
    let mut facts = scrape();
    change(&mut facts);
    adjudicate(&facts, &Tables::shipped().unwrap()).verdict
}

fn refer(team: Team) -> Verdict {
    Verdict::Refer { team }
}

#[test]
fn a_small_clear_claim_is_approved_and_every_doubt_goes_to_people() {
    let yuan = Money::from_yuan;
    assert_eq!(verdict(|_| {}), Verdict::Approve);
    assert_eq!(verdict(|f| f.owed = Some(yuan(5000))), Verdict::Approve);
    assert_eq!(verdict(|f| f.owed = Some(Money::from_fen(500_001))), refer(Team::Approval));
    assert_eq!(verdict(|f| f.owed = Some(Money::ZERO)), refer(Team::Approval));
    assert_eq!(verdict(|f| f.owed = None), refer(Team::Approval));
    assert_eq!(verdict(|f| f.amount_source = Some(AmountSource::Person)), refer(Team::Approval));
    assert_eq!(verdict(|f| f.lines_have_photos = false), refer(Team::Approval));
    assert_eq!(verdict(|f| f.fault = None), refer(Team::Approval));
    assert_eq!(verdict(|f| f.fault = Some((Ratio::ONE, FaultSource::Stated))), refer(Team::Approval));
    assert_eq!(verdict(|f| f.policy = PolicyFact::NotFound), refer(Team::Approval));
    assert_eq!(verdict(|f| f.policy = PolicyFact::NotInForce), refer(Team::Approval));
    assert_eq!(verdict(|f| f.injury = Injury::Light), refer(Team::Injury));
    assert_eq!(verdict(|f| f.total_loss = true), refer(Team::Approval));
    assert_eq!(verdict(|f| f.warnings = vec![Warning::NewPolicy]), refer(Team::Investigation));
    assert_eq!(verdict(|f| f.person_asked = true), refer(Team::Approval));
    assert_eq!(verdict(|f| f.severity = Some(Severity::General)), refer(Team::Approval));
    let missing = vec!["driving-licence".to_owned()];
    assert_eq!(verdict(|f| f.papers_missing = missing.clone()), Verdict::Ask { papers: missing.clone() });
    // Both papers missing and a doubt: people first, they ask for the papers.
    assert_eq!(
        verdict(|f| (f.papers_missing, f.person_asked) = (missing.clone(), true)),
        refer(Team::Approval)
    );
}

#[test]
fn the_gravest_row_grades_the_accident_and_doubt_is_general() {
    let tables = Tables::shipped().unwrap();
    let grade = |change: &dyn Fn(&mut Facts)| {
        let mut facts = scrape();
        change(&mut facts);
        triage(&facts, &tables).severity
    };
    assert_eq!(grade(&|_| {}), Severity::Minor);
    assert_eq!(grade(&|f| f.estimate = Some(Money::from_fen(500_001))), Severity::General);
    assert_eq!(grade(&|f| f.estimate = None), Severity::General);
    assert_eq!(grade(&|f| f.estimate = Some(Money::from_yuan(100_000))), Severity::Major);
    assert_eq!(grade(&|f| f.injury = Injury::Light), Severity::General);
    assert_eq!(grade(&|f| f.injury = Injury::Death), Severity::Major);
    assert_eq!(grade(&|f| f.vehicles = 3), Severity::General);
    assert_eq!(grade(&|f| f.cause = Cause::Theft), Severity::General);
    assert_eq!(grade(&|f| f.other_property = true), Severity::General);
}

#[test]
fn codes_of_rules_are_unique() {
    let mut codes: Vec<_> = rulebook::rules::RULES.iter().map(|rule| (rule.code, rule.version)).collect();
    codes.sort();
    let all = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

#[test]
fn the_price_table_gives_the_sums_of_the_stories() {
    use rulebook::tables::{Damage, Operation, VehicleClass};
    let tables = Tables::shipped().unwrap();
    let day = jiff::civil::date(2026, 5, 2);
    assert!(tables.prices.parts(day).count() >= 40);
    for part in tables.prices.parts(day) {
        for damage in Damage::ALL {
            let proposed = tables.prices.proposed(part, damage);
            for class in VehicleClass::ALL {
                let priced = proposed.and_then(|operation| part.price(operation, class));
                assert!(
                    priced.is_some_and(|price| price > Money::ZERO),
                    "{} {damage:?} {class:?}",
                    part.code
                );
            }
        }
        assert!(part.operations().all(|operation| Operation::ALL.contains(&operation)));
    }
}
