//! The pages: one file each, handler and view together.

pub(crate) mod customer;
pub mod design;
pub(crate) mod desk;
pub(crate) mod sign_in;
