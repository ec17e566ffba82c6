//! The shape of a claim's page: plain values with codes.

use serde::Serialize;
use utoipa::ToSchema;

use super::money::{FoundPage, ReceiptPage, RetryPage, SetOffPage};
use super::reporters::ReporterPage;
use crate::pages::{Time, Yuan};

/// A claim as its customer sees it; `staff` holds the rest, for staff alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimPage {
    /// The claim's number.
    pub claim: String,
    /// Version of the claim: the ETag.
    pub version: u64,
    /// How much the page tells of all streams that it is made from; grows with every change of one of them.
    #[serde(skip)]
    pub told: u64,
    /// How far it is: `reported`, `inspecting`, `assessing`, `adjudicating`, `paying`, `closed`, `declined`, `withdrawn`.
    pub stage: String,
    /// `minor`, `general` or `major`; null before triage.
    pub severity: Option<String>,
    /// `own-photos` or `inspection`; null before triage.
    pub route: Option<String>,
    /// Who has to move, what with, until when.
    pub ball: BallPage,
    /// Plate of the vehicle.
    pub plate: String,
    /// When the notice came.
    pub notified_at: Time,
    /// What was told.
    pub story: StoryPage,
    /// Which of the vehicles below is the claim's own.
    pub vehicle: String,
    /// All vehicles of the accident.
    pub vehicles: Vec<VehiclePage>,
    /// People and outside property.
    pub victims: Vec<VictimPage>,
    /// Whether all sides agreed on mutual self-claim.
    pub self_claim_agreed: bool,
    /// Papers asked for and not there, complete.
    pub papers_missing: Vec<PaperPage>,
    /// Papers and photos that were accepted.
    pub evidence: Vec<EvidencePage>,
    /// Damage picked by the customer and not assessed yet.
    pub proposed: Vec<LinePage>,
    /// The last assessment of each vehicle that concerns this page.
    pub assessments: Vec<AssessmentPage>,
    /// What is owed, once it is computed and, for the customer, approved.
    pub adjudication: Option<AdjudicationPage>,
    /// What was approved in all.
    pub approved: Option<ApprovalPage>,
    /// A refusal.
    pub declined: Option<DeclinedPage>,
    /// What is offered to the parties, by the code of its text: `mediation`.
    pub offers: Vec<String>,
    /// Payees and whether their account is known.
    pub accounts: Vec<AccountPage>,
    /// Payments.
    pub payments: Vec<PaymentPage>,
    /// What happened, the first first.
    pub timeline: Vec<TimelinePage>,
    /// Messages to the customer, the first first.
    pub messages: Vec<MessagePage>,
    /// The rating, 1 to 5.
    pub stars: Option<u8>,
    /// Whether a person was asked for and has not answered yet.
    pub person_asked: bool,
    /// What staff see beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffPage>,
}

/// Who has the ball.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BallPage {
    /// `you`, `us`, `bank`, `other` or `nobody`.
    pub holder: String,
    /// Code of what is to be done.
    pub what: String,
    /// Until when.
    pub until: Option<Time>,
}

/// What was told of the accident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryPage {
    /// When it happened.
    pub occurred_at: Time,
    /// How it came about.
    pub cause: String,
    /// Where; null once erased.
    pub place: Option<String>,
    /// WGS-84 latitude and longitude.
    pub position: Option<(f64, f64)>,
    /// `none`, `light`, `serious` or `death`.
    pub injury: String,
    /// Whether outside property was damaged.
    pub other_property: bool,
    /// In words; null once erased.
    pub text: Option<String>,
    /// Name of who gave notice; null once erased.
    pub contact_name: Option<String>,
    /// Phone of who gave notice, masked; null once erased.
    pub contact_phone: Option<String>,
}

/// A vehicle.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VehiclePage {
    /// `A`, `B`, …
    pub id: String,
    /// Its plate; null when not known.
    pub plate: Option<String>,
    /// Whether it is insured with us.
    pub ours: bool,
    /// Our claim for it, if there is one; staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Share of fault, `0.7`.
    pub fault: Option<String>,
    /// `unknown`, `waived`, `repair` or `total-loss`.
    pub loss: String,
    /// Repair cost, or actual value of a total loss.
    pub amount: Option<Yuan>,
    /// Agreed salvage, of a total loss.
    pub salvage_kept: Option<Yuan>,
    /// Rescue and towing.
    pub rescue: Option<Yuan>,
    /// Received from parties that are no vehicles of this accident.
    pub third_party_received: Option<Yuan>,
    /// Its covers; for the customer those of their own vehicle alone.
    pub covers: Option<CoverPage>,
}

