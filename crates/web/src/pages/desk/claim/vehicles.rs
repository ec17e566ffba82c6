//! The vehicles of the accident: fault, loss, cover.

use std::collections::BTreeMap;

use app::App;
use app::claims as model;
use app::pages::VehiclePage;
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::{ClaimId, Ratio};
use maud::{Markup, html};

use super::super::frame;
use super::super::reading::percent;
use super::{Edit, FAULT, LOSS, Reading, Screen, TERMS, VEHICLES, WAIVER, answer, choices, choices_or};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

const FAULT_SOURCES: [&str; 6] = ["stated", "single", "agreed", "police", "court", "staff"];

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let columns = frame::columns(
        words,
        &[
            ("desk-vehicle", Side::Left),
            ("desk-fault", Side::Right),
            ("desk-loss", Side::Right),
            ("desk-covers", Side::Left),
            ("desk-do", Side::Left),
        ],
    );
    let rows: Vec<_> = screen.page.vehicles.iter().map(|vehicle| row(screen, vehicle)).collect();
    let source = screen.staff.fault_source.as_deref().map(|source| screen.term("fault-source", source));
    let title = words.say("desk-facts-vehicles");
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (title) } (screen.offer(FAULT, "")) (screen.offer(VEHICLES, "")) }
            (table(&title, &columns, &rows))
            p.note {
                @match source {
                    Some(source) => (words.say_with("desk-fault-by", &[("source", source.into())])),
                    None => (words.say("desk-fault-open")),
                }
            }
            @if screen.edits(VEHICLES, "") { (vehicle_form(screen)) }
            @if screen.edits(FAULT, "") { (fault_form(screen)) }
            @for vehicle in &screen.page.vehicles {
                @if screen.edits(LOSS, &vehicle.id) { (loss_form(screen, vehicle)) }
                @if screen.edits(WAIVER, &vehicle.id) { (waiver_form(screen, vehicle)) }
                @if screen.edits(TERMS, &vehicle.id) { (terms_form(screen, vehicle)) }
            }
        }
    }
}

fn row(screen: &Screen<'_>, vehicle: &VehiclePage) -> Vec<Cell> {
    let words = screen.words();
    let own = vehicle.id == screen.page.vehicle;
    let offers = |edit: Edit| html! { (screen.offer_small(edit, &vehicle.id)) " " };
    vec![
        Cell::key(html! {
            span {
                (vehicle.id) " "
                @match &vehicle.plate {
                    Some(plate) => span.code { (plate) },
                    None => span.note { (words.say("desk-plate-unknown")) },
                }
                @if own { " " span.note { (words.say("desk-own")) } }
                @if let Some(claim) = vehicle.claim.as_deref().filter(|_| !own) {
                    " " a.code href={ "/desk/claims/" (claim) } { (claim) }
                }
            }
        }),
        vehicle.fault.as_deref().map_or_else(String::new, |fault| format!("{} %", percent(fault))).into(),
        html! {
            span.desk-two-lines {
                span { (screen.term("vehicle-loss", &vehicle.loss)) }
                @if let Some(amount) = vehicle.amount { span.money { (words.money(amount.0)) } }
            }
        }
        .into(),
        covers(screen, vehicle).into(),
        html! {
            span.desk-line {
                (offers(LOSS))
                @if !own { (offers(WAIVER)) }
                @if !vehicle.ours { (offers(TERMS)) }
            }
        }
        .into(),
    ]
}

fn covers(screen: &Screen<'_>, vehicle: &VehiclePage) -> Markup {
    let words = screen.words();
    let Some(covers) = &vehicle.covers else {
        return html! { span.note { (words.say("desk-covers-unknown")) } };
    };
    let mut list = vec![];
    if covers.compulsory {
        list.push(screen.term("cover", "compulsory"));
    }
    for (cover, amount) in [
        ("own-damage", covers.own_damage),
        ("third-party", covers.third_party),
        ("driver", covers.driver),
        ("passengers", covers.passengers),
    ] {
        if let Some(amount) = amount {
            list.push(format!("{} {}", screen.term("cover", cover), words.money(amount.0)));
        }
    }
    if let Some(deductible) = covers.deductible.filter(|deductible| !deductible.0.is_zero()) {
        list.push(format!("{} {}", words.say("desk-deductible"), words.money(deductible.0)));
    }
    html! {
        ul.desk-covers {
            @for line in &list { li { (line) } }
            @if list.is_empty() { li.note { (words.say("desk-none")) } }
        }
    }
}

