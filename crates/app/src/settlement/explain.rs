//! The statement in plain words.

use coverage::{Accident, Debtor, Line, Statement};

use super::says;
use crate::words::{Arg, Lang, Words};

/// The statement as text for people, in `lang`: who pays what and why, what is claimed back, what stays unpaid.
pub fn explain(statement: &Statement, accident: &Accident, lang: Lang) -> String {
    let words = Words::of(lang);
    let id = |vehicle: usize| -> Arg<'static> { accident.vehicles[vehicle].id.to_string().into() };
    let payee = |of: coverage::Payee| -> Arg<'static> { of.id(accident).to_string().into() };
    let mut text = Vec::new();
    let mut say = |code: &str, args: &[(&str, Arg<'_>)]| text.push(words.say_with(code, args).into_owned());
    if statement.mutual_self_claim {
        say("settle.explain.mutual", &[]);
    }
    for pending in &statement.pending {
        say(&format!("settle.explain.pending.{}", pending.word()), &[]);
    }
    if statement.lines.is_empty() {
        say("settle.explain.nothing", &[]);
    }
    for line in &statement.lines {
        let kind = line.bucket.map_or("all".into(), |bucket| bucket.word().replace('_', "-"));
        let code =
            if line.payer == line.paid_by { "settle.explain.line" } else { "settle.explain.line.on-behalf" };
        let mut args = vec![
            ("payer", id(line.payer)),
            ("cover", Arg::Code(format!("settle.cover.{}", line.cover.word()).into())),
            ("payee", payee(line.payee)),
            ("bucket", Arg::Code(format!("settle.bucket.{kind}").into())),
            ("amount", line.amount.into()),
        ];
        if line.payer != line.paid_by {
            args.push(("insurer", id(line.paid_by)));
        }
        say(code, &args);
        for step in because(line, accident, words) {
            say("settle.explain.step", &[("sentence", step.into())]);
        }
    }
    for recovery in &statement.recoveries {
        let from = match recovery.from {
            Debtor::Vehicle(vehicle) => id(vehicle),
            Debtor::Driver => Arg::Code("settle.explain.driver".into()),
        };
        let ground = recovery.ground.word();
        let ground = Arg::Code(format!("settle.cover.{ground}").into());
        let args =
            [("by", id(recovery.by)), ("from", from), ("ground", ground), ("amount", recovery.amount.into())];
        say("settle.explain.recovery", &args);
    }
    for unpaid in &statement.unpaid {
        let bucket = format!("settle.bucket.{}", unpaid.bucket.word().replace('_', "-"));
        let args = [
            ("payee", payee(unpaid.payee)),
            ("bucket", Arg::Code(bucket.into())),
            ("amount", unpaid.amount.into()),
        ];
        say("settle.explain.unpaid", &args);
    }
    for (vehicle, total) in &statement.totals {
        say("settle.explain.total", &[("payer", id(*vehicle)), ("amount", (*total).into())]);
    }
    for (vehicle, total) in statement.paid_totals.iter().filter(|_| statement.totals != statement.paid_totals)
    {
        say("settle.explain.paid-total", &[("insurer", id(*vehicle)), ("amount", (*total).into())]);
    }
    text.push(String::new());
    text.join("\n")
}

fn because(line: &Line, accident: &Accident, words: &Words) -> Vec<String> {
    line.because.iter().map(|step| says::sentence(step, accident, words)).collect()
}
