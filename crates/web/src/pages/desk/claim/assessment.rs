//! The damage: what the customer picked, what was found, what it is put at.

use app::App;
use app::claims as model;
use app::claims::{Act, Damage, Operation};
use app::pages::{AssessmentPage, LinePage, NotePage};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lexicon::{ClaimId, Money};
use maud::{Markup, html};

use super::super::frame;
use super::super::reading::Stop;
use super::{
    ASSESSMENT, INSPECTION, Look, Reading, Returned, Screen, answer, choices, choices_or, draw, seconds,
};
use crate::Problem;
use crate::api::bodies::{PickBody, picks};
use crate::components::*;
use crate::request::Sent;

/// Empty lines at the end of the form, and how many come when more are asked for.
const EMPTY_LINES: usize = 3;

/// A line of the form, as text.
#[derive(Clone, Default)]
struct Typed {
    part: String,
    damage: String,
    operation: String,
    price: String,
    photo: String,
}

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let page = screen.page;
    let found: Vec<&NotePage> = screen.staff.notes.iter().filter(|note| note.kind == "inspection").collect();
    let proposed = !page.proposed.is_empty() && page.assessments.is_empty();
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-inspection")) } (screen.offer(INSPECTION, "")) }
            @if found.is_empty() && !screen.edits(INSPECTION, "") { p.note { (words.say("desk-inspection-none")) } }
            @for note in found {
                p { @match &note.text { Some(text) => (text), None => (words.say("desk-erased")) } }
                p.note { (note.by) " " (when(words, note.at.0, screen.now())) }
            }
            @if screen.edits(INSPECTION, "") {
                (screen.form(INSPECTION, "", html! {
                    (screen.field("findings", "desk-findings").hint("desk-findings-hint").area(&screen.value("findings", "")))
                }))
            }
        }
        @if proposed {
            section.desk-section {
                div.desk-section-head { h2 { (words.say("desk-proposed")) } }
                (lines_table(screen, &words.say("desk-proposed"), &page.proposed))
                (sum(screen, &page.proposed))
            }
        }
        @for vehicle in &page.vehicles {
            @let assessed = page.assessments.iter().find(|one| one.vehicle == vehicle.id);
            section.desk-section {
                div.desk-section-head {
                    h2 { (words.say("desk-assessment")) " " (screen.vehicle_name(&vehicle.id)) }
                    (screen.offer(ASSESSMENT, &vehicle.id))
                }
                @let first = screen.staff.first_assessments.iter().find(|first| first.assessment.vehicle == vehicle.id);
                @if screen.edits(ASSESSMENT, &vehicle.id) {
                    (form(screen, &vehicle.id, first.map(|first| &first.assessment).or(assessed)))
                } @else {
                    @match (first, assessed) {
                        (Some(first), _) => (seconds::first_assessment(screen, first)),
                        (None, Some(assessed)) => (shown(screen, assessed)),
                        (None, None) => p.note { (words.say("desk-assessment-none")) },
                    }
                }
            }
        }
    }
}

fn lines_table(screen: &Screen<'_>, caption: &str, lines: &[LinePage]) -> Markup {
    let words = screen.words();
    let columns = frame::columns(
        words,
        &[
            ("desk-part", Side::Left),
            ("desk-damage", Side::Left),
            ("desk-operation", Side::Left),
            ("desk-source", Side::Left),
            ("desk-photo", Side::Left),
            ("desk-price", Side::Right),
        ],
    );
    let row = |line: &LinePage| -> Vec<Cell> {
        let source = match &line.table {
            Some(table) => words.say_with("desk-from-table", &[("version", table.as_str().into())]),
            None => words.say("desk-by-person"),
        };
        vec![
            Cell::key(html! { (screen.term("part", &line.part)) }),
            screen.term("damage", &line.damage).into(),
            screen.term("operation", &line.operation).into(),
            html! { span.note { (source) } }.into(),
            match line.photo {
                Some(photo) => html! {
                    a href={ "/desk/claims/" (screen.claim) "?tab=assessment&photo=" (photo) } {
                        (icon("image")) (photo) span.unseen { " " (words.say("desk-photo")) }
                    }
                },
                None => html! { span.note { (words.say("desk-no-photo")) } },
            }
            .into(),
            words.money(line.price.0).into(),
        ]
    };
    table(caption, &columns, &lines.iter().map(row).collect::<Vec<_>>())
}

