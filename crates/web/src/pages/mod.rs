//! The pages: one file each, handler and view together.

pub mod design;
pub(crate) mod sign_in;
