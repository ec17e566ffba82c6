//! People and outside property.

use app::App;
use app::claims as model;
use app::pages::{VictimPage, Yuan};
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::super::frame;
use super::{Reading, Screen, VICTIMS, answer, choices};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

/// People and things of one accident, as far as they are numbered.
const VICTIMS_MAX: usize = 99;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let title = words.say("desk-facts-victims");
    let columns = frame::columns(
        words,
        &[
            ("desk-who", Side::Left),
            ("bucket-death_disability", Side::Right),
            ("bucket-medical", Side::Right),
            ("bucket-property", Side::Right),
            ("desk-do", Side::Left),
        ],
    );
    let victims = &screen.page.victims;
    let rows: Vec<_> = victims.iter().map(|victim| row(screen, victim)).collect();
    let next = format!("P{}", victims.len() + 1);
    let edited = victims.iter().find(|victim| screen.edits(VICTIMS, &victim.id));
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (title) } (screen.offer(VICTIMS, &next)) }
            @if rows.is_empty() { p.note { (words.say("desk-victims-none")) } } @else { (table(&title, &columns, &rows)) }
            @if let Some(victim) = edited { (form(screen, &victim.id, Some(victim))) }
            @if edited.is_none() && screen.edits_any(VICTIMS) { (form(screen, &next, None)) }
        }
    }
}

fn row(screen: &Screen<'_>, victim: &VictimPage) -> Vec<Cell> {
    let words = screen.words();
    let money = |amount: Yuan| words.money(amount.0);
    let within = |whole: Yuan, part: Yuan, code: &'static str| {
        html! {
            span.desk-two-lines {
                span { (money(whole)) }
                @if !part.0.is_zero() { span.note { (words.say_with(code, &[("part", money(part).into())])) } }
            }
        }
    };
    vec![
        Cell::key(html! {
            span {
                (victim.id) " "
                span.note {
                    @match (&victim.vehicle, &victim.seat) {
                        (Some(vehicle), Some(seat)) => { (screen.vehicle_name(vehicle)) " " (screen.term("seat", seat)) },
                        _ => (words.say("desk-outside")),
                    }
                }
            }
        }),
        within(victim.death_disability, victim.mental, "desk-of-mental").into(),
        within(victim.medical, victim.medical_outside, "desk-of-outside").into(),
        money(victim.property).into(),
        screen.offer_small(VICTIMS, &victim.id).into(),
    ]
}

fn form(screen: &Screen<'_>, id: &str, known: Option<&VictimPage>) -> Markup {
    let words = screen.words();
    let of = |amount: Option<Yuan>| {
        amount.filter(|amount| !amount.0.is_zero()).map(|amount| amount.0.to_yuan()).unwrap_or_default()
    };
    let money = |name: &'static str, label: &'static str, amount| {
        screen.field(name, label).optional().money(&screen.value(name, of(amount)))
    };
    let mut places = vec![Choice::new("", words.say("desk-outside"))];
    places.extend(screen.vehicle_choices());
    let vehicle = known.and_then(|victim| victim.vehicle.clone()).unwrap_or_default();
    let seat = known.and_then(|victim| victim.seat.clone()).unwrap_or_else(|| "passenger".to_owned());
    screen.form(
        VICTIMS,
        id,
        html! {
            p { (id) }
            div.form-grid {
                (screen.field("vehicle", "desk-victim-place").select(&places, &screen.value("vehicle", vehicle)))
                (screen.field("seat", "desk-seat").hint("desk-seat-hint")
                    .select(&choices(words, "seat", ["passenger", "driver"]), &screen.value("seat", seat)))
                (money("death_disability", "bucket-death_disability", known.map(|victim| victim.death_disability)))
                (money("mental", "desk-mental", known.map(|victim| victim.mental)))
                (money("medical", "bucket-medical", known.map(|victim| victim.medical)))
                (money("medical_outside", "desk-medical-outside", known.map(|victim| victim.medical_outside)))
                (money("property", "bucket-property", known.map(|victim| victim.property)))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/victims`
pub(crate) async fn victim(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let about = sent.form.text("about");
    let mut read = Reading::of(&sent);
    let number = about.strip_prefix('P').and_then(|number| number.parse::<usize>().ok());
    let number = number.filter(|number| (1..=VICTIMS_MAX).contains(number)).ok_or_else(Problem::not_found)?;
    let seat = if read.text("seat") == "driver" { model::Seat::Driver } else { model::Seat::Passenger };
    let vehicle = read.text("vehicle");
    let victim = model::Victim {
        id: model::PartyId::victim(number - 1),
        seat: (!vehicle.is_empty()).then(|| (model::PartyId::from_text(&vehicle), seat)),
        death_disability: read.money("death_disability").unwrap_or_default(),
        mental: read.money("mental").unwrap_or_default(),
        medical: read.money("medical").unwrap_or_default(),
        medical_outside: read.money("medical_outside").unwrap_or_default(),
        property: read.money("property").unwrap_or_default(),
    };
    let done = async { Ok(app.state_victim(&sent.asked, &claim, read.whole(Some(victim))?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, VICTIMS, about, done).await
}
