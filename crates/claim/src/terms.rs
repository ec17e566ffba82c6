//! What a policy promised on the day of the accident, as far as the arithmetic needs it.

use lexicon::{Moment, Money, PolicyId, Ratio};
use serde::{Deserialize, Serialize};

/// The terms of one vehicle's covers, kept with the incident so that every claim on it stands on the same ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Our policy; `None` for a vehicle insured elsewhere, whose terms are stated by a person.
    pub policy: Option<PolicyId>,
    /// Whether compulsory cover (交强险) is held.
    pub compulsory: bool,
    /// Start of the commercial cover; chooses the wording.
    pub starts_at: Option<Moment>,
    /// Whether it is a new-energy vehicle.
    pub new_energy: bool,
    /// Own damage: sum insured and absolute deductible.
    pub own_damage: Option<(Money, Money)>,
    /// Third-party limit.
    pub third_party: Option<Money>,
    /// Driver's seat limit.
    pub driver: Option<Money>,
    /// Limit of each passenger's seat.
    pub passengers: Option<Money>,
    /// Riders.
    #[serde(default)]
    pub riders: Vec<RiderTerms>,
    /// Class of the vehicle in the price table.
    #[serde(default)]
    pub class: String,
}

/// A rider bought with the covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RiderTerms {
    /// 绝对免赔率特约条款
    AbsoluteDeductibleRate {
        /// The part that is not paid.
        rate: Ratio,
        /// The covers it bears on, by their names in a settlement.
        covers: Vec<String>,
    },
    /// 法定节假日限额翻倍险
    HolidayLimitDoubling,
}
