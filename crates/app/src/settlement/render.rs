//! The statement as JSON.

use coverage::{Accident, Bucket, Debtor, Exact, Line, Statement, Step, Term};
use lexicon::Money;
use serde_json::{Map, Value, json};

use super::says;
use crate::words::{Lang, Words};

/// The statement as a JSON document; its reasons in `lang`.
pub fn render(statement: &Statement, accident: &Accident, lang: Lang) -> String {
    let words = Words::of(lang);
    let id = |vehicle: usize| &*accident.vehicles[vehicle].id;
    let totals = |totals: &[(usize, Money)]| -> Map<String, Value> {
        totals.iter().map(|(vehicle, total)| (id(*vehicle).to_owned(), json!(total.to_yuan()))).collect()
    };
    let recoveries = statement.recoveries.iter().map(|recovery| {
        let from = match recovery.from {
            Debtor::Vehicle(vehicle) => id(vehicle),
            Debtor::Driver => "driver",
        };
        json!({
            "by": id(recovery.by),
            "from": from,
            "cover": recovery.ground.word(),
            "amount": recovery.amount.to_yuan(),
        })
    });
    let unpaid = statement.unpaid.iter().map(|unpaid| {
        json!({
            "payee": &**unpaid.payee.id(accident),
            "bucket": unpaid.bucket.word(),
            "amount": unpaid.amount.to_yuan(),
        })
    });
    let document = json!({
        "mutual_self_claim": statement.mutual_self_claim,
        "lines": statement.lines.iter().map(|entry| line(entry, accident, words)).collect::<Vec<_>>(),
        "recoveries": recoveries.collect::<Vec<_>>(),
        "unpaid": unpaid.collect::<Vec<_>>(),
        "totals": totals(&statement.totals),
        "paid_totals": totals(&statement.paid_totals),
        "pending": statement.pending.iter().map(|pending| pending.word()).collect::<Vec<_>>(),
    });
    format!("{document:#}")
}

fn line(line: &Line, accident: &Accident, words: &Words) -> Value {
    json!({
        "payer": &*accident.vehicles[line.payer].id,
        "paid_by": &*accident.vehicles[line.paid_by].id,
        "cover": line.cover.word(),
        "payee": &**line.payee.id(accident),
        "bucket": line.bucket.map_or("all", Bucket::word),
        "amount": line.amount.to_yuan(),
        "because": line.because.iter().map(|entry| step(entry, accident, words)).collect::<Vec<_>>(),
    })
}

/// `value` is to the fen; where that is not exact, `exact` is the fraction of yuan behind it.
fn step(step: &Step, accident: &Accident, words: &Words) -> Value {
    let value = step.value();
    let mut entry = Map::new();
    entry.insert("rule".into(), step.code().into());
    entry.insert("says".into(), says::sentence(step, accident, words).into());
    entry.insert("value".into(), to_the_fen(&value).into());
    if !value.is_whole() {
        entry.insert("exact".into(), value.to_yuan().into());
    }
    let terms: Map<String, Value> = step
        .terms()
        .into_iter()
        .map(|(name, term)| {
            let value = match term {
                Term::Amount(exact) => exact.to_yuan().into(),
                Term::Rate(rate) => rate.to_string().into(),
                Term::Count(count) => count.into(),
                Term::Vehicle(vehicle) => (*accident.vehicles[vehicle].id).into(),
            };
            (name.to_owned(), value)
        })
        .collect();
    entry.insert("with".into(), terms.into());
    entry.into()
}

fn to_the_fen(exact: &Exact) -> String {
    exact.half_up().map_or_else(|| exact.to_yuan(), |fen| Money::from_fen(fen).to_yuan())
}
