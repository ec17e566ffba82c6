//! Commercial policies and their riders.

use coverage::{Cover, Covers, OwnDamage, Policy, Rider, Wording};
use lexicon::Money;
use serde_json::value::RawValue;

use crate::settlement::Code;
use crate::settlement::reader::{Bad, Object, Path, Read, Reader};

const POLICY: &[&str] = &[
    "wording",
    "starts_at",
    "energy",
    "no_deductible",
    "own_damage",
    "third_party",
    "driver",
    "passengers",
    "riders",
    "holiday",
];
const COVER_FIELDS: [&str; 4] = ["own_damage", "third_party", "driver", "passengers"];
const COVERS: [Cover; 4] = [Cover::OwnDamage, Cover::ThirdParty, Cover::Driver, Cover::Passengers];

/// Riders of the model clauses that are not computed here yet.
const KNOWN_RIDERS: [&str; 12] = [
    "wheel-damage",
    "new-equipment",
    "scratch",
    "repair-downtime",
    "engine-water-exclusion",
    "cargo",
    "mental-distress",
    "medical-outside",
    "services",
    "grid-failure",
    "charger-damage",
    "charger-liability",
];

/// The policy of `vehicle`, not read yet.
pub(super) fn object<'a, 'p>(reader: &mut Reader<'a>, vehicle: &'p Object<'a, '_>) -> Read<Object<'a, 'p>> {
    let Some(raw) = vehicle.get("policy") else { return Ok(None) };
    reader.object(raw, Path::Name(&vehicle.path, "policy"), POLICY).map(Some)
}

pub(super) fn policy<'a>(reader: &mut Reader<'a>, object: &Object<'a, '_>) -> Result<Policy, Bad> {
    let own_damage = own_damage(reader, object);
    let third_party = limit(reader, object, "third_party", "limit");
    let driver = limit(reader, object, "driver", "limit");
    let passengers = limit(reader, object, "passengers", "limit_per_seat");
    let has_cover = COVER_FIELDS.iter().any(|name| object.get(name).is_some());
    let wording = wording(reader, object, has_cover);
    let mut no_deductible = Covers::NONE;
    let all_known = covers(reader, object, "no_deductible", &mut no_deductible);
    let riders = riders(reader, object);
    let holiday = reader.flag(object, "holiday");
    all_known?;
    Ok(Policy {
        wording: wording?,
        no_deductible,
        own_damage: own_damage?,
        third_party: third_party?,
        driver: driver?,
        passengers: passengers?,
        riders: riders?,
        holiday: holiday?,
    })
}

/// As named, or by the start of the policy. Without a cover nothing depends on it.
fn wording<'a>(reader: &mut Reader<'a>, policy: &Object<'a, '_>, has_cover: bool) -> Result<Wording, Bad> {
    let words = [Wording::W2014, Wording::W2020, Wording::Nev2021].map(|wording| (wording.word(), wording));
    let named = reader.word(policy, "wording", &words);
    let starts_at = reader.moment(policy, "starts_at");
    // Any other energy than new is an ordinary one, whatever it is called.
    let energy = reader.text(policy, "energy");
    if let (Ok(None), Ok(None), true) = (named, starts_at, has_cover) {
        return Err(reader.absent(policy, "wording", Code::WordingUnknown));
    }
    let energy = energy?;
    match (named?, starts_at?) {
        (Some(named), _) => Ok(named),
        (None, Some(starts_at)) => Ok(Wording::of_policy(starts_at, energy.as_deref() == Some("new"))),
        (None, None) => Ok(Wording::W2020),
    }
}

fn own_damage<'a>(reader: &mut Reader<'a>, policy: &Object<'a, '_>) -> Read<OwnDamage> {
    let Some(raw) = policy.get("own_damage") else { return Ok(None) };
    let object =
        reader.object(raw, Path::Name(&policy.path, "own_damage"), &["sum_insured", "deductible"])?;
    let sum_insured = reader.maybe_money(&object, "sum_insured");
    let sum_insured = reader.required(&object, "sum_insured", sum_insured);
    let deductible = reader.money(&object, "deductible");
    Ok(Some(OwnDamage { sum_insured: sum_insured?, deductible: deductible? }))
}

fn limit<'a>(reader: &mut Reader<'a>, policy: &Object<'a, '_>, cover: &str, field: &str) -> Read<Money> {
    let Some(raw) = policy.get(cover) else { return Ok(None) };
    let object = reader.object(raw, Path::Name(&policy.path, cover), &[field])?;
    let limit = reader.maybe_money(&object, field);
    reader.required(&object, field, limit).map(Some)
}

/// Adds the covers that a list names to `found`, those beside a wrong word too.
fn covers<'a>(
    reader: &mut Reader<'a>,
    object: &Object<'a, '_>,
    name: &str,
    found: &mut Covers,
) -> Result<(), Bad> {
    let path = Path::Name(&object.path, name);
    let mut all_known = Ok(());
    for (index, raw) in reader.list(object, name)?.into_iter().enumerate() {
        let path = Path::Index(&path, index);
        let word = reader.text_of(raw, path);
        let cover = word.and_then(|word| {
            let named = COVERS.into_iter().find(|cover| cover.word() == word);
            named.ok_or_else(|| reader.report(reader.rank(raw), Code::BadValue, path))
        });
        match cover {
            Ok(cover) => *found = found.with(cover),
            Err(bad) => all_known = Err(bad),
        }
    }
    all_known
}

fn riders<'a>(reader: &mut Reader<'a>, policy: &Object<'a, '_>) -> Result<Vec<Rider>, Bad> {
    let path = Path::Name(&policy.path, "riders");
    let mut named = Covers::NONE;
    let read: Vec<Result<Rider, Bad>> = reader
        .list(policy, "riders")?
        .into_iter()
        .enumerate()
        .map(|(index, raw)| rider(reader, raw, Path::Index(&path, index), &mut named))
        .collect();
    read.into_iter().collect()
}

/// Reads a rider. `named` are the covers of the deductible riders so far.
fn rider<'a>(
    reader: &mut Reader<'a>,
    raw: &'a RawValue,
    path: Path<'_>,
    named: &mut Covers,
) -> Result<Rider, Bad> {
    // The kind decides which fields there are, so it is looked at before them.
    let object = reader.members(raw, path)?;
    let kind = reader.text(&object, "kind");
    let word = reader.required(&object, "kind", kind)?;
    match &*word {
        "absolute-deductible-rate" => {
            let object = reader.object(raw, path, &["kind", "rate", "covers"])?;
            let rate = reader.share(&object, "rate");
            let rate = reader.required(&object, "rate", rate);
            if object.get("covers").is_none() {
                return Err(reader.missing(&object, "covers"));
            }
            let mut found = Covers::NONE;
            let all_known = covers(reader, &object, "covers", &mut found);
            if named.meets(found) {
                return Err(reader.report(reader.rank(raw), Code::DuplicateRider, path));
            }
            *named = named.and(found);
            all_known?;
            Ok(Rider::AbsoluteDeductibleRate { rate: rate?, covers: found })
        }
        "holiday-limit-doubling" => {
            reader.object(raw, path, &["kind"])?;
            Ok(Rider::HolidayLimitDoubling)
        }
        known if KNOWN_RIDERS.contains(&known) => {
            Err(reader.report_at(&object, "kind", Code::UnsupportedRider))
        }
        _ => Err(reader.report_at(&object, "kind", Code::UnknownRider)),
    }
}
