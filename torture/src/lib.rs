//! Torture: what a served product and its store go through before anybody has to trust them. For developers; nothing of it is in a
//! product.
//!
//! - [`disk`]: a disk for SQLite whose power is cut at any moment, and which is full or broken when told to be.
//! - [`rounds`]: served processes killed under load, and compared with what their clients were told.
//! - `objects`: a store of objects that speaks S3, and all that can go wrong with one.
//! - [`load`]: customers, programs and staff at a real server, steadily and all at once.

pub mod anpei;
pub mod dice;
pub mod disk;
pub mod http;
pub mod load;
#[cfg(feature = "objects")]
pub mod objects;
pub mod postgres;
pub mod rounds;

pub use dice::Dice;
