//! One payment and where it stands.

use journal::Actor;
use lexicon::{ClaimId, ExposureId, Money, PaymentId, Private};
use sha2::{Digest, Sha256};

use crate::Account;

/// A payment that was ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id, and the reference given to the bank.
    pub id: PaymentId,
    /// The exposure it pays.
    pub exposure: ExposureId,
    /// How much.
    pub amount: Money,
    /// Whom it is owed to: the id of a party.
    pub payee: String,
    /// Where it goes; not known of one that was found on the bank's statement.
    pub account: Option<Private<Account>>,
    /// Who approved it.
    pub approved_by: Actor,
    /// Which approval of the claim.
    pub approval: u32,
    /// Where it stands.
    pub status: PaymentStatus,
}

/// Where a payment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Ordered, never handed to the bank.
    Ordered,
    /// Handed to the bank, which may or may not have paid.
    Sent {
        /// How often it was handed over.
        attempts: u32,
    },
    /// Paid.
    Confirmed {
        /// The bank's own number of it.
        bank_reference: String,
    },
    /// Declined by the bank.
    Rejected {
        /// The bank's reason.
        code: String,
    },
    /// Taken back before it was sent.
    Cancelled,
}

impl Payment {
    /// Whether the amount is taken from the reserve line: ordered, sent or paid.
    pub fn counts(&self) -> bool {
        !matches!(self.status, PaymentStatus::Rejected { .. } | PaymentStatus::Cancelled)
    }

    /// Whether the bank has paid.
    pub fn is_paid(&self) -> bool {
        matches!(self.status, PaymentStatus::Confirmed { .. })
    }

    /// Whether the bank's last word is still out.
    pub fn is_open(&self) -> bool {
        matches!(self.status, PaymentStatus::Ordered | PaymentStatus::Sent { .. })
    }
}

impl PaymentStatus {
    /// The word used in data and message keys.
    pub const fn word(&self) -> &'static str {
        match self {
            PaymentStatus::Ordered => "ordered",
            PaymentStatus::Sent { .. } => "sent",
            PaymentStatus::Confirmed { .. } => "confirmed",
            PaymentStatus::Rejected { .. } => "rejected",
            PaymentStatus::Cancelled => "cancelled",
        }
    }
}

/// The payment of `exposure` by the `approval`th approval of `claim`, after `ended` payments of that approval came to an end that
/// orders it anew ([`Books::next_payment`](crate::Books::next_payment) counts them): always the same id for the same approval until the bank's last word.
///
/// `P` and 31 hexadecimal digits of SHA-256, because banks take references of at most 35 characters (ISO 20022).
pub fn payment_id(claim: &ClaimId, exposure: &ExposureId, approval: u32, ended: u32) -> PaymentId {
    let ended = ended.to_be_bytes();
    let again = (ended != [0; 4]).then_some(&ended[..]);
    let first = [claim.as_str().as_bytes(), exposure.as_str().as_bytes(), &approval.to_be_bytes()[..]];
    named('P', first.into_iter().chain(again))
}

/// The `number`th set-off, from 0, of what is held too much on an exposure of one claim against what is owed on one of another.
pub fn set_off_id(from: (&ClaimId, &ExposureId), to: (&ClaimId, &ExposureId), number: u32) -> PaymentId {
    let (one, other) = ([from.0.as_str(), from.1.as_str()], [to.0.as_str(), to.1.as_str()]);
    let number = number.to_be_bytes();
    named('S', one.iter().chain(&other).map(|text| text.as_bytes()).chain([&number[..]]))
}

/// A letter and 31 hexadecimal digits of what `fields` hash to.
fn named<'a>(letter: char, fields: impl Iterator<Item = &'a [u8]>) -> PaymentId {
    let mut hasher = Sha256::new();
    for field in fields {
        // Behind their lengths no two different lists of fields give the same bytes.
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    let digits: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{letter}{}", &digits[..31]).parse().expect("letters and digits make an id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_named_by_its_approval_alone() {
        let id = |claim: &str, exposure: &str, approval| {
            payment_id(&claim.parse().unwrap(), &exposure.parse().unwrap(), approval, 0).to_string()
        };
        let first = id("A260502-7K3M9Q", "own-damage.v1.property", 1);
        // Written down: an id that changes with a release would pay twice.
        assert_eq!(first, "Pd3d14eb0736771e8d035ea35076d50e");
        let others = [
            id("A260502-7K3M9Q", "own-damage.v1.property", 2),
            id("A260502-7K3M9Q", "own-damage.v1", 1),
            id("A260502-7K3M9R", "own-damage.v1.property", 1),
            id("A260502-7K3M9Qo", "wn-damage.v1.property", 1),
        ];
        assert!(others.iter().all(|other| *other != first));
    }
}
