//! What no line pays of each item.

use lexicon::Money;

use crate::items::Item;
use crate::{Accident, Bucket, Exact, Line, Payee, Refusal, Unpaid, rounding};

pub(crate) fn of(accident: &Accident, items: &[Item<'_>], lines: &[Line]) -> Result<Vec<Unpaid>, Refusal> {
    let paid = |payee: Payee, bucket: Option<Bucket>| -> Money {
        lines.iter().filter(|line| line.payee == payee && line.bucket == bucket).map(|line| line.amount).sum()
    };
    let short = |item: &Item<'_>| item.loss.less(&paid(item.payee, Some(item.bucket)).into());
    let mut unpaid = Vec::new();
    for item in items {
        let received = match (item.payee, item.bucket) {
            (Payee::Vehicle(vehicle), _) => accident.vehicles[vehicle].damage.third_party_received,
            (payee, Bucket::Medical) => paid(payee, None),
            // What the seat's cover pays goes to medical cost first.
            (payee, Bucket::DeathDisability) => {
                let medical =
                    items.iter().find(|other| other.payee == payee && other.bucket == Bucket::Medical);
                let medical = rounding::alone(&medical.map_or(Exact::ZERO, short))?;
                paid(payee, None).less(Money::from_fen(medical))
            }
            _ => Money::ZERO,
        };
        let amount = Money::from_fen(rounding::alone(&short(item).less(&received.into()))?);
        if !amount.is_zero() {
            unpaid.push(Unpaid { payee: item.payee, bucket: item.bucket, amount });
        }
    }
    Ok(unpaid)
}
