//! What a policy says.

use std::fmt;
use std::str::FromStr;

use lexicon::{
    IdNumber, Moment, Money, Phone, Plate, Private, Ratio, SubjectId, Uscc, Vault, VaultError, Vin,
};
use serde::{Deserialize, Serialize};

use crate::Keys;
use crate::import::PolicyRow;

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The insurer or branch that wrote it, as a code.
    pub insurer: String,
    /// Who holds it.
    pub holder: Private<Holder>,
    /// By what the policy is found.
    pub keys: Keys,
    /// What it insures.
    pub vehicle: Vehicle,
    /// First instant of cover.
    pub starts_at: Moment,
    /// First instant without cover again.
    pub ends_at: Moment,
    /// The clauses of the commercial covers.
    pub wording: Wording,
    /// Whether compulsory cover (交强险) is held.
    pub compulsory: bool,
    /// The commercial covers.
    pub covers: Covers,
}

/// Who holds a policy. Only ever stored sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Name of the person or firm.
    pub name: String,
    /// Where they are reached.
    pub phone: Phone,
    /// Their number.
    pub number: HolderNumber,
}

/// The number of a holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderNumber {
    /// Of a person.
    IdNumber(IdNumber),
    /// Of a firm.
    Uscc(Uscc),
}

/// The vehicle that a policy insures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// Its number plate.
    pub plate: Private<Plate>,
    /// Its VIN; it may carry a wrong check digit.
    pub vin: Private<Vin>,
    /// Its class in the table of prices.
    pub class: String,
    /// Its seats, the driver's included.
    pub seats: u8,
    /// What it is used for.
    pub usage: Usage,
    /// What drives it.
    pub energy: Energy,
    /// Its actual value when the policy was written.
    pub actual_value: Money,
}

/// The commercial covers; what is `None` was not bought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covers {
    /// Own damage (车损险).
    pub own_damage: Option<OwnDamage>,
    /// Third-party liability (三者险), by its limit.
    pub third_party: Option<Money>,
    /// The driver's seat (车上人员), by its limit.
    pub driver: Option<Money>,
    /// The passengers' seats, by the limit of each.
    pub passengers: Option<Money>,
    /// Riders (附加险).
    pub riders: Vec<Rider>,
}

/// An own-damage cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnDamage {
    /// The sum insured.
    pub sum_insured: Money,
    /// The agreed deductible (绝对免赔额).
    pub deductible: Money,
}

/// A rider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rider {
    /// Each named cover pays only (1 − rate) (绝对免赔率特约).
    AbsoluteDeductibleRate {
        /// The part that is not paid.
        rate: Ratio,
        /// The covers it stands on.
        covers: Vec<CoverName>,
    },
    /// The third-party limit is doubled on legal holidays (法定节假日限额翻倍).
    HolidayLimitDoubling,
}

/// Declares an enum whose variants are stored and imported as the same words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// The word used in data and message keys.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<$name, UnknownWord> {
                match text { $($word => Ok($name::$variant),)* _ => Err(UnknownWord) }
            }
        }
    };
}

/// The text is none of the words that may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("word-unknown")]
pub struct UnknownWord;

words! {
    /// What a vehicle is used for (使用性质); chooses its depreciation.
    Usage {
        /// 家庭自用
        Family = "family",
        /// 非营业
        NonBusiness = "non-business",
        /// 出租、租赁
        Rental = "rental",
        /// 其他营业
        Business = "business",
    }
}

words! {
    /// What drives a vehicle.
    Energy {
        /// Petrol, diesel or gas.
        Fuel = "fuel",
        /// New energy (新能源).
        New = "new",
    }
}

words! {
    /// The clauses of the commercial covers.
    Wording {
        /// 2014 model clauses.
        W2014 = "W2014",
        /// 2020 model clauses.
        W2020 = "W2020",
        /// 2021 model clauses for new-energy vehicles.
        Nev2021 = "NEV2021",
    }
}

words! {
    /// A commercial cover by its name in a settlement.
    CoverName {
        /// Own damage, rescue included.
        OwnDamage = "own-damage",
        /// Third-party liability.
        ThirdParty = "third-party",
        /// The driver's seat.
        Driver = "driver",
        /// The passengers' seats.
        Passengers = "passengers",
    }
}

