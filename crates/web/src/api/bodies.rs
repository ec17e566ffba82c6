//! The shapes of what programs send. Text becomes types here and nowhere else.

use std::collections::BTreeMap;

use app::{Failure, Notice, Refused};
use lexicon::{Moment, Money, Ratio, Wgs84};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer};
use utoipa::{IntoParams, ToSchema};

use app::claims as model;

/// The notice of an accident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeBody {
    /// When it happened, with offset.
    #[schema(example = "2026-05-02T14:30:00+08:00")]
    pub occurred_at: String,
    /// `rear-end`, `scrape`, `object`, `reversing`, `person`, `crash`, `parked`, `weather`, `theft`, `fire`, `glass` or `other`.
    #[schema(example = "reversing")]
    pub cause: String,
    /// Where, in words.
    #[schema(example = "北京市朝阳区建国路88号地库")]
    pub place: String,
    /// WGS-84 latitude and longitude.
    #[serde(default)]
    pub position: Option<(f64, f64)>,
    /// `none`, `light`, `serious` or `death`.
    #[serde(default)]
    pub injury: Option<String>,
    /// Whether property that belongs to no vehicle was damaged.
    #[serde(default)]
    pub other_property: bool,
    /// Plate of the reporter's vehicle.
    #[schema(example = "京A12345")]
    pub plate: String,
    /// The other vehicles: their plates, or null where not known.
    #[serde(default)]
    pub others: Vec<Option<String>>,
    /// What happened, in words.
    #[serde(default)]
    pub story: String,
    /// Name of who gives notice.
    #[schema(example = "王小明")]
    pub name: String,
    /// Phone of who gives notice.
    #[schema(example = "13800138000")]
    pub phone: String,
    /// `light`, `some`, `heavy` or `unknown`.
    #[serde(default)]
    pub damage: Option<String>,
    /// The reporter's share of fault, `0.7`.
    #[serde(default)]
    pub fault: Option<String>,
    /// `stated`, `agreed`, `police` or `court`; `stated` when left out.
    #[serde(default)]
    pub fault_source: Option<String>,
    /// Whether all sides agreed that each claims from its own compulsory cover (互碰自赔).
    #[serde(default)]
    pub self_claim: bool,
    /// Where to pay.
    #[serde(default)]
    pub account: Option<AccountBody>,
}

/// An account at a bank.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountBody {
    /// Name of the holder.
    #[schema(example = "王小明")]
    pub name: String,
    /// Card or account number.
    #[schema(example = "6222020200112233446")]
    pub number: String,
    /// Vehicle or person that is paid; the claim's own vehicle when left out. Staff only.
    #[serde(default)]
    pub payee: Option<String>,
}

/// Damage of one part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PickBody {
    /// Code of the part, from `GET /api/v1/claims/{claim}/parts`.
    #[schema(example = "rear-bumper")]
    pub part: String,
    /// `scratch`, `dent`, `crack` or `broken`.
    #[schema(example = "scratch")]
    pub damage: String,
    /// Number of the photo that shows it.
    #[serde(default)]
    pub photo: Option<u32>,
    /// `paint`, `repair-light`, `repair-medium` or `replace`; what the table proposes when left out. Staff only.
    #[serde(default)]
    pub operation: Option<String>,
    /// A price instead of the table's. Staff only.
    #[serde(default)]
    pub price: Option<String>,
}

/// Damage picked by the customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DamageBody {
    /// The parts.
    pub picks: Vec<PickBody>,
}

/// An assessment by a member of staff.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentBody {
    /// The vehicle.
    #[schema(example = "A")]
    pub vehicle: String,
    /// The parts.
    #[serde(default)]
    pub picks: Vec<PickBody>,
    /// A total loss.
    #[serde(default)]
    pub total_loss: Option<TotalLossBody>,
    /// Rescue and towing.
    #[serde(default)]
    pub rescue: Option<String>,
}

/// A total loss.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TotalLossBody {
    /// Value just before the accident.
    pub actual_value: String,
    /// Agreed value of what the owner keeps.
    #[serde(default)]
    pub salvage_kept: Option<String>,
}

/// Words, where they are all that is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextBody {
    /// The text.
    #[serde(default)]
    pub text: String,
}

/// A rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingBody {
    /// 1 to 5.
    pub stars: u8,
    /// In words.
    #[serde(default)]
    pub comment: String,
}

/// Nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// A surveyor's findings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InspectionBody {
    /// What was found.
    pub findings: String,
    /// WGS-84 latitude and longitude of where the surveyor stood.
    #[serde(default)]
    pub position: Option<(f64, f64)>,
}

