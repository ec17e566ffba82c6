//! The nouns that doors need to build what use cases take. Doors parse into these and decide nothing.

pub use claim::command::Pick;
pub use claim::events::{BankAccount, Contact, ReopenCause, Service};
pub use claim::incident::{
    CircumstancesCorrected, FaultDetermined, LossStated, PartyId, Seat, TotalLoss, Victim,
};
pub use claim::state::{Channel, DamageGuess};
pub use claim::{RiderTerms, Stage, TaskKind, Terms};
pub use register::import::{Format, Remark};
pub use rulebook::tables::{Act, Damage, Operation};
pub use rulebook::{AmountSource, Cause, FaultSource, Injury, Team};
