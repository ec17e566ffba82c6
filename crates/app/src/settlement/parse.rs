//! From JSON to an [`Accident`].

mod persons;
mod policy;

use std::borrow::Cow;
use std::collections::HashMap;

use coverage::{
    Accident, Allocation, Ctpl, Damage, Extent, Kind, OwnDamageMode, Rescued, Vehicle, has_limits,
};
use lexicon::Ratio;
use serde_json::value::RawValue;

use super::reader::{Bad, Object, Path, Read, Reader};
use super::{Code, Problem};

/// More than the worst pile-ups on record; beyond it the exact sharing of everything among all takes too long for a door.
const VEHICLES_MAX: usize = 100;
/// Occupants and victims together.
const PERSONS_MAX: usize = 200;

const ROOT: &[&str] = &["occurred_at", "ctpl_allocation", "mutual_self_claim_agreed", "vehicles", "victims"];
const VEHICLE: &[&str] = &[
    "id",
    "kind",
    "tractor",
    "fault",
    "at_fault",
    "ctpl",
    "damage",
    "occupants",
    "own_damage_mode",
    "policy",
];
const DAMAGE: &[&str] = &[
    "repair",
    "total_loss",
    "actual_value",
    "salvage_kept",
    "third_party_received",
    "rescue",
    "rescued_value_insured",
    "rescued_value_other",
];

/// Where an id stands.
#[derive(Clone, Copy)]
enum Place {
    Vehicle(usize),
    Occupant(usize, usize),
    Victim(usize),
}

/// The ids of a document.
#[derive(Default)]
struct Ids<'a> {
    vehicles: HashMap<Cow<'a, str>, usize>,
    /// Whether each vehicle is a trailer.
    trailers: Vec<bool>,
    /// The first place of every id in document order.
    all: HashMap<Cow<'a, str>, (usize, Place)>,
    persons: usize,
}

/// Reads an accident, or says what is wrong with it first in document order.
pub fn parse(input: &[u8]) -> Result<Accident, Problem> {
    let (mut reader, root) = Reader::open(input)?;
    let accident = document(&mut reader, root);
    reader.close(accident)
}

fn document<'a>(reader: &mut Reader<'a>, raw: &'a RawValue) -> Result<Accident, Bad> {
    let root = reader.object(raw, Path::Root, ROOT)?;
    let at = reader.moment(&root, "occurred_at");
    let occurred_at = reader.required(&root, "occurred_at", at);
    if occurred_at.is_ok_and(|at| !has_limits(at)) {
        reader.report_at(&root, "occurred_at", Code::NoRuleTable);
    }
    let rules = [("court", Allocation::Court), ("practice", Allocation::Practice)];
    let allocation = reader.word(&root, "ctpl_allocation", &rules);
    let agreed = reader.flag(&root, "mutual_self_claim_agreed");

    let list = reader.list(&root, "vehicles");
    if list.as_ref().is_ok_and(Vec::is_empty) {
        reader.missing(&root, "vehicles");
    }
    let list = list.unwrap_or_default();
    let victims = reader.list(&root, "victims").unwrap_or_default();
    let (vehicles_path, victims_path) =
        (Path::Name(&root.path, "vehicles"), Path::Name(&root.path, "victims"));
    // A hostile document is not to cost more than reading it.
    if let Some(raw) = list.get(VEHICLES_MAX) {
        return Err(reader.report(
            reader.rank(raw),
            Code::TooMany,
            Path::Index(&vehicles_path, VEHICLES_MAX),
        ));
    }
    let mut ids = Ids::default();
    // References may point forward, so id and kind of all vehicles are read before anything else of them.
    let objects: Vec<Result<Object<'a, '_>, Bad>> = list
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let object = reader.object(raw, Path::Index(&vehicles_path, index), VEHICLE);
            ids.trailers
                .push(object.as_ref().is_ok_and(|object| matches!(is_trailer(reader, object), Ok(true))));
            let object = object?;
            if let Ok(Some(id)) = reader.text(&object, "id") {
                ids.vehicles.entry(id).or_insert(index);
            }
            Ok(object)
        })
        .collect();
    let mut vehicles = Vec::with_capacity(objects.len());
    let mut faults = coverage::Exact::ZERO;
    for (index, object) in objects.iter().enumerate() {
        vehicles.push(
            object
                .as_ref()
                .map_err(|bad| *bad)
                .and_then(|object| vehicle(reader, &mut ids, &mut faults, index, object)),
        );
    }
    let victims: Vec<_> = victims
        .into_iter()
        .enumerate()
        .map(|(index, raw)| persons::victim(reader, &mut ids, index, raw, Path::Index(&victims_path, index)))
        .collect();
    Ok(Accident {
        occurred_at: occurred_at?,
        allocation: allocation?.unwrap_or_default(),
        mutual_self_claim_agreed: agreed?,
        vehicles: vehicles.into_iter().collect::<Result<_, _>>()?,
        victims: victims.into_iter().collect::<Result<_, _>>()?,
    })
}