/// Shares of fault.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultBody {
    /// Share by vehicle, `{"A": "0.7", "B": "0.3"}`.
    pub shares: BTreeMap<String, String>,
    /// `stated`, `single`, `agreed`, `police`, `court` or `staff`.
    pub source: String,
}

/// A vehicle's loss, as papers show it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LossBody {
    /// The vehicle.
    pub vehicle: String,
    /// Cost of repair.
    #[serde(default)]
    pub repair: Option<String>,
    /// A total loss.
    #[serde(default)]
    pub total_loss: Option<TotalLossBody>,
    /// Rescue and towing.
    #[serde(default)]
    pub rescue: Option<String>,
    /// Received from parties that are no vehicles of this accident.
    #[serde(default)]
    pub third_party_received: Option<String>,
}

/// A vehicle by its name in the accident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VehicleBody {
    /// The vehicle.
    pub vehicle: String,
}

/// Covers of a vehicle that is insured elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermsBody {
    /// The vehicle.
    pub vehicle: String,
    /// Whether compulsory cover is held.
    pub compulsory: bool,
    /// Own damage: sum insured.
    #[serde(default)]
    pub own_damage: Option<String>,
    /// Own damage: agreed deductible.
    #[serde(default)]
    pub deductible: Option<String>,
    /// Third-party limit.
    #[serde(default)]
    pub third_party: Option<String>,
    /// Driver's seat limit.
    #[serde(default)]
    pub driver: Option<String>,
    /// Limit per passenger seat.
    #[serde(default)]
    pub passengers: Option<String>,
}

/// What a person or outside property lost.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VictimBody {
    /// `P1`, `P2`, …; a known one is replaced.
    #[schema(example = "P1")]
    pub id: String,
    /// Vehicle whose occupant it is.
    #[serde(default)]
    pub vehicle: Option<String>,
    /// Whether the occupant drove.
    #[serde(default)]
    pub driver: bool,
    /// Death and disability.
    #[serde(default)]
    pub death_disability: Option<String>,
    /// Of these, mental distress.
    #[serde(default)]
    pub mental: Option<String>,
    /// Medical.
    #[serde(default)]
    pub medical: Option<String>,
    /// Of these, beyond the catalogue.
    #[serde(default)]
    pub medical_outside: Option<String>,
    /// Property.
    #[serde(default)]
    pub property: Option<String>,
}

/// What was told of the accident, corrected; what stays is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionBody {
    /// When it happened, with offset.
    #[serde(default)]
    pub occurred_at: Option<String>,
    /// How it came about.
    #[serde(default)]
    pub cause: Option<String>,
    /// How badly somebody was hurt.
    #[serde(default)]
    pub injury: Option<String>,
    /// Whether outside property was damaged.
    #[serde(default)]
    pub other_property: Option<bool>,
}

/// A plate, if known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlateBody {
    /// The plate.
    #[serde(default)]
    pub plate: Option<String>,
}

/// An agreement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreedBody {
    /// Whether all sides agree.
    pub agreed: bool,
}

/// What is approved or agreed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjudicationBody {
    /// The number of the adjudication that was seen, as the claim's page tells it: nobody approves other figures.
    pub adjudication: u32,
}

/// What the second of two people confirms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmationBody {
    /// Its number, as the claim's page tells it.
    pub number: u32,
}

/// What the second of two people sends back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnBody {
    /// Its number, as the claim's page tells it.
    pub number: u32,
    /// Why.
    pub reason: String,
}

/// How the notice of a refusal went out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceBody {
    /// `post`, `hand` or `email`.
    pub way: String,
}

/// A refusal by a named person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusalBody {
    /// The clause it stands on.
    pub clause: String,
    /// The reason, as the letter gives it.
    pub reason: String,
}

/// A team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamBody {
    /// `service-desk`, `survey`, `assessment`, `approval`, `injury`, `investigation` or `payments`.
    pub team: String,
    /// Account of the person.
    #[serde(default)]
    pub to: Option<String>,
}

/// Why a claim is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopeningBody {
    /// `supplement`, `dispute` or `correction`.
    pub cause: String,
    /// In words.
    pub reason: String,
}

/// A policy's number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyBody {
    /// The number.
    pub policy: String,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Where the page starts: `next` of the page before.
    pub cursor: Option<String>,
    /// `all`, `mine`, `soon` or a team's word (work); a status (payments, deliveries); an account (tokens).
    pub which: Option<String>,
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    /// A claim's number, a plate or a phone.
    pub q: String,
}

/// What a file shows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileQuery {
    /// Kind of paper or photo.
    pub kind: String,
}

