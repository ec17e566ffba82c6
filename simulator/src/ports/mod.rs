//! The ports of the product, with weather in them.

mod gate;
mod kept;
mod outside;
mod vault;

pub use gate::{BROKEN_FROM, Gate, Plain, QuickPictures, SeededChance, picture};
pub use kept::{Forgetful, StormyStore};
pub use outside::{StormyBank, StormyMessenger};
pub use vault::SeededVault;
