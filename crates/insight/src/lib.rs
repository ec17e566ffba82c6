//! Every view declared as data, and the folds that fill them. The folds exist once for all backends.
//!
//! A view is a [`view::View`] in [`VIEWS`]; the store makes its table, its upserts and its queries from the declaration.
//!
//! # Invariants
//!
//! - No write to a stream, no SQL.
//! - A fold accepts what it does not know how to show: erased text, foreign incidents, events out of the usual order.

pub mod view;