/// A word of a closed set; anything else is refused with the field's name.
pub(crate) fn word<T: DeserializeOwned>(text: &str, field: &'static str) -> Result<T, Failure> {
    let text: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(text).map_err(|_| refused("form.refused.word", field))
}

pub(crate) fn refused(code: &'static str, field: &'static str) -> Failure {
    Refused::new(code).at(field).into()
}

pub(crate) fn money(text: &str, field: &'static str) -> Result<Money, Failure> {
    let amount: Money = text.parse().map_err(|_| refused("form.refused.money", field))?;
    if amount.is_negative() { Err(refused("form.refused.money", field)) } else { Ok(amount) }
}

pub(crate) fn maybe_money(text: Option<&String>, field: &'static str) -> Result<Option<Money>, Failure> {
    text.map(|text| money(text, field)).transpose()
}

pub(crate) fn moment(text: &str, field: &'static str) -> Result<Moment, Failure> {
    text.parse().map_err(|_| refused("form.refused.time", field))
}

pub(crate) fn share(text: &str, field: &'static str) -> Result<Ratio, Failure> {
    text.parse::<Ratio>()
        .ok()
        .filter(|share| share.is_share())
        .ok_or_else(|| refused("form.refused.share", field))
}

pub(crate) fn id<T: std::str::FromStr>(text: &str, field: &'static str) -> Result<T, Failure> {
    text.trim().parse().map_err(|_| refused("form.refused.word", field))
}

pub(crate) fn position(pair: Option<(f64, f64)>) -> Result<Option<Wgs84>, Failure> {
    pair.map(|(latitude, longitude)| {
        Wgs84::new(latitude, longitude).map_err(|_| refused("form.refused.position", "position"))
    })
    .transpose()
}

pub(crate) fn picks(bodies: Vec<PickBody>) -> Result<Vec<model::Pick>, Failure> {
    let pick = |body: PickBody| {
        Ok(model::Pick {
            part: body.part,
            damage: word(&body.damage, "damage")?,
            operation: body.operation.map(|operation| word(&operation, "operation")).transpose()?,
            photo: body.photo,
            price: maybe_money(body.price.as_ref(), "price")?,
        })
    };
    bodies.into_iter().map(pick).collect()
}

impl NoticeBody {
    /// The notice, as it came by `channel`.
    pub(crate) fn into_notice(self, channel: model::Channel) -> Result<Notice, Failure> {
        let plate = |text: &str, field| text.parse().map_err(|_| refused("form.refused.plate", field));
        let source = self.fault_source.as_deref().map(|source| word(source, "fault_source")).transpose()?;
        let fault = self.fault.as_deref().map(|fault| share(fault, "fault")).transpose()?;
        // What a court or a member of staff found is not for the reporter to say.
        let source = match source.unwrap_or(model::FaultSource::Stated) {
            model::FaultSource::Agreed | model::FaultSource::Police if self.others.is_empty() => {
                model::FaultSource::Stated
            }
            found
            @ (model::FaultSource::Stated | model::FaultSource::Agreed | model::FaultSource::Police) => found,
            _ => return Err(refused("form.refused.word", "fault_source")),
        };
        let phone: lexicon::Phone = self.phone.parse().map_err(|_| refused("form.refused.phone", "phone"))?;
        Ok(Notice {
            occurred_at: moment(&self.occurred_at, "occurred_at")?,
            cause: word(&self.cause, "cause")?,
            place: self.place,
            position: position(self.position)?,
            injury: self
                .injury
                .as_deref()
                .map(|injury| word(injury, "injury"))
                .transpose()?
                .unwrap_or_default(),
            other_property: self.other_property,
            plate: plate(&self.plate, "plate")?,
            others: self
                .others
                .iter()
                .map(|other| other.as_deref().map(|text| plate(text, "others")).transpose())
                .collect::<Result<_, _>>()?,
            story: self.story,
            contact: model::Contact { name: self.name, phone: phone.as_str().to_owned() },
            guess: self
                .damage
                .as_deref()
                .map(|guess| word(guess, "damage"))
                .transpose()?
                .unwrap_or(model::DamageGuess::Unknown),
            fault: fault.map(|share| (share, source)),
            self_claim: self.self_claim,
            account: self.account.as_ref().map(AccountBody::account).transpose()?,
            channel,
        })
    }
}

impl AccountBody {
    /// The account; a number of card length must keep its check digit.
    pub(crate) fn account(&self) -> Result<model::BankAccount, Failure> {
        let number: lexicon::BankCard =
            self.number.parse().map_err(|_| refused("form.refused.account", "number"))?;
        Ok(model::BankAccount { name: self.name.trim().to_owned(), number: number.as_str().to_owned() })
    }
}
