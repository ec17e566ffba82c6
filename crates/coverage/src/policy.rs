//! Commercial policies: which covers were bought, on which wording.

use lexicon::{Money, Ratio};

use crate::{Cover, Wording};

/// A commercial policy in force at the accident. A cover that is `None` was not bought, or is denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The clauses it is written on.
    pub wording: Wording,
    /// The covers freed of the duty deductible (不计免赔); matters on W2014 only.
    pub no_deductible: Covers,
    /// Own damage (车损险).
    pub own_damage: Option<OwnDamage>,
    /// Third-party liability (三者险), by its limit.
    pub third_party: Option<Money>,
    /// The driver's seat (车上人员), by its limit.
    pub driver: Option<Money>,
    /// The passengers' seats, by the limit per seat.
    pub passengers: Option<Money>,
    /// Riders (附加险).
    pub riders: Vec<Rider>,
    /// Whether the accident fell on a legal holiday in the sense of the holiday rider.
    pub holiday: bool,
}

/// An own-damage cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnDamage {
    /// The sum insured.
    pub sum_insured: Money,
    /// The agreed deductible (绝对免赔额).
    pub deductible: Money,
}

/// A rider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rider {
    /// Each named cover pays only (1 − rate) (绝对免赔率特约).
    AbsoluteDeductibleRate {
        /// The rate.
        rate: Ratio,
        /// The covers it stands on.
        covers: Covers,
    },
    /// The third-party limit is doubled on legal holidays (法定节假日限额翻倍).
    HolidayLimitDoubling,
}

/// A set of commercial covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covers(u8);

impl Covers {
    /// No cover.
    pub const NONE: Covers = Covers(0);

    /// The set and `cover`.
    pub const fn with(self, cover: Cover) -> Covers {
        Covers(self.0 | 1 << cover as u8)
    }

    /// The covers of either set.
    pub const fn and(self, other: Covers) -> Covers {
        Covers(self.0 | other.0)
    }

    /// Whether `cover` is in the set.
    pub const fn has(self, cover: Cover) -> bool {
        self.0 & 1 << cover as u8 != 0
    }

    /// Whether the two sets share a cover.
    pub const fn meets(self, other: Covers) -> bool {
        self.0 & other.0 != 0
    }
}

impl Policy {
    /// A policy on `wording` with no cover bought yet.
    pub fn on(wording: Wording) -> Policy {
        Policy {
            wording,
            no_deductible: Covers::NONE,
            own_damage: None,
            third_party: None,
            driver: None,
            passengers: None,
            riders: Vec::new(),
            holiday: false,
        }
    }
}
