//! `/desk/report`: the notice of somebody who calls.

use app::App;
use app::claims::Channel;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::frame;
use crate::components::*;
use crate::form::Form;
use crate::pages::customer::tell::{FAULT_SOURCES, FAULTS, OTHER_PLATES, Others, notice as told};
use crate::request::Sent;
use crate::shell::Desk;
use crate::{Problem, Viewer};

/// `GET /desk/report`
pub(crate) async fn report(State(app): State<App>, viewer: Viewer) -> Markup {
    let now = viewer.words().typed(viewer.now());
    page(&app, &viewer, &Form::of(vec![("occurred_at".to_owned(), now)]), &Mistakes::new(), None)
}

/// `POST /desk/report`
pub(crate) async fn take_report(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let mut note = None;
    let mistakes = match told(&sent.form, sent.words(), Channel::Phone) {
        Ok(told) => match app.take_notice(&sent.asked, told).await {
            Ok(taken) => {
                let word = if taken.joined { "joined" } else { "reported" };
                return Ok(Redirect::to(&format!("/desk/claims/{}?done={word}", taken.claim)).into_response());
            }
            Err(app::Failure::KeyReused) => {
                note = Some("desk.refused.sent-twice");
                Mistakes::new()
            }
            Err(failure) => {
                let mut mistakes = Mistakes::new();
                sent.keep(failure, "plate", &mut mistakes)?;
                mistakes
            }
        },
        Err(mistakes) => mistakes,
    };
    let page = page(&app, &sent.viewer, &sent.form, &mistakes, note);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn page(app: &App, viewer: &Viewer, form: &Form, mistakes: &Mistakes, note: Option<&str>) -> Markup {
    let words = viewer.words();
    let title = words.say("nav-report");
    let button = html! { button.button.button-main type="submit" form="report" data-key="a" { (words.say("desk-report-go")) } };
    let blank = |kind: &str, list: &[&'static str]| -> Vec<Choice<'_>> {
        let first = Choice::new("", words.say("desk-choose"));
        let rest = list.iter().map(|word| Choice::new(word, frame::term(words, kind, word)));
        std::iter::once(first).chain(rest).collect()
    };
    let offered = app.report_form();
    let others: Vec<&str> = Others::ALL.iter().map(|(_, name)| *name).collect();
    let faults: Vec<&str> = FAULTS.iter().map(|(word, _)| *word).chain(["unknown"]).collect();
    let field = |name: &'static str, label: &'static str| Field::new(words, name, label).checked(mistakes);
    let tick = |name: &'static str, label: &'static str| {
        html! {
            label.choice for=(name) {
                input id=(name) type="checkbox" name=(name) value="yes" checked[form.text(name) == "yes"];
                span.choice-text { (words.say(label)) }
            }
        }
    };
    frame::page(
        viewer,
        Desk { title: &title, here: "/desk/report", tools: Some(button), ..Desk::default() },
        None,
        html! {
            @if let Some(note) = note {
                div role="alert" { (notice(Tone::Red, &words.say("problem-title-refused"), html! { p { (words.say(note)) } })) }
            }
            form #report.desk-report.stack method="post" action="/desk/report" novalidate {
                (summary(words, mistakes))
                (viewer.form_marks(None))
                fieldset.desk-section {
                    legend { (words.say("desk-report-caller")) }
                    div.form-grid {
                        (field("plate", "desk-plate").hint("desk-report-plate-hint").code(form.text("plate"), Some("off")))
                        (field("name", "desk-contact").text("text", form.text("name"), Some("off")))
                        (field("phone", "desk-phone").text("tel", form.text("phone"), Some("off")))
                    }
                }
                fieldset.desk-section {
                    legend { (words.say("desk-report-accident")) }
                    div.form-grid {
                        (field("injury", "desk-injury").select(&blank("injury", &offered.injuries), form.text("injury")))
                        (field("occurred_at", "desk-occurred").text("datetime-local", form.text("occurred_at"), None))
                        (field("cause", "desk-cause").select(&blank("cause", &offered.causes), form.text("cause")))
                    }
                    (field("place", "desk-place").text("text", form.text("place"), Some("off")))
                    (field("story", "desk-story").optional().area(form.text("story")))
                }
                fieldset.desk-section {
                    legend { (words.say("desk-report-others")) }
                    div.form-grid {
                        (field("others", "desk-report-others-count").select(&blank("tell-others", &others), form.text("others")))
                        @for (place, name) in OTHER_PLATES.iter().enumerate() {
                            @let label = ["desk-report-plate-1", "desk-report-plate-2", "desk-report-plate-3"][place];
                            (Field::new(words, name, label).checked(mistakes).optional().code(form.text(name), Some("off")))
                        }
                    }
                    div.form-grid {
                        (field("fault", "desk-report-fault").hint("desk-report-fault-hint").optional()
                            .select(&blank("tell-fault", &faults), form.text("fault")))
                        (field("fault_source", "desk-fault-source").optional()
                            .select(&blank("fault-source", &FAULT_SOURCES), form.text("fault_source")))
                    }
                    (tick("self_claim", "desk-report-self-claim"))
                }
                fieldset.desk-section {
                    legend { (words.say("desk-report-damage")) }
                    div.form-grid {
                        (field("damage", "desk-report-guess").select(&blank("guess", &offered.guesses), form.text("damage")))
                    }
                    (tick("other_property", "desk-report-property"))
                }
                fieldset.desk-section {
                    legend { (words.say("desk-report-account")) }
                    div.form-grid {
                        (field("account_name", "desk-account-name").optional().text("text", form.text("account_name"), Some("off")))
                        (field("account_number", "desk-account-number").optional().code(form.text("account_number"), Some("off")))
                    }
                }
                div.buttons { button.button.button-main type="submit" { (words.say("desk-report-go")) } }
            }
        },
    )
}
