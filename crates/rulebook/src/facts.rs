//! What a rule may look at.

use lexicon::{Moment, Money, Ratio, Severity};
use serde::{Deserialize, Serialize};

/// Everything known of a claim when a ruling is asked for. What is not known is `None` and refers to a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Now.
    pub now: Moment,
    /// When the accident happened.
    pub occurred_at: Moment,
    /// When it was notified.
    pub notified_at: Moment,
    /// What the register says.
    pub policy: PolicyFact,
    /// How badly somebody was hurt.
    pub injury: Injury,
    /// How the accident came about.
    pub cause: Cause,
    /// Motor vehicles involved.
    pub vehicles: usize,
    /// Whether property that belongs to no vehicle was damaged.
    pub other_property: bool,
    /// Our vehicle's share of fault, if it is determined, and by what.
    pub fault: Option<(Ratio, FaultSource)>,
    /// The severity that triage found; `None` before triage.
    pub severity: Option<Severity>,
    /// What the damage is put at: by the customer's own guess before assessment, by the assessment after.
    pub estimate: Option<Money>,
    /// Where the assessed amount comes from; `None` before assessment.
    pub amount_source: Option<AmountSource>,
    /// Whether every damage line has a photo.
    pub lines_have_photos: bool,
    /// Papers and photos that are still missing, by code.
    pub papers_missing: Vec<String>,
    /// Whether a vehicle's loss that our policy may owe for is not stated yet.
    pub losses_unknown: bool,
    /// What our policy owes in all, what was paid before included; `None` before it is computed.
    pub owed: Option<Money>,
    /// Whether a vehicle is put at a total loss.
    pub total_loss: bool,
    /// What gave rise to a closer look.
    pub warnings: Vec<Warning>,
    /// Whether the customer asked for a person.
    pub person_asked: bool,
    /// Whether the claim was reopened.
    pub reopened: bool,
}

/// What the register says of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyFact {
    /// In force at the accident since this many days.
    InForce {
        /// Whole days from the start of cover to the accident.
        days: i64,
    },
    /// There is one, not in force at the accident.
    NotInForce,
    /// No policy fits.
    NotFound,
}

/// How badly somebody was hurt. Ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Injury {
    /// Nobody.
    #[default]
    None,
    /// Somebody, not seriously.
    Light,
    /// Seriously: hospital, lasting harm.
    Serious,
    /// Somebody died.
    Death,
}

/// How an accident came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Ran into the vehicle ahead (追尾).
    RearEnd,
    /// Scraped while changing lane or passing (刮擦).
    Scrape,
    /// Hit an object (撞固定物).
    Object,
    /// While reversing (倒车).
    Reversing,
    /// Hit a person or a bicycle (撞人).
    Person,
    /// Another crash between vehicles.
    Crash,
    /// Damaged while parked, by whom is not known (停放受损).
    Parked,
    /// Water, hail, wind (自然灾害).
    Weather,
    /// Theft of the vehicle (盗抢).
    Theft,
    /// Fire (火灾).
    Fire,
    /// Broken glass alone (玻璃).
    Glass,
    /// Anything else.
    Other,
}

/// By what a share of fault stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultSource {
    /// Our customer says so.
    Stated,
    /// There is no other side: a single vehicle's accident.
    Single,
    /// All sides agreed in writing.
    Agreed,
    /// The traffic police found so.
    Police,
    /// A court or an arbitrator found so.
    Court,
    /// A member of staff put it down from the papers.
    Staff,
}

/// Where an assessed amount comes from. Ordered from the surest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmountSource {
    /// Lines picked on the drawing, priced by the dated table.
    PriceTable,
    /// A member of staff assessed it.
    Person,
}

/// What gives rise to a closer look. Never shown to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// Notified later than the contract asks.
    LateNotice,
    /// The policy had just begun.
    NewPolicy,
    /// A photo stands in another claim.
    PhotoSeenBefore,
    /// Many claims on this vehicle within a year.
    ManyClaims,
    /// A notice on this vehicle that may be the same accident.
    PossibleDuplicate,
    /// The accident is said to lie after its notice.
    TimeContradiction,
}

impl Cause {
    /// All causes, in the order in which forms show them.
    pub const ALL: [Cause; 12] = [
        Cause::RearEnd,
        Cause::Scrape,
        Cause::Object,
        Cause::Reversing,
        Cause::Person,
        Cause::Crash,
        Cause::Parked,
        Cause::Weather,
        Cause::Theft,
        Cause::Fire,
        Cause::Glass,
        Cause::Other,
    ];

    /// The word used in data, addresses and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Cause::RearEnd => "rear-end",
            Cause::Scrape => "scrape",
            Cause::Object => "object",
            Cause::Reversing => "reversing",
            Cause::Person => "person",
            Cause::Crash => "crash",
            Cause::Parked => "parked",
            Cause::Weather => "weather",
            Cause::Theft => "theft",
            Cause::Fire => "fire",
            Cause::Glass => "glass",
            Cause::Other => "other",
        }
    }
}

impl Injury {
    /// All grades, in order.
    pub const ALL: [Injury; 4] = [Injury::None, Injury::Light, Injury::Serious, Injury::Death];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Injury::None => "none",
            Injury::Light => "light",
            Injury::Serious => "serious",
            Injury::Death => "death",
        }
    }
}

impl Warning {
    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Warning::LateNotice => "late-notice",
            Warning::NewPolicy => "new-policy",
            Warning::PhotoSeenBefore => "photo-seen-before",
            Warning::ManyClaims => "many-claims",
            Warning::PossibleDuplicate => "possible-duplicate",
            Warning::TimeContradiction => "time-contradiction",
        }
    }
}

impl FaultSource {
    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            FaultSource::Stated => "stated",
            FaultSource::Single => "single",
            FaultSource::Agreed => "agreed",
            FaultSource::Police => "police",
            FaultSource::Court => "court",
            FaultSource::Staff => "staff",
        }
    }

    /// Whether money may be paid on it.
    pub const fn is_settled(self) -> bool {
        !matches!(self, FaultSource::Stated)
    }
}