fn sum(screen: &Screen<'_>, lines: &[LinePage]) -> Markup {
    let words = screen.words();
    let total: Money = lines.iter().map(|line| line.price.0).sum();
    pairs_money(words, &[], (&words.say("desk-sum"), total))
}

fn shown(screen: &Screen<'_>, assessed: &AssessmentPage) -> Markup {
    html! {
        (figures(screen, assessed))
        @if !assessed.lines.is_empty() {
            @let parts: Vec<&str> = assessed.lines.iter().map(|line| line.part.as_str()).collect();
            div.desk-car { (car::marked(screen.words(), &parts)) }
        }
    }
}

/// The lines and the sum of an assessment.
pub(super) fn figures(screen: &Screen<'_>, assessed: &AssessmentPage) -> Markup {
    let words = screen.words();
    let who = if assessed.automatic { "desk-assessed-by-rule" } else { "desk-assessed-by-person" };
    let mut amounts: Vec<(std::borrow::Cow<'_, str>, Money)> = vec![];
    let total = match assessed.actual_value {
        Some(value) => {
            amounts.push((words.say("desk-actual-value"), value.0));
            if let Some(salvage) = assessed.salvage_kept.filter(|salvage| !salvage.0.is_zero()) {
                amounts.push((words.say("desk-salvage-less"), Money::from_fen(-salvage.0.fen())));
            }
            value.0.less(assessed.salvage_kept.map_or(Money::ZERO, |salvage| salvage.0))
        }
        None => assessed.total.0,
    };
    if !assessed.rescue.0.is_zero() {
        amounts.push((words.say("desk-rescue-beside"), assessed.rescue.0));
    }
    let amounts: Vec<(&str, Money)> = amounts.iter().map(|(name, amount)| (&**name, *amount)).collect();
    html! {
        @if !assessed.lines.is_empty() { (lines_table(screen, &words.say("desk-assessment"), &assessed.lines)) }
        (pairs_money(words, &amounts, (&words.say("desk-sum"), total)))
        p.note {
            (words.say(who)) " · " (screen.term("amount-source", &assessed.source)) " · "
            (when(words, assessed.at.0, screen.now()))
        }
    }
}

/// What the form starts with: the last assessment, else what the customer picked, or what was sent.
fn typed(screen: &Screen<'_>, assessed: Option<&AssessmentPage>, vehicle: &str) -> Vec<Typed> {
    let mut typed: Vec<Typed> = match &screen.returned {
        Some(returned) => sent_lines(returned.form),
        None => {
            let own = vehicle == screen.page.vehicle;
            let proposed = if own { &screen.page.proposed[..] } else { &[] };
            let lines = assessed.map_or(proposed, |assessed| &assessed.lines);
            let line = |line: &LinePage| Typed {
                part: line.part.clone(),
                damage: line.damage.clone(),
                operation: line.operation.clone(),
                price: if line.table.is_none() { line.price.0.to_yuan() } else { String::new() },
                photo: line.photo.map(|photo| photo.to_string()).unwrap_or_default(),
            };
            lines.iter().map(line).collect()
        }
    };
    typed.extend(vec![Typed::default(); EMPTY_LINES]);
    typed
}

fn sent_lines(form: &crate::form::Form) -> Vec<Typed> {
    let column = |name: &'static str| form.all(name).map(str::to_owned).collect::<Vec<_>>();
    let (damage, operation) = (column("damage"), column("operation"));
    let (price, photo) = (column("price"), column("photo"));
    let at = |column: &[String], place: usize| column.get(place).cloned().unwrap_or_default();
    let lines = column("part").into_iter().enumerate().map(|(place, part)| Typed {
        part,
        damage: at(&damage, place),
        operation: at(&operation, place),
        price: at(&price, place),
        photo: at(&photo, place),
    });
    lines.filter(|line| !line.part.is_empty()).collect()
}

fn form(screen: &Screen<'_>, vehicle: &str, assessed: Option<&AssessmentPage>) -> Markup {
    let words = screen.words();
    let money = |amount: Option<Money>| {
        amount.filter(|amount| !amount.is_zero()).map(Money::to_yuan).unwrap_or_default()
    };
    let value = money(assessed.and_then(|one| one.actual_value).map(|value| value.0));
    let salvage = money(assessed.and_then(|one| one.salvage_kept).map(|salvage| salvage.0));
    let rescue = money(assessed.map(|one| one.rescue.0));
    let damage = choices(words, "damage", Damage::ALL.map(Damage::word));
    let operations = choices_or(words, "desk-by-table", "operation", Operation::ALL.map(Operation::word));
    let limit = screen.viewer.principal().and_then(|principal| screen.app.limit(principal, Act::Assess));
    screen.form(
        ASSESSMENT,
        vehicle,
        html! {
            // Enter in a field presses the first button of its form: that is to save, not to add lines.
            button.unseen type="submit" tabindex="-1" aria-hidden="true" { (words.say("action-save")) }
            @if let Some(limit) = limit { (limit_line(screen, "desk-limit-assess", limit)) }
            div.table-frame {
                table."table table-cards desk-lines" {
                    caption.unseen { (words.say("desk-assessment")) }
                    thead {
                        tr {
                            @for code in ["desk-part", "desk-damage", "desk-operation", "desk-own-price", "desk-photo"] {
                                th scope="col" { (words.say(code)) }
                            }
                        }
                    }
                    tbody {
                        @for (number, line) in typed(screen, assessed, vehicle).iter().enumerate() {
                            (line_row(screen, number + 1, line, &damage, &operations))
                        }
                    }
                }
            }
            p.desk-line {
                button.button type="submit" name="more" value="yes" { (icon("plus")) (words.say("desk-more-lines")) }
                span.note { (words.say("desk-lines-hint")) }
            }
            div.form-grid {
                (screen.field("rescue", "desk-rescue").optional().money(&screen.value("rescue", rescue)))
                (screen.field("actual_value", "desk-actual-value").hint("desk-actual-value-hint").optional()
                    .money(&screen.value("actual_value", value)))
                (screen.field("salvage_kept", "desk-salvage").optional().money(&screen.value("salvage_kept", salvage)))
            }
        },
    )
}

fn line_row(
    screen: &Screen<'_>,
    number: usize,
    line: &Typed,
    damage: &[Choice<'_>],
    operations: &[Choice<'_>],
) -> Markup {
    let words = screen.words();
    let label = |code: &'static str| format!("{} {number}", words.say(code));
    let id = format!("row-{number}");
    let wrong = screen.returned.as_ref().and_then(|returned| returned.mistakes.at(&id));
    let select = |name: &str, code: &'static str, list: &[Choice<'_>], chosen: &str| {
        html! {
            select.input name=(name) aria-label=(label(code)) {
                @for choice in list { option value=(choice.value) selected[choice.value == chosen] { (choice.text) } }
            }
        }
    };
    html! {
        tr {
            td data-name=(words.say("desk-part")) {
                @if let Some(wrong) = wrong { p.field-error id={ (id) "-error" } { (icon("circle-alert")) (wrong) } }
                select.input id=(id) name="part" aria-label=(label("desk-part")) aria-invalid=[wrong.map(|_| "true")]
                    aria-describedby=[wrong.map(|_| format!("{id}-error"))] {
                    option value="" { (words.say("desk-part-none")) }
                    @for zone in ["front", "left", "right", "rear", "top"] {
                        optgroup label=(screen.term("zone", zone)) {
                            @for part in screen.parts.iter().filter(|part| part.zone == zone) {
                                option value=(part.part) selected[part.part == line.part] { (screen.term("part", &part.part)) }
                            }
                        }
                    }
                }
            }
            td data-name=(words.say("desk-damage")) { (select("damage", "desk-damage", damage, &line.damage)) }
            td data-name=(words.say("desk-operation")) { (select("operation", "desk-operation", operations, &line.operation)) }
            td data-name=(words.say("desk-own-price")) {
                input."input input-money" name="price" inputmode="decimal" autocomplete="off" value=(line.price)
                    aria-label=(label("desk-own-price")) placeholder=(table_price(screen, line));
            }
            td data-name=(words.say("desk-photo")) {
                select.input name="photo" aria-label=(label("desk-photo")) {
                    option value="" { (words.say("desk-no-photo")) }
                    @for one in &screen.page.evidence {
                        option value=(one.number) selected[one.number.to_string() == line.photo] {
                            (one.number) " " (screen.term("evidence", &one.kind))
                        }
                    }
                }
            }
        }
    }
}

/// What the table asks for a line, where it proposes what the line says.
fn table_price(screen: &Screen<'_>, line: &Typed) -> String {
    let part = screen.parts.iter().find(|part| part.part == line.part);
    let proposal = part.and_then(|part| {
        let fits = |operation: &str| line.operation.is_empty() || line.operation == operation;
        part.proposals.iter().find(|(damage, operation, _)| *damage == line.damage && fits(operation))
    });
    proposal.map(|(_, _, price)| screen.words().money(price.0)).unwrap_or_default()
}

/// Up to what somebody may do something.
pub(super) fn limit_line(screen: &Screen<'_>, code: &'static str, limit: Money) -> Markup {
    let words = screen.words();
    let unbounded = limit.fen() == i64::MAX;
    html! {
        p.note {
            @if unbounded { (words.say("desk-limit-none")) } @else { (words.say_with(code, &[("limit", limit.into())])) }
        }
    }
}

/// `POST /desk/claims/{claim}/assessment`
pub(crate) async fn assess(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let about = sent.form.text("about");
    if !sent.form.text("more").is_empty() {
        let look = Look {
            tab: ASSESSMENT.tab.to_owned(),
            edit: ASSESSMENT.word.to_owned(),
            about: about.to_owned(),
            ..Look::default()
        };
        let returned = Returned { form: &sent.form, mistakes: Mistakes::new(), note: None };
        return Ok(draw(&app, &sent.viewer, &claim, &look, Some(returned)).await?.into_response());
    }
    let mut read = Reading::of(&sent);
    let mut lines = vec![];
    for (place, line) in sent_lines(&sent.form).into_iter().enumerate() {
        let id = format!("row-{}", place + 1);
        let maybe = |text: String| (!text.is_empty()).then_some(text);
        let body = PickBody {
            part: line.part,
            damage: line.damage,
            photo: line.photo.parse().ok(),
            operation: maybe(line.operation),
            price: maybe(line.price.replace([',', '，', ' '], "")),
        };
        lines.extend(read.take(&id, picks(vec![body])).unwrap_or_default());
    }
    let value = read.money("actual_value");
    let salvage = read.money("salvage_kept").unwrap_or_default();
    let rescue = read.money("rescue").unwrap_or_default();
    let done = async {
        let lines = read.whole(Some(lines))?;
        let total = value.map(|value| (value, salvage));
        let vehicle = model::PartyId::from_text(about);
        Ok::<(), Stop>(app.assess(&sent.asked, &claim, vehicle, lines, total, rescue).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, ASSESSMENT, about, done).await
}

/// `POST /desk/claims/{claim}/inspection`
pub(crate) async fn inspect(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let findings = read.needed("findings", "desk-findings");
    let done = async { Ok(app.inspect(&sent.asked, &claim, &read.whole(findings)?, None).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, INSPECTION, "", done).await
}
