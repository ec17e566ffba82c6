//! People and what they suffered.

use coverage::{Injury, Liability, Occupant, Seat, Victim};
use serde_json::value::RawValue;

use super::{Ids, Place, add_share, count_person, reference, register};
use crate::settlement::Code;
use crate::settlement::reader::{Bad, Object, Path, Read, Reader};

const OCCUPANT: &[&str] = &[
    "id",
    "seat",
    "death_disability",
    "mental",
    "mental_first",
    "medical",
    "medical_outside",
    "outside_first",
    "liability",
];
const VICTIM: &[&str] = &[
    "id",
    "belongs_to",
    "death_disability",
    "mental",
    "mental_first",
    "medical",
    "medical_outside",
    "outside_first",
    "property",
    "liability",
];

pub(super) fn occupants<'a>(
    reader: &mut Reader<'a>,
    ids: &mut Ids<'a>,
    vehicle: usize,
    object: &Object<'a, '_>,
) -> Result<Vec<Occupant>, Bad> {
    let list = reader.list(object, "occupants")?;
    let path = Path::Name(&object.path, "occupants");
    let mut has_driver = false;
    let read: Vec<_> = list
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            count_person(reader, ids, raw, Path::Index(&path, index))?;
            let object = reader.object(raw, Path::Index(&path, index), OCCUPANT)?;
            let id = register(reader, ids, &object, Place::Occupant(vehicle, index));
            let seat =
                reader.word(&object, "seat", &[("driver", Seat::Driver), ("passenger", Seat::Passenger)]);
            let seat = reader.required(&object, "seat", seat);
            if let Ok(Seat::Driver) = seat {
                if has_driver {
                    reader.report_at(&object, "seat", Code::TwoDrivers);
                }
                has_driver = true;
            }
            let injury = injury(reader, &object);
            let liability = liability(reader, ids, &object);
            Ok(Occupant { id: id?.as_ref().into(), seat: seat?, injury: injury?, liability: liability? })
        })
        .collect();
    read.into_iter().collect()
}

pub(super) fn victim<'a>(
    reader: &mut Reader<'a>,
    ids: &mut Ids<'a>,
    index: usize,
    raw: &'a RawValue,
    path: Path<'_>,
) -> Result<Victim, Bad> {
    count_person(reader, ids, raw, path)?;
    let object = reader.object(raw, path, VICTIM)?;
    let id = register(reader, ids, &object, Place::Victim(index));
    let belongs_to = reference(reader, ids, &object, "belongs_to");
    let injury = injury(reader, &object);
    let property = reader.money(&object, "property");
    let liability = liability(reader, ids, &object);
    Ok(Victim {
        id: id?.as_ref().into(),
        belongs_to: belongs_to?,
        injury: injury?,
        property: property?,
        liability: liability?,
    })
}

fn injury<'a>(reader: &mut Reader<'a>, object: &Object<'a, '_>) -> Result<Injury, Bad> {
    let death_disability = reader.money(object, "death_disability");
    let mental = reader.money(object, "mental");
    let mental_first = reader.flag(object, "mental_first");
    let medical = reader.money(object, "medical");
    let medical_outside = reader.money(object, "medical_outside");
    let outside_first = reader.flag(object, "outside_first");
    for (name, part, whole) in
        [("mental", mental, death_disability), ("medical_outside", medical_outside, medical)]
    {
        if let (Ok(part), Ok(whole)) = (part, whole)
            && part > whole
        {
            reader.report_at(object, name, Code::PartAboveWhole);
        }
    }
    Ok(Injury {
        death_disability: death_disability?,
        mental: mental?,
        mental_first: mental_first?,
        medical: medical?,
        medical_outside: medical_outside?,
        outside_first: outside_first?,
    })
}

/// Shares by vehicle id. The vehicle whose share lifts the sum above 1 is the one that is wrong.
fn liability<'a>(reader: &mut Reader<'a>, ids: &Ids<'a>, object: &Object<'a, '_>) -> Read<Liability> {
    let Some(raw) = object.get("liability") else { return Ok(None) };
    let shares = reader.members(raw, Path::Name(&object.path, "liability"))?;
    let mut liability = Liability::new();
    let mut sum = coverage::Exact::ZERO;
    let mut bad = None;
    for id in shares.names() {
        let vehicle = ids.vehicles.get(id).copied();
        if vehicle.is_none() {
            let at = shares.given(id).map_or(0, |raw| reader.rank(raw));
            bad = Some(reader.report(at, Code::UnknownId, Path::Name(&shares.path, id)));
        }
        // The name stands before its share, and so does what is wrong with it.
        match (reader.share(&shares, id), vehicle) {
            (Ok(Some(share)), Some(vehicle)) => {
                if add_share(&mut sum, share) {
                    bad = Some(reader.report_at(&shares, id, Code::BadShare));
                }
                liability.push((vehicle, share));
            }
            (Err(wrong), _) => bad = Some(wrong),
            _ => {}
        }
    }
    bad.map_or(Ok(Some(liability)), Err)
}
