//! The nouns that every floor shares, each with a constructor that checks it.
//!
//! A type is admitted here only when two crates need it and it has no behaviour beyond its own value.
//! Start reading at [`Money`]; personal text is [`Private`].
//!
//! # Invariants
//!
//! - **Money never meets a float.** [`Money`] is integer fen, [`Ratio`] is exact, every division names its rounding.
//! - **Personal text has no plain form here.** [`Private`] holds sealed text only; opening it needs a [`Vault`] and a reason.
//! - No I/O, no clock, no randomness.

mod id;
pub mod identifier;
mod legal_days;
mod moment;
mod money;
mod position;
mod private;
mod ratio;
mod severity;

pub use id::{
    AccountId, BadId, BlobId, ClaimId, ClaimNumber, ExposureId, IncidentId, PaymentId, PolicyId, SubjectId,
};
pub use identifier::{BankCard, IdNumber, OrgCode, Phone, Plate, PlateKind, Sex, Uscc, Vin};
pub use legal_days::{BadCalendar, RestDays};
pub use moment::{BadMoment, Moment};
pub use money::{Money, MoneyError};
pub use position::{BadPosition, Gcj02, Wgs84};
pub use private::{KeyedHash, Opened, Private, Reason, Vault, VaultError};
pub use ratio::{BadRatio, Ratio, Rounding};
pub use severity::Severity;
