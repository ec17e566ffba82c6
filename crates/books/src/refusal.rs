//! Why the books decline.

use lexicon::{ExposureId, Money, PaymentId};

/// Why a command was declined. When several apply, the first listed here is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The amount is negative, or 0 where something must move, or larger than any claim.
    #[error("{}", self.word())]
    Amount,
    /// There is no such payment.
    #[error("{}", self.word())]
    NoSuchPayment {
        /// The payment asked for.
        payment: PaymentId,
    },
    /// Only what the bank rejected is ordered again.
    #[error("{}", self.word())]
    NotRejected {
        /// The payment.
        payment: PaymentId,
        /// Where it stands.
        status: &'static str,
    },
    /// Another payment of the exposure waits for the bank's last word.
    #[error("{}", self.word())]
    PaymentUnderWay {
        /// That payment.
        payment: PaymentId,
    },
    /// Nothing is owed that is not ordered or paid.
    #[error("{}", self.word())]
    NothingLeft,
    /// The payment was ordered before with another amount, exposure or payee.
    #[error("{}", self.word())]
    PaymentDiffers {
        /// The payment.
        payment: PaymentId,
        /// The amount that was ordered.
        ordered: Money,
        /// The amount asked for now.
        asked: Money,
    },
    /// The bank confirms a second time under another number of its own: it may have paid twice.
    #[error("{}", self.word())]
    DoubleConfirmation {
        /// The payment.
        payment: PaymentId,
        /// The number of the first confirmation.
        first: String,
        /// The number of this one.
        second: String,
    },
    /// The bank's word contradicts an earlier end of the payment: paid after rejected or cancelled, rejected after paid.
    #[error("{}", self.word())]
    ContradictsEnd {
        /// The payment.
        payment: PaymentId,
        /// How it had ended.
        status: &'static str,
    },
    /// The payment has ended and is not sent again or taken back.
    #[error("{}", self.word())]
    PaymentEnded {
        /// The payment.
        payment: PaymentId,
        /// How it ended.
        status: &'static str,
    },
    /// The order was handed to the bank and cannot be taken back.
    #[error("{}", self.word())]
    AlreadySent {
        /// The payment.
        payment: PaymentId,
    },
    /// The reserve line would be less than what is ordered from it.
    #[error("{}", self.word())]
    BelowOrdered {
        /// The exposure.
        exposure: ExposureId,
        /// What is ordered.
        ordered: Money,
    },
    /// The reserve line does not cover the order.
    #[error("{}", self.word())]
    ReserveShort {
        /// The exposure.
        exposure: ExposureId,
        /// What is left of its line.
        outstanding: Money,
        /// The amount asked for.
        asked: Money,
    },
    /// The bank's number of an incoming payment was booked with other data.
    #[error("{}", self.word())]
    ReceiptDiffers {
        /// The bank's number.
        bank_reference: String,
    },
    /// Nothing was expected from that source for that cover.
    #[error("{}", self.word())]
    RecoveryNotExpected,
    /// More came than is still expected.
    #[error("{}", self.word())]
    MoreThanExpected {
        /// What is still expected.
        left: Money,
    },
    /// The payee does not hold so much.
    #[error("{}", self.word())]
    NotHeld {
        /// What they hold.
        held: Money,
    },
    /// A set-off of that name was booked with other data.
    #[error("{}", self.word())]
    SetOffDiffers,
    /// What the payment was has been said already, and otherwise.
    #[error("{}", self.word())]
    FoundExplained,
    /// The books know the payment as paid, or for something else.
    #[error("{}", self.word())]
    FoundDiffers,
    /// Less would be expected than has already come.
    #[error("{}", self.word())]
    BelowReceived {
        /// What has come.
        received: Money,
    },
}

impl Refusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(&self) -> &'static str {
        match self {
            Refusal::Amount => "books.refused.amount",
            Refusal::NoSuchPayment { .. } => "books.refused.no-such-payment",
            Refusal::NotRejected { .. } => "books.refused.not-rejected",
            Refusal::PaymentUnderWay { .. } => "books.refused.payment-under-way",
            Refusal::NothingLeft => "books.refused.nothing-left",
            Refusal::PaymentDiffers { .. } => "books.refused.payment-differs",
            Refusal::DoubleConfirmation { .. } => "books.refused.double-confirmation",
            Refusal::ContradictsEnd { .. } => "books.refused.contradicts-end",
            Refusal::PaymentEnded { .. } => "books.refused.payment-ended",
            Refusal::AlreadySent { .. } => "books.refused.already-sent",
            Refusal::BelowOrdered { .. } => "books.refused.below-ordered",
            Refusal::ReserveShort { .. } => "books.refused.reserve-short",
            Refusal::ReceiptDiffers { .. } => "books.refused.receipt-differs",
            Refusal::RecoveryNotExpected => "books.refused.recovery-not-expected",
            Refusal::MoreThanExpected { .. } => "books.refused.more-than-expected",
            Refusal::NotHeld { .. } => "books.refused.not-held",
            Refusal::SetOffDiffers => "books.refused.set-off-differs",
            Refusal::FoundExplained => "books.refused.found-explained",
            Refusal::FoundDiffers => "books.refused.found-differs",
            Refusal::BelowReceived { .. } => "books.refused.below-received",
        }
    }

    /// Values for the sentence, by name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Refusal::MoreThanExpected { left } => vec![("amount", left.to_yuan())],
            _ => vec![],
        }
    }

    /// Whether the bank's account and ours disagree, so that a person must reconcile them.
    pub const fn is_reconciliation(&self) -> bool {
        matches!(
            self,
            Refusal::DoubleConfirmation { .. }
                | Refusal::ContradictsEnd { .. }
                | Refusal::ReceiptDiffers { .. }
        )
    }
}