/// Reads a vehicle and adds its fault to `faults`. What is wrong with one field hides no rule over the others: theirs may be
/// the earlier place.
fn vehicle<'a>(
    reader: &mut Reader<'a>,
    ids: &mut Ids<'a>,
    faults: &mut coverage::Exact,
    index: usize,
    object: &Object<'a, '_>,
) -> Result<Vehicle, Bad> {
    let id = register(reader, ids, object, Place::Vehicle(index));
    let is_trailer = is_trailer(reader, object);
    let tractor = reference(reader, ids, object, "tractor");
    let kind = match (is_trailer, tractor) {
        (Ok(true), Ok(Some(tractor))) if ids.trailers[tractor] => {
            Err(reader.report_at(object, "tractor", Code::BadValue))
        }
        (Ok(true), tractor) => {
            reader.required(object, "tractor", tractor).map(|tractor| Kind::Trailer { tractor })
        }
        (is_trailer, tractor) => is_trailer.and(tractor).map(|_| Kind::Motor),
    };
    let fault = reader.share(object, "fault");
    if let Ok(false) = is_trailer {
        // A fault that is not determined is written as null, so leaving it out is something else.
        if object.given("fault").is_none() {
            reader.missing(object, "fault");
        }
        // The vehicle whose share lifts the sum above 1 is the one that is wrong.
        if let Ok(Some(fault)) = fault
            && add_share(faults, fault)
        {
            reader.report_at(object, "fault", Code::BadShare);
        }
    }
    let at_fault = reader.maybe_flag(object, "at_fault");
    let states = [("insured", Ctpl::Insured), ("none", Ctpl::None), ("recourse", Ctpl::Recourse)];
    let ctpl = reader.word(object, "ctpl", &states);
    let damage = damage(reader, object);
    let occupants = persons::occupants(reader, ids, index, object);
    let modes = [("net", OwnDamageMode::Net), ("subrogate", OwnDamageMode::Subrogate)];
    let mode = reader.word(object, "own_damage_mode", &modes);
    let policy = policy::object(reader, object);
    if let (Ok(Some(OwnDamageMode::Subrogate)), Ok(policy)) = (mode, &policy)
        && policy.as_ref().is_none_or(|policy| policy.get("own_damage").is_none())
    {
        reader.report_at(object, "own_damage_mode", Code::SubrogateWithoutOwnDamage);
    }
    let policy = policy.and_then(|object| object.map(|object| policy::policy(reader, &object)).transpose());
    Ok(Vehicle {
        id: id?.as_ref().into(),
        kind: kind?,
        fault: fault?,
        at_fault: at_fault?,
        ctpl: ctpl?.unwrap_or_default(),
        damage: damage?,
        occupants: occupants?,
        own_damage_mode: mode?.unwrap_or_default(),
        policy: policy?,
    })
}