/// Covers of a vehicle.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CoverPage {
    /// Our policy's number.
    pub policy: Option<String>,
    /// Compulsory cover.
    pub compulsory: bool,
    /// Own damage: sum insured.
    pub own_damage: Option<Yuan>,
    /// Own damage: agreed deductible.
    pub deductible: Option<Yuan>,
    /// Third-party limit.
    pub third_party: Option<Yuan>,
    /// Driver's seat limit.
    pub driver: Option<Yuan>,
    /// Limit per passenger seat.
    pub passengers: Option<Yuan>,
}

/// A person, or outside property.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VictimPage {
    /// `P1`, …
    pub id: String,
    /// Vehicle whose occupant it is.
    pub vehicle: Option<String>,
    /// `driver` or `passenger`.
    pub seat: Option<String>,
    /// Death and disability.
    pub death_disability: Yuan,
    /// Of these, mental distress.
    pub mental: Yuan,
    /// Medical.
    pub medical: Yuan,
    /// Of these, beyond the catalogue.
    pub medical_outside: Yuan,
    /// Property.
    pub property: Yuan,
}

/// A paper that is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaperPage {
    /// Code of the requirement.
    pub code: String,
    /// Kinds of paper or photo that serve.
    pub kinds: Vec<String>,
    /// How many pictures in all.
    pub count: u32,
    /// How many are there.
    pub have: u32,
}

/// A file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidencePage {
    /// Its number within the claim.
    pub number: u32,
    /// Its kind.
    pub kind: String,
    /// When it came.
    pub at: Time,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A line of damage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinePage {
    /// The part.
    pub part: String,
    /// What is seen.
    pub damage: String,
    /// What is done.
    pub operation: String,
    /// What it costs.
    pub price: Yuan,
    /// Version of the price table; null where a person set the price.
    pub table: Option<String>,
    /// The photo that shows it.
    pub photo: Option<u32>,
}

/// An assessment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssessmentPage {
    /// The vehicle.
    pub vehicle: String,
    /// The lines.
    pub lines: Vec<LinePage>,
    /// Their sum.
    pub total: Yuan,
    /// Actual value, of a total loss.
    pub actual_value: Option<Yuan>,
    /// Agreed salvage, of a total loss.
    pub salvage_kept: Option<Yuan>,
    /// Rescue and towing.
    pub rescue: Yuan,
    /// `price-table` or `person`.
    pub source: String,
    /// Whether no person was needed.
    pub automatic: bool,
    /// When.
    pub at: Time,
}

/// What is owed, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdjudicationPage {
    /// Number of the adjudication.
    pub number: u32,
    /// The sum.
    pub total: Yuan,
    /// By exposure.
    pub owed: Vec<OwedPage>,
    /// Why it was ruled so: rules with their values.
    pub because: Vec<BecausePage>,
    /// `approve`, `ask` or `refer`; staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// When.
    pub at: Time,
}

/// What one exposure is owed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwedPage {
    /// The exposure.
    pub exposure: String,
    /// The cover.
    pub cover: String,
    /// Whose policy owes.
    pub payer: String,
    /// Who receives.
    pub payee: String,
    /// Kind of loss.
    pub bucket: String,
    /// How much.
    pub amount: Yuan,
    /// How it was computed, step by step, in the viewer's language.
    pub steps: Vec<String>,
}

/// A rule that spoke.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BecausePage {
    /// Its code.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// Values of its sentence.
    pub values: Vec<(String, String)>,
}

/// An approval.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApprovalPage {
    /// Its number.
    pub number: u32,
    /// The sum approved in all.
    pub total: Yuan,
    /// Whether a rule approved it.
    pub automatic: bool,
    /// When.
    pub at: Time,
}

/// A refusal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeclinedPage {
    /// The clause.
    pub clause: String,
    /// The reason; null once erased.
    pub reason: Option<String>,
    /// Names of the people; two above the four-eyes amount.
    pub by: Vec<String>,
    /// When.
    pub at: Time,
    /// How the notice went out: `message`, `post`, `hand` or `email`; null before it did.
    pub served: Option<String>,
    /// When it went out.
    pub served_at: Option<Time>,
}

/// A refusal that waits for the second of two people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefusalProposedPage {
    /// Its number.
    pub refusal: u32,
    /// The clause.
    pub clause: String,
    /// The reason; null once erased.
    pub reason: Option<String>,
    /// What would be declined.
    pub amount: Yuan,
    /// Who proposed it.
    pub by: PersonPage,
    /// When.
    pub at: Time,
}