fn vehicle_form(screen: &Screen<'_>) -> Markup {
    screen.form(
        VEHICLES,
        "",
        html! {
            (screen.field("plate", "desk-plate").hint("desk-plate-hint").optional()
                .code(&screen.value("plate", ""), Some("off")))
        },
    )
}

/// `POST /desk/claims/{claim}/vehicles`
pub(crate) async fn add_vehicle(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let plate = read.plate("plate");
    let done = async {
        let plate = read.whole(Some(plate))?;
        Ok(app.add_vehicle(&sent.asked, &claim, plate.as_ref()).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, VEHICLES, "", done).await
}

fn fault_form(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let source = screen.value("source", screen.staff.fault_source.clone().unwrap_or_default());
    screen.form(
        FAULT,
        "",
        html! {
            p.field-hint { (words.say("desk-fault-hint")) }
            div.form-grid {
                @for vehicle in &screen.page.vehicles {
                    @let name = format!("share-{}", vehicle.id);
                    @let known = vehicle.fault.as_deref().map(percent).unwrap_or_default();
                    @let wrong = screen.returned.as_ref().and_then(|returned| returned.mistakes.at(&name));
                    div.field.field-wrong[wrong.is_some()] {
                        label for=(name) { (screen.vehicle_name(&vehicle.id)) " (%)" }
                        @if let Some(wrong) = wrong { p.field-error id={ (name) "-error" } { (icon("circle-alert")) (wrong) } }
                        input id=(name) class="input input-money input-short" name=(name) inputmode="decimal"
                            value=(screen.value(&name, known)) autocomplete="off";
                    }
                }
                (screen.field("source", "desk-fault-source")
                    .select(&choices_or(words, "desk-choose", "fault-source", FAULT_SOURCES), &source))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/fault`
pub(crate) async fn fault(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let names: Vec<String> = sent
        .form
        .fields()
        .filter(|(name, _)| name.starts_with("share-"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let mut shares = BTreeMap::<model::PartyId, Ratio>::new();
    for name in &names {
        if let Some(share) = read.percent(name) {
            shares.insert(model::PartyId::from_text(name.trim_start_matches("share-")), share);
        }
    }
    if shares.is_empty()
        && let Some(first) = names.first()
    {
        read.miss(first, "desk-fault");
    }
    let source = read.word("source", "desk-fault-source");
    let done = async {
        let source = read.whole(source)?;
        Ok(app.determine_fault(&sent.asked, &claim, model::FaultDetermined { shares, source }).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, FAULT, "", done).await
}

fn loss_form(screen: &Screen<'_>, vehicle: &VehiclePage) -> Markup {
    let total = vehicle.loss == "total-loss";
    let known = vehicle.amount.map(|amount| amount.0.to_yuan()).unwrap_or_default();
    let (repair, value) = if total { (String::new(), known) } else { (known, String::new()) };
    let of = |amount: Option<app::pages::Yuan>| {
        amount.filter(|amount| !amount.0.is_zero()).map(|amount| amount.0.to_yuan()).unwrap_or_default()
    };
    screen.form(
        LOSS,
        &vehicle.id,
        html! {
            p { (screen.vehicle_name(&vehicle.id)) }
            div.form-grid {
                (screen.field("repair", "desk-repair").optional().money(&screen.value("repair", repair)))
                (screen.field("rescue", "desk-rescue").optional().money(&screen.value("rescue", of(vehicle.rescue))))
                (screen.field("actual_value", "desk-actual-value").hint("desk-actual-value-hint").optional()
                    .money(&screen.value("actual_value", value)))
                (screen.field("salvage_kept", "desk-salvage").optional()
                    .money(&screen.value("salvage_kept", of(vehicle.salvage_kept))))
                (screen.field("third_party_received", "desk-received").hint("desk-received-hint").optional()
                    .money(&screen.value("third_party_received", of(vehicle.third_party_received))))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/loss`
pub(crate) async fn loss(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let repair = read.money("repair");
    let actual_value = read.money("actual_value");
    let salvage_kept = read.money("salvage_kept").unwrap_or_default();
    if repair.is_none() && actual_value.is_none() {
        read.miss("repair", "desk-repair");
    }
    let stated = model::LossStated {
        vehicle: model::PartyId::from_text(sent.form.text("about")),
        repair: repair.unwrap_or_default(),
        total_loss: actual_value.map(|actual_value| model::TotalLoss { actual_value, salvage_kept }),
        rescue: read.money("rescue").unwrap_or_default(),
        third_party_received: read.money("third_party_received").unwrap_or_default(),
        source: model::AmountSource::Person,
    };
    let done = async { Ok(app.state_loss(&sent.asked, &claim, read.whole(Some(stated))?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, LOSS, sent.form.text("about"), done).await
}

fn waiver_form(screen: &Screen<'_>, vehicle: &VehiclePage) -> Markup {
    screen.form(
        WAIVER,
        &vehicle.id,
        html! {
            p { (screen.words().say_with("desk-waiver-note", &[("vehicle", screen.vehicle_name(&vehicle.id).into())])) }
        },
    )
}

/// `POST /desk/claims/{claim}/waiver`
pub(crate) async fn waive(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let about = sent.form.text("about");
    let done =
        app.waive_loss(&sent.asked, &claim, model::PartyId::from_text(about)).await.map_err(Into::into);
    answer(&app, &claim, &sent, WAIVER, about, done).await
}

fn terms_form(screen: &Screen<'_>, vehicle: &VehiclePage) -> Markup {
    let words = screen.words();
    let known = vehicle.covers.as_ref();
    let of = |amount: Option<app::pages::Yuan>| amount.map(|amount| amount.0.to_yuan()).unwrap_or_default();
    let money = |name: &'static str, label: &'static str, amount| {
        screen.field(name, label).optional().money(&screen.value(name, of(amount)))
    };
    let held = if known.is_none_or(|covers| covers.compulsory) { "yes" } else { "no" };
    screen.form(
        TERMS,
        &vehicle.id,
        html! {
            p { (screen.vehicle_name(&vehicle.id)) }
            div.form-grid {
                (screen.field("compulsory", "cover-compulsory")
                    .select(&choices(words, "desk", ["yes", "no"]), &screen.value("compulsory", held)))
                (money("third_party", "desk-third-party-limit", known.and_then(|covers| covers.third_party)))
                (money("own_damage", "desk-sum-insured", known.and_then(|covers| covers.own_damage)))
                (money("deductible", "desk-deductible", known.and_then(|covers| covers.deductible)))
                (money("driver", "cover-driver", known.and_then(|covers| covers.driver)))
                (money("passengers", "cover-passengers", known.and_then(|covers| covers.passengers)))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/terms`
pub(crate) async fn terms(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let about = sent.form.text("about");
    let mut read = Reading::of(&sent);
    let deductible = read.money("deductible").unwrap_or_default();
    let terms = model::Terms {
        compulsory: read.text("compulsory") == "yes",
        own_damage: read.money("own_damage").map(|sum_insured| (sum_insured, deductible)),
        third_party: read.money("third_party"),
        driver: read.money("driver"),
        passengers: read.money("passengers"),
        ..model::Terms::default()
    };
    let done = async {
        let terms = read.whole(Some(terms))?;
        Ok(app.state_terms(&sent.asked, &claim, model::PartyId::from_text(about), terms).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, TERMS, about, done).await
}
