//! What may be asked of the books.

use journal::Actor;
use lexicon::{ExposureId, Moment, Money, PaymentId, Private};

use crate::{Account, Found, Meaning, SetOff};

/// A command to the books of one claim. Asking for what is already so makes no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Sets the reserve line of `exposure`: its whole expected cost, payments already ordered included.
    Reserve {
        /// The exposure.
        exposure: ExposureId,
        /// The line from now on; not below what is ordered.
        amount: Money,
    },
    /// Orders every payment of one approval, or none.
    Order {
        /// The payments. One that was ordered before is passed over.
        orders: Vec<Order>,
        /// Who approved them.
        approved_by: Actor,
        /// Which approval of the claim, from 1.
        approval: u32,
    },
    /// Orders once more what the bank rejected: what is owed and neither ordered nor paid, under a reference of its own.
    OrderAgain {
        /// The payment that was rejected.
        rejected: PaymentId,
        /// The new one, from [`payment_id`](crate::payment_id).
        payment: PaymentId,
        /// What the exposure is owed in all.
        owed: Money,
        /// Where it goes.
        account: Private<Account>,
        /// Who approved what is owed.
        approved_by: Actor,
        /// Which approval of the claim, from 1.
        approval: u32,
    },
    /// The payment is about to be handed to the bank, for the first time or again.
    MarkSent {
        /// The payment.
        payment: PaymentId,
    },
    /// The bank says that it has paid.
    Confirm {
        /// The payment.
        payment: PaymentId,
        /// The bank's own number of it.
        bank_reference: String,
    },
    /// The bank says that it will not pay.
    Reject {
        /// The payment.
        payment: PaymentId,
        /// The bank's reason, as a code.
        code: String,
    },
    /// Takes back an order that was not sent.
    Cancel {
        /// The payment.
        payment: PaymentId,
    },
    /// Gives up what is left of a reserve line.
    Release {
        /// The exposure.
        exposure: ExposureId,
    },
    /// Sets what a source is to give back for a cover.
    ExpectRecovery {
        /// Who: the id of a party or of an insurer.
        from: String,
        /// For which cover, as a code.
        cover: String,
        /// How much in all.
        amount: Money,
    },
    /// Money came back from a source of which it was expected.
    ReceiveRecovery {
        /// Who gave it.
        from: String,
        /// For which cover.
        cover: String,
        /// How much came this time.
        amount: Money,
        /// The bank's own number of the incoming payment; one number is booked once.
        bank_reference: String,
        /// When it came to our account.
        arrived_at: Moment,
    },
    /// What a payee holds too much here is kept by them for what they are owed elsewhere (抵销).
    GiveSetOff(SetOff),
    /// What a payee is owed here they hold already from elsewhere.
    TakeSetOff(SetOff),
    /// Somebody says what a payment was of which only the bank knew.
    StateFound {
        /// The payment, as it stands on the bank's statement.
        found: Found,
        /// What it was.
        meaning: Meaning,
        /// Who says so.
        by: Actor,
        /// Whether one person is enough; otherwise it holds once another says the same.
        alone: bool,
    },
}

/// One payment to be ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// From [`payment_id`](crate::payment_id).
    pub payment: PaymentId,
    /// The exposure it pays.
    pub exposure: ExposureId,
    /// How much; see [`Books::still_to_order`](crate::Books::still_to_order).
    pub amount: Money,
    /// Whom it is owed to: the id of a party.
    pub payee: String,
    /// Where it goes.
    pub account: Private<Account>,
}
