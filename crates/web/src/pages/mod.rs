//! The pages: one file each, handler and view together.

pub(crate) mod customer;
pub(crate) mod debug;
pub mod design;
pub(crate) mod desk;
pub(crate) mod sign_in;
