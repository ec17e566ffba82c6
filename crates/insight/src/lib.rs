//! Every view declared as data, and the folds that fill them. The folds exist once for all backends.
//!
//! A view is a [`view::View`] in [`VIEWS`], one file each under `views/`; the store makes its table, its upserts and its queries
//! from the declaration.
//!
//! # Invariants
//!
//! - No write to a stream, no SQL.
//! - A fold accepts what it does not know how to show: erased text, foreign incidents, events out of the usual order.
//! - Personal text stands in a row only sealed or as a keyed hash.

pub mod view;
mod views;

pub use views::accounts::{ACCOUNTS, AccountRow, CREDENTIALS, CredentialRow};
pub use views::claims::{CLAIMS, ClaimRow};
pub use views::counted::{COUNTED, CountedRow};
pub use views::doors::{DELIVERIES, DeliveryRow, ENDPOINTS, EndpointRow, TOKENS, TokenRow};
pub use views::flow::{FLOW, FlowRow, Measure};
pub use views::followers::{FOLLOWERS, FollowerRow};
pub use views::messages::{MESSAGES, MessageRow};
pub use views::money::{MONEY, MoneyRow};
pub use views::photos::{PHOTOS, PhotoRow};
pub use views::policies::{POLICIES, PolicyRow};
pub use views::tasks::{TASKS, TaskRow};

/// Every view.
pub const VIEWS: &[&view::View] = &[
    &CLAIMS,
    &FOLLOWERS,
    &TASKS,
    &MONEY,
    &PHOTOS,
    &POLICIES,
    &ACCOUNTS,
    &CREDENTIALS,
    &MESSAGES,
    &FLOW,
    &COUNTED,
    &ENDPOINTS,
    &DELIVERIES,
    &TOKENS,
];

#[cfg(test)]
mod tests {
    use super::VIEWS;

    #[test]
    fn declarations_hold_together() {
        let mut names: Vec<_> = VIEWS.iter().map(|view| view.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), VIEWS.len(), "names are unique");
        for view in VIEWS {
            assert!(view.key >= 1 && view.key <= view.columns.len(), "{}", view.name);
            for index in view.indexes {
                assert_eq!(
                    view.order(Some(index.name)).len(),
                    index.columns.len() + view.key,
                    "{}",
                    index.name
                );
            }
        }
    }
}
