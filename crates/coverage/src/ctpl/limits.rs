//! The limits of law, by the time of the accident.

use lexicon::{Moment, Money};

use crate::{Bucket, Refusal};

/// Limits per accident and vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    death_disability: Money,
    medical: Money,
    property: Money,
}

/// The limits that hold from one moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    effective_from: Moment,
    pub(crate) at_fault: Limits,
    pub(crate) without_fault: Limits,
}

/// Latest first. Each begins at midnight, +08:00.
const TABLES: [Table; 3] = [
    Table {
        effective_from: Moment::from_micros(1_600_444_800_000_000), // 2020-09-19
        at_fault: Limits::yuan(180_000, 18_000, 2_000),
        without_fault: Limits::yuan(18_000, 1_800, 100),
    },
    Table {
        effective_from: Moment::from_micros(1_201_795_200_000_000), // 2008-02-01
        at_fault: Limits::yuan(110_000, 10_000, 2_000),
        without_fault: Limits::yuan(11_000, 1_000, 100),
    },
    Table {
        effective_from: Moment::from_micros(1_151_683_200_000_000), // 2006-07-01
        at_fault: Limits::yuan(50_000, 8_000, 2_000),
        without_fault: Limits::yuan(10_000, 1_600, 400),
    },
];

/// Whether there are limits of law for an accident at `moment`; without them nothing can be settled.
pub fn has_limits(moment: Moment) -> bool {
    Table::at(moment).is_ok()
}

impl Table {
    /// The table that held at `moment`.
    pub(crate) fn at(moment: Moment) -> Result<&'static Table, Refusal> {
        TABLES.iter().find(|table| table.effective_from <= moment).ok_or(Refusal::NoRuleTable)
    }
}

impl Limits {
    const fn yuan(death_disability: i64, medical: i64, property: i64) -> Limits {
        Limits {
            death_disability: Money::from_yuan(death_disability),
            medical: Money::from_yuan(medical),
            property: Money::from_yuan(property),
        }
    }

    pub(crate) const fn of(self, bucket: Bucket) -> Money {
        match bucket {
            Bucket::DeathDisability => self.death_disability,
            Bucket::Medical => self.medical,
            Bucket::Property => self.property,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_from_its_first_instant() {
        for (at, medical) in [
            ("2020-09-19T00:00:00+08:00", Some(18_000)),
            ("2020-09-18T23:59:59.999999+08:00", Some(10_000)),
            ("2020-09-18T16:00:00Z", Some(18_000)),
            ("2008-02-01T00:00:00+08:00", Some(10_000)),
            ("2008-01-31T23:59:59+08:00", Some(8_000)),
            ("2006-07-01T00:00:00+08:00", Some(8_000)),
            ("2006-06-30T23:59:59+08:00", None),
        ] {
            let table = Table::at(at.parse().unwrap()).ok();
            assert_eq!(table.map(|table| table.at_fault.medical), medical.map(Money::from_yuan), "{at}");
        }
    }
}
