//! Second reporters, for the staff who call them.

use claim::Claim;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::open;
use crate::app::App;
use crate::failure::Failure;
use crate::pages::Time;

/// Somebody else who gave notice of the same accident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReporterPage {
    /// Their number within the claim, from 1.
    pub reporter: u32,
    /// Their name; null once erased.
    pub name: Option<String>,
    /// Their phone, in full; null once erased.
    pub phone: Option<String>,
    /// `page`, `phone` or `api`.
    pub channel: String,
    /// When they gave notice.
    pub at: Time,
    /// Whether they reported through an account of their own.
    pub has_account: bool,
    /// `waits`, `admitted` or `turned-away`.
    pub standing: String,
}

impl App {
    /// Second reporters of `claim`, the first first.
    pub(super) fn reporters(&self, claim: &Claim) -> Result<Vec<ReporterPage>, Failure> {
        let page = |(place, reporter): (usize, &claim::state::Reporter)| {
            let contact = open(self.vault(), &reporter.joined.contact)?.known();
            let (name, phone) = contact.map(|contact| (contact.name, contact.phone)).unzip();
            Ok(ReporterPage {
                reporter: place as u32 + 1,
                name,
                phone,
                channel: super::serde_word(&reporter.joined.channel),
                at: Time(reporter.joined.at),
                has_account: reporter.joined.asks.is_some(),
                standing: reporter.standing.word().to_owned(),
            })
        };
        claim.reporters.iter().enumerate().map(page).collect()
    }
}
