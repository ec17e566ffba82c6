//! One row of a file, read into types.

use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lexicon::identifier::Problem;
use lexicon::{Moment, Money, Phone, Plate, PolicyId, Ratio, Vin};

use super::{Flaw, RowProblem};
use crate::{CoverName, Covers, Energy, Holder, HolderNumber, OwnDamage, Rider, Usage, Wording};

/// A policy as a file states it, checked. Not sealed yet: it is never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// The policy number.
    pub number: PolicyId,
    /// The insurer or branch, as a code.
    pub insurer: String,
    /// The number plate.
    pub plate: Plate,
    /// The VIN.
    pub vin: Vin,
    /// The class in the table of prices.
    pub class: String,
    /// Seats, the driver's included.
    pub seats: u8,
    /// What the vehicle is used for.
    pub usage: Usage,
    /// What drives it.
    pub energy: Energy,
    /// Its actual value.
    pub actual_value: Money,
    /// Who holds the policy.
    pub holder: Holder,
    /// First instant of cover.
    pub starts_at: Moment,
    /// First instant without cover again.
    pub ends_at: Moment,
    /// The clauses.
    pub wording: Wording,
    /// Whether compulsory cover is held.
    pub compulsory: bool,
    /// The commercial covers.
    pub covers: Covers,
}

/// The cells of a row by the names of their columns, trimmed; an empty one is not there.
pub(super) struct Cells(Vec<(String, String)>);

impl Cells {
    pub(super) fn new(cells: impl IntoIterator<Item = (String, String)>) -> Cells {
        let trimmed = cells.into_iter().map(|(name, text)| (name, text.trim().to_owned()));
        Cells(trimmed.filter(|(_, text)| !text.is_empty()).collect())
    }

    fn get(&self, column: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, text)| text.as_str())
    }
}

/// The row in `cells` with its warnings, or everything that is wrong with it.
pub(super) fn read(cells: &Cells, zone: &TimeZone) -> Result<(PolicyRow, Vec<Flaw>), Vec<Flaw>> {
    let mut reader = Reader { cells, flaws: Vec::new() };
    let row = reader.row(zone);
    let Reader { flaws, .. } = reader;
    match row {
        Some(row) if flaws.is_empty() => {
            let warning =
                row.vin.warning().map(|problem| (Some("vin".into()), RowProblem::Identifier(problem)));
            Ok((row, warning.into_iter().collect()))
        }
        _ => Err(flaws),
    }
}

/// Reads cell after cell and notes every flaw; what could not be read is `None`.
struct Reader<'a> {
    cells: &'a Cells,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn row(&mut self, zone: &TimeZone) -> Option<PolicyRow> {
        let number = self.needed("number", |text| text.parse().map_err(|_| RowProblem::PolicyNumber));
        let insurer = self.needed("insurer", |text| plain(text, 64));
        let plate = self.needed("plate", identifier::<Plate>);
        let vin = self.needed("vin", identifier::<Vin>);
        let class = self.needed("vehicle_class", class);
        let seats = self.needed("seats", seats);
        let usage = self.needed("use", word::<Usage>);
        let energy = self.needed("energy", word::<Energy>);
        let actual_value = self.needed("actual_value", amount);
        let name = self.needed("holder_name", |text| plain(text, 100));
        let phone = self.needed("holder_phone", identifier::<Phone>);
        let holder_number = self.needed("holder_id", holder_number);
        let starts_at = self.needed("starts_at", |text| time(text, zone, Edge::Start));
        let ends_at = self.needed("ends_at", |text| time(text, zone, Edge::End));
        let wording = self.optional("wording", word::<Wording>);
        let compulsory = self.needed("compulsory", yes);
        let covers = self.covers();
        // What spans several cells is judged only when each of them could be read.
        if let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at)
            && ends_at <= starts_at
        {
            self.flaw("ends_at", RowProblem::Period);
        }
        if let (Some(false), Some(covers)) = (compulsory, &covers)
            && covers.is_empty()
        {
            self.flaws.push((None, RowProblem::NothingCovered));
        }
        let (starts_at, energy) = (starts_at?, energy?);
        Some(PolicyRow {
            number: number?,
            insurer: insurer?,
            plate: plate?,
            vin: vin?,
            class: class?,
            seats: seats?,
            usage: usage?,
            energy,
            actual_value: actual_value?,
            holder: Holder { name: name?, phone: phone?, number: holder_number? },
            starts_at,
            ends_at: ends_at?,
            wording: wording.unwrap_or_else(|| Wording::in_use(starts_at, energy)),
            compulsory: compulsory?,
            covers: covers?,
        })
    }

    fn covers(&mut self) -> Option<Covers> {
        let before = self.flaws.len();
        let sum_insured = self.optional("own_damage", amount);
        let deductible = self.optional("own_damage_deductible", deductible);
        let mut covers = Covers {
            own_damage: sum_insured
                .map(|sum_insured| OwnDamage { sum_insured, deductible: deductible.unwrap_or(Money::ZERO) }),
            third_party: self.optional("third_party", amount),
            driver: self.optional("driver", amount),
            passengers: self.optional("passengers", amount),
            riders: Vec::new(),
        };
        let rate = self.optional("deductible_rate", rate);
        let rate_covers = self.optional("deductible_rate_covers", cover_names);
        let doubling = self.optional("holiday_doubling", yes).unwrap_or(false);
        if self.flaws.len() > before {
            return None;
        }
        if deductible > sum_insured {
            self.flaw("own_damage_deductible", RowProblem::Deductible);
        }
        match (rate, rate_covers) {
            (None, None) => {}
            (Some(_), None) => self.flaw("deductible_rate_covers", RowProblem::Rider),
            (None, Some(_)) => self.flaw("deductible_rate", RowProblem::Rider),
            (Some(_), Some(names)) if !names.iter().all(|name| covers.has(*name)) => {
                self.flaw("deductible_rate_covers", RowProblem::Rider);
            }
            (Some(rate), Some(names)) => {
                covers.riders.push(Rider::AbsoluteDeductibleRate { rate, covers: names });
            }
        }
        if doubling && covers.third_party.is_none() {
            self.flaw("holiday_doubling", RowProblem::Rider);
        } else if doubling {
            covers.riders.push(Rider::HolidayLimitDoubling);
        }
        Some(covers)
    }

    fn needed<T>(&mut self, column: &str, read: impl FnOnce(&str) -> Result<T, RowProblem>) -> Option<T> {
        if self.cells.get(column).is_none() {
            self.flaw(column, RowProblem::Missing);
        }
        self.optional(column, read)
    }

    fn optional<T>(&mut self, column: &str, read: impl FnOnce(&str) -> Result<T, RowProblem>) -> Option<T> {
        let read = read(self.cells.get(column)?);
        read.map_err(|problem| self.flaw(column, problem)).ok()
    }

    fn flaw(&mut self, column: &str, problem: RowProblem) {
        self.flaws.push((Some(column.into()), problem));
    }
}

