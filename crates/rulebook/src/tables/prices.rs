//! Prices of repairs: part × operation × vehicle class.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lexicon::Money;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Dated, day, maybe_day};

/// The price table.
#[derive(Debug, Deserialize)]
pub struct Prices {
    /// Its version, kept with every amount that stands on it.
    pub version: String,
    /// Whether the prices are examples from no market, to be replaced before anyone is paid.
    #[serde(default)]
    pub example: bool,
    family: Vec<Family>,
    /// The parts, in the order in which pages show them.
    pub part: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Family {
    code: String,
    proposes: BTreeMap<Damage, Operation>,
}

/// A part of a car.
#[derive(Debug, Deserialize)]
pub struct Part {
    /// Its code; the key of its name.
    pub code: String,
    /// Side of the drawing: front, rear, left, right, top.
    pub zone: String,
    /// Area of that side.
    pub area: String,
    family: String,
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
    #[serde(rename = "price", deserialize_with = "prices")]
    prices: BTreeMap<Operation, BTreeMap<VehicleClass, Money>>,
}

/// What can be seen on a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// Scratched: the surface alone.
    Scratch,
    /// Bent in.
    Dent,
    /// Cracked.
    Crack,
    /// Broken or gone.
    Broken,
}

/// What is done to a part. Ordered from light to heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Painted.
    Paint,
    /// Mended lightly.
    RepairLight,
    /// Mended.
    RepairMedium,
    /// Replaced.
    Replace,
}

/// A class of vehicle in the price table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VehicleClass {
    /// A00 to A0.
    Small,
    /// A to B.
    Medium,
    /// C and SUV.
    Large,
    /// Luxury.
    Luxury,
    /// Any new-energy vehicle.
    NewEnergy,
}

impl Prices {
    /// The part called `code`, as it stands on `day`.
    pub fn part(&self, code: &str, day: Date) -> Option<&Part> {
        self.parts(day).find(|part| part.code == code)
    }

    /// The parts that stand in the table on `day`.
    pub fn parts(&self, day: Date) -> impl Iterator<Item = &Part> {
        self.part.iter().filter(move |part| Dated { from: part.from, to: part.to }.holds(day))
    }

    /// What is proposed for `damage` of `part`: the operation of its family, or the next heavier one that has a price.
    pub fn proposed(&self, part: &Part, damage: Damage) -> Option<Operation> {
        let family = self.family.iter().find(|family| family.code == part.family)?;
        let proposed = *family.proposes.get(&damage)?;
        part.prices.keys().copied().find(|operation| *operation >= proposed)
    }
}

impl Part {
    /// The price of `operation` for a vehicle of `class`.
    pub fn price(&self, operation: Operation, class: VehicleClass) -> Option<Money> {
        self.prices.get(&operation)?.get(&class).copied()
    }

    /// The operations that have a price.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        self.prices.keys().copied()
    }
}

impl Damage {
    /// All kinds, from light to heavy.
    pub const ALL: [Damage; 4] = [Damage::Scratch, Damage::Dent, Damage::Crack, Damage::Broken];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Damage::Scratch => "scratch",
            Damage::Dent => "dent",
            Damage::Crack => "crack",
            Damage::Broken => "broken",
        }
    }
}

impl Operation {
    /// All operations, from light to heavy.
    pub const ALL: [Operation; 4] =
        [Operation::Paint, Operation::RepairLight, Operation::RepairMedium, Operation::Replace];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Operation::Paint => "paint",
            Operation::RepairLight => "repair-light",
            Operation::RepairMedium => "repair-medium",
            Operation::Replace => "replace",
        }
    }
}

impl VehicleClass {
    /// All classes.
    pub const ALL: [VehicleClass; 5] = [
        VehicleClass::Small,
        VehicleClass::Medium,
        VehicleClass::Large,
        VehicleClass::Luxury,
        VehicleClass::NewEnergy,
    ];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            VehicleClass::Small => "small",
            VehicleClass::Medium => "medium",
            VehicleClass::Large => "large",
            VehicleClass::Luxury => "luxury",
            VehicleClass::NewEnergy => "new-energy",
        }
    }

    /// The class of that word.
    pub fn from_word(word: &str) -> Option<VehicleClass> {
        VehicleClass::ALL.into_iter().find(|class| class.word() == word)
    }
}

fn prices<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<Operation, BTreeMap<VehicleClass, Money>>, D::Error> {
    let text = BTreeMap::<Operation, BTreeMap<VehicleClass, String>>::deserialize(from)?;
    let amount = |text: String| text.parse::<Money>().map_err(serde::de::Error::custom);
    let by_class = |row: BTreeMap<VehicleClass, String>| {
        row.into_iter()
            .map(|(class, text)| Ok((class, amount(text)?)))
            .collect::<Result<BTreeMap<_, _>, D::Error>>()
    };
    text.into_iter().map(|(operation, row)| Ok((operation, by_class(row)?))).collect()
}