/// An assessment that waits for the second of two assessors.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FirstAssessmentPage {
    /// Its number.
    pub number: u32,
    /// What is to count.
    pub assessment: AssessmentPage,
    /// Who put it forward.
    pub by: PersonPage,
}

/// A member of staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonPage {
    /// The account.
    pub account: String,
    /// The name.
    pub name: String,
}

/// A payee.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountPage {
    /// Vehicle or person.
    pub payee: String,
    /// The number's last four digits; null when no account is known.
    pub account: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentPage {
    /// Its reference.
    pub payment: String,
    /// The exposure.
    pub exposure: String,
    /// Who receives.
    pub payee: String,
    /// How much.
    pub amount: Yuan,
    /// `ordered`, `sent`, `confirmed`, `rejected` or `cancelled`.
    pub status: String,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelinePage {
    /// When.
    pub at: Time,
    /// Name of the event.
    pub event: String,
    /// `customer`, `staff`, `client` or `system`.
    pub by: String,
    /// An amount, where the event has one.
    pub amount: Option<Yuan>,
}

/// A message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// When.
    pub at: Time,
    /// What it says.
    pub text: String,
    /// `queued`, `waiting`, `sent` or `given-up`.
    pub status: String,
}

/// What staff see beside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffPage {
    /// The accident.
    pub incident: String,
    /// What the register says.
    pub policy: PolicyPage,
    /// What gave rise to a closer look.
    pub warnings: Vec<String>,
    /// Tasks, the first first.
    pub tasks: Vec<TaskPage>,
    /// Clocks.
    pub clocks: Vec<ClockPage>,
    /// By what the shares of fault stand.
    pub fault_source: Option<String>,
    /// Who else gave notice of the accident, the first first.
    pub reporters: Vec<ReporterPage>,
    /// What the bank rejected and may be ordered again.
    pub retries: Vec<RetryPage>,
    /// Payments of which only the bank knew, until somebody says what they were.
    pub found: Vec<FoundPage>,
    /// What is to be claimed back.
    pub recoveries: Vec<RecoveryPage>,
    /// What was set off between exposures of the accident.
    pub set_offs: Vec<SetOffPage>,
    /// Reserve lines in all.
    pub reserved: Yuan,
    /// Notes and what surveyors found.
    pub notes: Vec<NotePage>,
    /// Who approved first, while that waits for a second.
    pub first_approval: Option<PersonPage>,
    /// A refusal that waits for a second person.
    pub refusal_proposed: Option<RefusalProposedPage>,
    /// Assessments that wait for a second assessor.
    pub first_assessments: Vec<FirstAssessmentPage>,
    /// The phone of who gave notice, in full.
    pub contact_phone: Option<String>,
    /// Version of the accident.
    pub incident_version: u64,
}

/// What the register says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyPage {
    /// The policy.
    pub policy: Option<String>,
    /// `in-force`, `not-in-force` or `not-found`.
    pub fact: String,
    /// Days from the start of cover to the accident.
    pub days: Option<i64>,
}

/// A task.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskPage {
    /// Its number.
    pub task: u32,
    /// What.
    pub kind: String,
    /// Which team.
    pub team: String,
    /// Name of the person, if somebody has it.
    pub assignee: Option<String>,
    /// When it must be done.
    pub due: Time,
    /// When it was done.
    pub done_at: Option<Time>,
    /// 1 warned, 2 ran over.
    pub escalations: u8,
    /// Whether somebody ends it by saying that it is done; others end when what they ask for is done.
    pub ends_by_word: bool,
    /// Codes that say more.
    pub details: Vec<(String, String)>,
}

/// A clock.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClockPage {
    /// Its code.
    pub code: String,
    /// The article, clause or promise.
    pub source: String,
    /// Whether a law sets it.
    pub legal: bool,
    /// When it ends.
    pub due: Time,
    /// Whether it stands still.
    pub stopped: bool,
    /// When it was met.
    pub met_at: Option<Time>,
}

/// Something to be claimed back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryPage {
    /// From whom.
    pub from: String,
    /// On what ground.
    pub cover: String,
    /// How much.
    pub expected: Yuan,
    /// What came through the bank.
    pub received: Yuan,
    /// What was set off against what its source is owed elsewhere.
    pub set_off: Yuan,
    /// What is still to come.
    pub left: Yuan,
    /// The incoming payments, the first first.
    pub receipts: Vec<ReceiptPage>,
}

/// A note, or what a surveyor found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotePage {
    /// When.
    pub at: Time,
    /// Name of the writer.
    pub by: String,
    /// `note`, `inspection`, `message`, `reopening`, `rating`.
    pub kind: String,
    /// The text; null once erased.
    pub text: Option<String>,
}