/// Printable text of at most `longest` characters.
fn plain(text: &str, longest: usize) -> Result<String, RowProblem> {
    let sound = text.chars().count() <= longest && !text.chars().any(char::is_control);
    if sound { Ok(text.into()) } else { Err(RowProblem::Text) }
}

fn identifier<T: FromStr<Err = Problem>>(text: &str) -> Result<T, RowProblem> {
    text.parse().map_err(RowProblem::Identifier)
}

/// A person's number, or the code of a firm: both have 18 characters, and only a person's stands with 17 digits in front.
fn holder_number(text: &str) -> Result<HolderNumber, RowProblem> {
    match (text.parse(), text.parse()) {
        (Ok(person), _) => Ok(HolderNumber::IdNumber(person)),
        (_, Ok(firm)) => Ok(HolderNumber::Uscc(firm)),
        (Err(Problem::Character), Err(problem)) | (Err(problem), _) => Err(RowProblem::Identifier(problem)),
    }
}

fn class(text: &str) -> Result<String, RowProblem> {
    let sound = text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if sound { Ok(text.into()) } else { Err(RowProblem::Word) }
}

/// The largest coach has fewer than 100 seats.
fn seats(text: &str) -> Result<u8, RowProblem> {
    text.parse().ok().filter(|seats| (1..100).contains(seats)).ok_or(RowProblem::Number)
}

fn word<T: FromStr>(text: &str) -> Result<T, RowProblem> {
    text.parse().map_err(|_| RowProblem::Word)
}

fn yes(text: &str) -> Result<bool, RowProblem> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(RowProblem::Word),
    }
}

/// No cover and no car is worth more than this; it also keeps every later sum far from overflowing.
const AMOUNT_MAX: Money = Money::from_yuan(1_000_000_000);

fn amount(text: &str) -> Result<Money, RowProblem> {
    deductible(text).and_then(|amount| if amount.is_zero() { Err(RowProblem::Amount) } else { Ok(amount) })
}

fn deductible(text: &str) -> Result<Money, RowProblem> {
    let amount = text.parse::<Money>().ok().filter(|amount| !amount.is_negative() && *amount <= AMOUNT_MAX);
    amount.ok_or(RowProblem::Amount)
}

fn rate(text: &str) -> Result<Ratio, RowProblem> {
    text.parse::<Ratio>()
        .ok()
        .filter(|rate| Ratio::ZERO < *rate && *rate < Ratio::ONE)
        .ok_or(RowProblem::Share)
}

fn cover_names(text: &str) -> Result<Vec<CoverName>, RowProblem> {
    let mut names: Vec<CoverName> = Vec::new();
    for name in text.split_whitespace() {
        let name = word(name)?;
        if names.contains(&name) {
            return Err(RowProblem::Rider);
        }
        names.push(name);
    }
    Ok(names)
}

/// Which end of a day is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

fn time(text: &str, zone: &TimeZone, edge: Edge) -> Result<Moment, RowProblem> {
    // A `Date` also reads the day out of a longer text, so only a text as long as a day is one.
    if text.len() == "2026-01-01".len() {
        let day: Date = text.parse().map_err(|_| RowProblem::Time)?;
        let day = if edge == Edge::End { day.saturating_add(1.day()) } else { day };
        return Ok(Moment::start_of(day, zone));
    }
    text.parse().map_err(|_| RowProblem::Time)
}
