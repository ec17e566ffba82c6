//! The views, one file each.

pub(crate) mod accounts;
pub(crate) mod claims;
pub(crate) mod counted;
pub(crate) mod doors;
pub(crate) mod flow;
pub(crate) mod followers;
pub(crate) mod messages;
pub(crate) mod money;
pub(crate) mod photos;
pub(crate) mod policies;
pub(crate) mod tasks;

use crate::view::{FoldError, Value};
use journal::Recorded;

/// The id part of the entry's stream, as a cell.
fn id(entry: &Recorded) -> Value {
    Value::from(entry.stream.id())
}

/// A sealed value as it is stored: JSON of subject and sealed text.
fn sealed<T>(value: &lexicon::Private<T>) -> Result<String, FoldError> {
    serde_json::to_string(value).map_err(|_| FoldError::Shape { view: "any", column: "sealed" })
}