impl Wording {
    /// The clauses of a policy that begins at `starts_at` and names none.
    pub fn in_use(starts_at: Moment, energy: Energy) -> Wording {
        match coverage::Wording::of_policy(starts_at, energy == Energy::New) {
            coverage::Wording::W2014 => Wording::W2014,
            coverage::Wording::W2020 => Wording::W2020,
            coverage::Wording::Nev2021 => Wording::Nev2021,
        }
    }

    /// The same clauses as the settlement knows them.
    const fn settled(self) -> coverage::Wording {
        match self {
            Wording::W2014 => coverage::Wording::W2014,
            Wording::W2020 => coverage::Wording::W2020,
            Wording::Nev2021 => coverage::Wording::Nev2021,
        }
    }
}

impl Content {
    /// The content of an imported row, sealed under the key of its holder, who is `subject`.
    pub fn seal(vault: &dyn Vault, subject: &SubjectId, row: &PolicyRow) -> Result<Content, VaultError> {
        Ok(Content {
            insurer: row.insurer.clone(),
            holder: Private::seal(vault, subject, &row.holder)?,
            keys: Keys::of(vault, row),
            vehicle: Vehicle {
                plate: Private::seal(vault, subject, &row.plate)?,
                vin: Private::seal(vault, subject, &row.vin)?,
                class: row.class.clone(),
                seats: row.seats,
                usage: row.usage,
                energy: row.energy,
                actual_value: row.actual_value,
            },
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            wording: row.wording,
            compulsory: row.compulsory,
            covers: row.covers.clone(),
        })
    }

    /// The commercial policy as the settlement takes it; `None` where no commercial cover was bought. `holiday` says whether
    /// the accident fell on a day on which the holiday rider doubles.
    pub fn commercial(&self, holiday: bool) -> Option<coverage::Policy> {
        if self.covers.is_empty() {
            return None;
        }
        let mut policy = coverage::Policy::on(self.wording.settled());
        policy.own_damage = self.covers.own_damage.map(|cover| coverage::OwnDamage {
            sum_insured: cover.sum_insured,
            deductible: cover.deductible,
        });
        policy.third_party = self.covers.third_party;
        policy.driver = self.covers.driver;
        policy.passengers = self.covers.passengers;
        policy.riders = self.covers.riders.iter().map(Rider::settled).collect();
        policy.holiday = holiday;
        Some(policy)
    }
}

impl Covers {
    /// Whether no main cover was bought; riders do not stand alone.
    pub const fn is_empty(&self) -> bool {
        self.own_damage.is_none()
            && self.third_party.is_none()
            && self.driver.is_none()
            && self.passengers.is_none()
    }

    /// Whether `cover` was bought.
    pub const fn has(&self, cover: CoverName) -> bool {
        match cover {
            CoverName::OwnDamage => self.own_damage.is_some(),
            CoverName::ThirdParty => self.third_party.is_some(),
            CoverName::Driver => self.driver.is_some(),
            CoverName::Passengers => self.passengers.is_some(),
        }
    }
}

impl Rider {
    fn settled(&self) -> coverage::Rider {
        match self {
            Rider::HolidayLimitDoubling => coverage::Rider::HolidayLimitDoubling,
            Rider::AbsoluteDeductibleRate { rate, covers } => coverage::Rider::AbsoluteDeductibleRate {
                rate: *rate,
                covers: covers.iter().fold(coverage::Covers::NONE, |all, cover| {
                    all.with(match cover {
                        CoverName::OwnDamage => coverage::Cover::OwnDamage,
                        CoverName::ThirdParty => coverage::Cover::ThirdParty,
                        CoverName::Driver => coverage::Cover::Driver,
                        CoverName::Passengers => coverage::Cover::Passengers,
                    })
                }),
            },
        }
    }
}

impl HolderNumber {
    /// The number.
    pub fn as_str(&self) -> &str {
        match self {
            HolderNumber::IdNumber(number) => number.as_str(),
            HolderNumber::Uscc(code) => code.as_str(),
        }
    }
}

/// The name is personal, so it never reaches a log by way of `{:?}`.
impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(***)")
    }
}

impl fmt::Debug for HolderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderNumber(***)")
    }
}