fn damage<'a>(reader: &mut Reader<'a>, vehicle: &Object<'a, '_>) -> Result<Damage, Bad> {
    let Some(raw) = vehicle.get("damage") else { return Ok(Damage::default()) };
    let object = reader.object(raw, Path::Name(&vehicle.path, "damage"), DAMAGE)?;
    let repair = reader.money(&object, "repair");
    let total_loss = reader.flag(&object, "total_loss");
    let actual_value = reader.maybe_money(&object, "actual_value");
    let extent = match total_loss {
        Ok(true) => reader
            .required(&object, "actual_value", actual_value)
            .map(|actual_value| Extent::TotalLoss { actual_value }),
        _ => repair.and_then(|repair| actual_value.map(|_| Extent::Repair(repair))),
    };
    let salvage_kept = reader.money(&object, "salvage_kept");
    let third_party_received = reader.money(&object, "third_party_received");
    let rescue = reader.money(&object, "rescue");
    let insured = reader.maybe_money(&object, "rescued_value_insured");
    let other = reader.maybe_money(&object, "rescued_value_other");
    repair?;
    total_loss?;
    Ok(Damage {
        extent: extent?,
        salvage_kept: salvage_kept?,
        third_party_received: third_party_received?,
        rescue: rescue?,
        rescued: match (insured?, other?) {
            (None, None) => None,
            (insured, other) => {
                Some(Rescued { insured: insured.unwrap_or_default(), other: other.unwrap_or_default() })
            }
        },
    })
}

fn is_trailer<'a>(reader: &mut Reader<'a>, vehicle: &Object<'a, '_>) -> Result<bool, Bad> {
    let kind = reader.word(vehicle, "kind", &[("motor", false), ("trailer", true)])?;
    Ok(kind.unwrap_or(false))
}

/// Adds a share; whether that lifted the sum above 1.
fn add_share(sum: &mut coverage::Exact, share: Ratio) -> bool {
    *sum = &*sum + &share.into();
    *sum > coverage::Exact::whole(1)
}

/// The id of a vehicle or person. Of two that share one, the later in the document is wrong.
fn register<'a>(
    reader: &mut Reader<'a>,
    ids: &mut Ids<'a>,
    object: &Object<'a, '_>,
    place: Place,
) -> Result<Cow<'a, str>, Bad> {
    let read = reader.text(object, "id");
    let id = reader.required(object, "id", read)?;
    let rank = object.get("id").map_or(0, |raw| reader.rank(raw));
    match ids.all.get_mut(&id) {
        None => {
            ids.all.insert(id.clone(), (rank, place));
        }
        Some(first) => {
            let (later, at) =
                if rank < first.0 { std::mem::replace(first, (rank, place)) } else { (rank, place) };
            report_duplicate(reader, later, at);
        }
    }
    Ok(id)
}

/// Counts one more person, who stands at `raw`.
fn count_person<'a>(
    reader: &mut Reader<'a>,
    ids: &mut Ids<'a>,
    raw: &'a RawValue,
    path: Path<'_>,
) -> Result<(), Bad> {
    ids.persons += 1;
    if ids.persons > PERSONS_MAX { Err(reader.report(reader.rank(raw), Code::TooMany, path)) } else { Ok(()) }
}

fn report_duplicate(reader: &mut Reader<'_>, rank: usize, place: Place) {
    let root = Path::Root;
    let (vehicles, victims) = (Path::Name(&root, "vehicles"), Path::Name(&root, "victims"));
    let mut report = |path: Path<'_>| reader.report(rank, Code::DuplicateId, Path::Name(&path, "id"));
    match place {
        Place::Vehicle(vehicle) => report(Path::Index(&vehicles, vehicle)),
        Place::Victim(victim) => report(Path::Index(&victims, victim)),
        Place::Occupant(vehicle, occupant) => {
            let vehicle = Path::Index(&vehicles, vehicle);
            let occupants = Path::Name(&vehicle, "occupants");
            report(Path::Index(&occupants, occupant))
        }
    };
}

/// The vehicle that `name` names.
fn reference<'a>(reader: &mut Reader<'a>, ids: &Ids<'a>, object: &Object<'a, '_>, name: &str) -> Read<usize> {
    let Some(id) = reader.text(object, name)? else { return Ok(None) };
    match ids.vehicles.get(&id) {
        Some(vehicle) => Ok(Some(*vehicle)),
        None => Err(reader.report_at(object, name, Code::UnknownId)),
    }
}
