//! What pages and the API show: plain values with codes, one shape for both doors.
//!
//! A page is told of facts by declared projection: a customer's page of a claim holds nothing that is staff's alone.

mod accounts;
mod claim;
mod customer;
mod doors;
mod form;
mod overview;
mod payments;
mod search;
mod work_list;

use lexicon::{Moment, Money};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

pub use self::accounts::{AccountEntry, AccountsPage};
pub use self::claim::{
    AccountPage, AdjudicationPage, ApprovalPage, AssessmentPage, BallPage, BecausePage, ClaimPage, ClockPage,
    CoverPage, DeclinedPage, EvidencePage, FirstAssessmentPage, LinePage, MessagePage, NotePage, OwedPage,
    PaperPage, PaymentPage, PersonPage, PolicyPage, RecoveryPage, RefusalProposedPage, StaffPage, StoryPage,
    TaskPage, TimelinePage, VehiclePage, VictimPage,
};
pub use self::claim::{FoundPage, FoundStatedPage, ReceiptPage, ReporterPage, RetryPage, SetOffPage};
pub use customer::{ClaimCard, CustomerHome};
pub use doors::{
    DeliveriesPage, DeliveryEntry, EndpointEntry, EndpointsPage, EventType, TokenEntry, TokensPage,
};
pub use form::{PartChoice, ReportForm, file_kinds};
pub use overview::{CountedItem, CountedList, DayPoint, Figure, Overview, StageBar};
pub use payments::{PaymentRow, PaymentsPage};
pub use search::Found;
pub use work_list::{WorkItem, WorkList, WorkQuery};

/// An amount, as JSON a decimal string in yuan: `"1860.00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, example = "1860.00")]
pub struct Yuan(pub Money);

/// A time, as JSON RFC 3339 in UTC: `"2026-05-02T06:30:00Z"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-05-02T06:30:00Z")]
pub struct Time(pub Moment);

impl Serialize for Yuan {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}
