//! A payment of which only the bank knew, as after a restore: what people say of it.

use journal::Actor;
use lexicon::{ExposureId, Money, PaymentId, Private};
use serde::{Deserialize, Serialize};

use crate::{
    Books, Event, FoundSetAside, FoundStated, Payment, PaymentConfirmed, PaymentFound, Refusal, Reserved,
};

/// A payment that stands on the bank's statement and that the books do not explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The reference it was asked for under.
    pub payment: PaymentId,
    /// How much left our account.
    pub amount: Money,
    /// The bank's own number of it.
    pub bank_reference: String,
}

/// What people say that such a payment was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Meaning {
    /// It paid what an exposure is owed.
    Paid {
        /// The exposure.
        exposure: ExposureId,
        /// Who has it: the id of a party.
        payee: String,
    },
    /// It paid nothing here: it came back, or belongs elsewhere.
    SetAside {
        /// Why.
        reason: Private<String>,
    },
}

impl Meaning {
    /// Whether both say the same. Reasons are not compared: two people word them in two ways.
    fn agrees(&self, other: &Meaning) -> bool {
        match (self, other) {
            (Meaning::Paid { .. }, Meaning::Paid { .. }) => self == other,
            (Meaning::SetAside { .. }, Meaning::SetAside { .. }) => true,
            _ => false,
        }
    }
}

/// `by` says what `found` was. Where one person may not say so `alone`, it holds once another says the same.
pub(crate) fn state_found(
    books: &Books,
    found: Found,
    meaning: Meaning,
    by: Actor,
    alone: bool,
) -> Result<Vec<Event>, Refusal> {
    let known = books.payment(&found.payment);
    let as_said = |payment: &Payment| match &meaning {
        Meaning::Paid { exposure, .. } => {
            payment.is_paid() && (&payment.exposure, payment.amount) == (exposure, found.amount)
        }
        Meaning::SetAside { .. } => false,
    };
    match (books.explained(&found.payment), known) {
        (Some(false), _) if matches!(meaning, Meaning::SetAside { .. }) => return Ok(Vec::new()),
        (_, Some(payment)) if as_said(payment) => return Ok(Vec::new()),
        (Some(_), _) => return Err(Refusal::FoundExplained),
        (None, Some(payment)) if contradicts(payment, &found, &meaning) => return Err(Refusal::FoundDiffers),
        (None, _) => {}
    }
    let first = books.stated(&found.payment);
    let first = first.filter(|first| first.amount == found.amount && first.meaning.agrees(&meaning));
    let (first, second) = match first {
        Some(first) if first.by != by => (first.clone(), Some(by)),
        Some(_) if !alone => return Ok(Vec::new()),
        _ => {
            let Found { payment, amount, bank_reference } = found;
            let stated = FoundStated { payment, amount, bank_reference, meaning, by };
            if !alone {
                return Ok(vec![stated.into()]);
            }
            (stated, None)
        }
    };
    Ok(explain(books, first, second))
}

/// Whether the books know the payment in a way that leaves no room for `meaning`.
fn contradicts(payment: &Payment, found: &Found, meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Paid { exposure, payee } => {
            payment.is_paid() || payment.exposure != *exposure || payment.payee != *payee
        }
        Meaning::SetAside { .. } => payment.is_open() || payment.is_paid() && payment.amount == found.amount,
    }
}

fn explain(books: &Books, stated: FoundStated, agreed_by: Option<Actor>) -> Vec<Event> {
    let FoundStated { payment, amount, bank_reference, meaning, by } = stated;
    let (exposure, payee) = match meaning {
        Meaning::SetAside { reason } => {
            return vec![FoundSetAside { payment, amount, bank_reference, reason, by, agreed_by }.into()];
        }
        Meaning::Paid { exposure, payee } => (exposure, payee),
    };
    let mut events = Vec::new();
    // What has left is taken from a line like any other payment; the line is raised where it would not cover it.
    let before = books.reserve(&exposure);
    let counted =
        books.payment(&payment).filter(|known| known.counts()).map_or(Money::ZERO, |known| known.amount);
    let after = [books.ordered_total(&exposure).less(counted), amount].into_iter().sum::<Money>();
    if before < after {
        events.push(Reserved { exposure: exposure.clone(), before, after }.into());
    }
    let confirmed = PaymentConfirmed { payment: payment.clone(), bank_reference };
    events.push(PaymentFound { payment, exposure, amount, payee, by, agreed_by }.into());
    events.push(confirmed.into());
    events
}
