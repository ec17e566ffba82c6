//! `/report`: the first notice on one page. Nothing is sent before its button is pressed.

use app::App;
use app::access::Relation;
use app::claims::Channel;
use app::words::Words;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::tell::{FAULT_SOURCES, FAULTS, OTHER_PLATES, Others, notice};
use super::{again, claim_address, done};
use crate::components::{Choice, Field, Mistakes, all_calls, icon, pictures, summary};
use crate::form::Form;
use crate::request::{Sent, account};
use crate::shell::{self, Customer};
use crate::{Insurer, Problem, Viewer};

/// The causes that most accidents have.
const MAIN_CAUSES: [&str; 6] = ["rear-end", "scrape", "object", "reversing", "crash", "parked"];

/// `GET /report`
pub(crate) async fn show(State(app): State<App>, viewer: Viewer) -> Result<Markup, Problem> {
    let home = app.customer_home(account(&viewer)?, None).await?;
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut known = vec![field("occurred_at", &viewer.words().typed(viewer.now()))];
    if let Some(present) = viewer.present() {
        known.push(field("name", &present.name));
    }
    if let Some(card) = home.claims.iter().find(|card| !card.plate.is_empty()) {
        known.push(field("plate", &card.plate));
    }
    Ok(page(&app, &viewer, &Form::of(known), &Mistakes::new()))
}

/// `POST /report`
pub(crate) async fn take(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let mistakes = match notice(&sent.form, sent.words(), Channel::Page) {
        Ok(notice) => match app.take_notice(&sent.asked, notice).await {
            Ok(taken) => {
                // Whoever joins a claim that somebody else reported may not follow it before the service desk has called.
                let follows = app.relation(&sent.asked.principal, &taken.claim).await? == Relation::Own;
                return Ok(done(&match (follows, taken.joined) {
                    (true, false) => format!("{}?reported=new", claim_address(&taken.claim)),
                    (true, true) => format!("{}?reported=known", claim_address(&taken.claim)),
                    (false, _) => "/?reported=joined".to_owned(),
                }));
            }
            Err(failure) => {
                let mut mistakes = Mistakes::new();
                sent.keep(failure, "plate", &mut mistakes)?;
                mistakes
            }
        },
        Err(mistakes) => mistakes,
    };
    Ok(again(page(&app, &sent.viewer, &sent.form, &mistakes)))
}

fn page(app: &App, viewer: &Viewer, form: &Form, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let title = words.say("tell-title");
    let bar = html! {
        a.button href="/" { (words.say("action-cancel")) }
        button."button button-main" type="submit" form="report" { (icon("send")) (words.say("tell-go")) }
    };
    let page = Customer {
        title: &title,
        back: Some("/"),
        bar: Some(bar),
        scripts: &["report.js", "position.js"],
        ..Customer::default()
    };
    shell::customer(
        viewer,
        page,
        html! {
            div.stack {
                h1 { (title) }
                p.note { (words.say("tell-note")) }
                (summary(words, mistakes))
                form #report.tell method="post" action="/report" novalidate
                    data-fresh[mistakes.is_empty()] data-saved=(words.say_with("shell-saved", &[("time", "%".into())])) {
                    (viewer.form_marks(None))
                    (safety(app, words, viewer.insurer(), form, mistakes))
                    (when_and_where(words, form, mistakes))
                    (how(app, words, form, mistakes))
                    (others(words, form, mistakes))
                    (damage(app, words, form, mistakes))
                    (who(words, form, mistakes))
                }
                p.note { (words.say("tell-nothing-sent")) }
                p."note saved" #saved role="status" {}
            }
        },
    )
}

/// A choice for each word, its text and its hint from the catalogue under `prefix`.
fn choices<'a>(words: &'a Words, prefix: &str, list: &[&'a str]) -> Vec<Choice<'a>> {
    let text = |code: String| words.say(&code).into_owned();
    let choice = |word: &&'a str| {
        let choice = Choice::new(word, text(format!("{prefix}-{word}")));
        let hint = format!("{prefix}-{word}-hint");
        if words.knows(&hint) { choice.note(text(hint)) } else { choice }
    };
    list.iter().map(choice).collect()
}

fn safety(app: &App, words: &Words, insurer: &Insurer, form: &Form, mistakes: &Mistakes) -> Markup {
    let injuries = choices(words, "injury", &app.report_form().injuries);
    html! {
        section {
            h2 { (words.say("tell-safety")) }
            p.note { (words.say("tell-safety-note")) }
            (all_calls(words, insurer))
            (Field::new(words, "injury", "tell-injury").checked(mistakes).radios(&injuries, form.text("injury")))
        }
    }
}

fn when_and_where(words: &Words, form: &Form, mistakes: &Mistakes) -> Markup {
    html! {
        section {
            h2 { (words.say("tell-when-where")) }
            (Field::new(words, "occurred_at", "tell-when").checked(mistakes)
                .text("datetime-local", form.text("occurred_at"), None))
            (Field::new(words, "place", "tell-place").hint("tell-place-hint").checked(mistakes)
                .text("text", form.text("place"), Some("off")))
            div.position data-found=(words.say("tell-position-found")) data-failed=(words.say("tell-position-failed"))
                data-asking=(words.say("tell-position-asking")) {
                input type="hidden" name="latitude" value=(form.text("latitude"));
                input type="hidden" name="longitude" value=(form.text("longitude"));
                button.button type="button" data-position hidden { (icon("map-pin")) (words.say("tell-position")) }
                p.note role="status" {}
            }
        }
    }
}

fn how(app: &App, words: &Words, form: &Form, mistakes: &Mistakes) -> Markup {
    let main: Vec<_> = choices(words, "cause", &MAIN_CAUSES)
        .into_iter()
        .map(|choice| {
            let picture = pictures::cause(choice.value).unwrap_or_default();
            Choice { note: None, ..choice.picture(picture) }
        })
        .collect();
    let causes = app.report_form().causes;
    let rest: Vec<_> = causes.into_iter().filter(|cause| !MAIN_CAUSES.contains(cause)).collect();
    html! {
        section {
            h2 { (words.say("tell-how")) }
            (Field::new(words, "cause", "tell-cause").hint("tell-cause-hint").checked(mistakes).pictures_and_more(
                &main, "tell-cause-more", &choices(words, "cause", &rest), form.text("cause"),
            ))
            (Field::new(words, "story", "tell-story").hint("tell-story-hint").optional().checked(mistakes)
                .area(form.text("story")))
        }
    }
}

/// Who else was there, and whose fault it was: shown only as far as it applies, by style alone.
fn others(words: &Words, form: &Form, mistakes: &Mistakes) -> Markup {
    let how_many: Vec<_> = Others::ALL.iter().map(|(_, name)| *name).collect();
    let faults: Vec<_> = FAULTS.iter().map(|(word, _)| *word).chain(["unknown"]).collect();
    let labels = ["tell-other-plate", "tell-other-plate-2", "tell-other-plate-3"];
    let source = match form.text("fault_source") {
        "" => "stated",
        chosen => chosen,
    };
    html! {
        section.others {
            h2 { (words.say("tell-others-head")) }
            div.three {
                (Field::new(words, "others", "tell-others").checked(mistakes)
                    .radios(&choices(words, "tell-others", &how_many), form.text("others")))
            }
            @for (field, label) in OTHER_PLATES.iter().zip(labels) {
                div.(field.replace('_', "-")) {
                    (Field::new(words, field, label).optional().checked(mistakes).code(form.text(field), Some("off")))
                }
            }
            div.with-others {
                div.two {
                    (Field::new(words, "fault", "tell-fault").hint("tell-fault-hint").checked(mistakes)
                        .radios(&choices(words, "tell-fault", &faults), form.text("fault")))
                }
                div.with-fault {
                    (Field::new(words, "fault_source", "tell-source").checked(mistakes)
                        .radios(&choices(words, "tell-source", &FAULT_SOURCES), source))
                }
                (Field::new(words, "self_claim", "tell-self-claim").optional().checked(mistakes)
                    .checkboxes(&choices(words, "tell-self-claim", &["yes"]), &[form.text("self_claim")]))
            }
        }
    }
}

fn damage(app: &App, words: &Words, form: &Form, mistakes: &Mistakes) -> Markup {
    let guesses = choices(words, "guess", &app.report_form().guesses);
    html! {
        section {
            h2 { (words.say("tell-damage-head")) }
            (Field::new(words, "damage", "tell-damage").hint("tell-damage-hint").checked(mistakes)
                .radios(&guesses, form.text("damage")))
            (Field::new(words, "other_property", "tell-property").optional()
                .checkboxes(&choices(words, "tell-property", &["yes"]), &[form.text("other_property")]))
        }
    }
}

fn who(words: &Words, form: &Form, mistakes: &Mistakes) -> Markup {
    let wanted = !form.text("account_number").is_empty() || mistakes.at("account_number").is_some();
    html! {
        section {
            h2 { (words.say("tell-who")) }
            (Field::new(words, "plate", "tell-plate").hint("tell-plate-hint").checked(mistakes)
                .code(form.text("plate"), Some("off")))
            (Field::new(words, "name", "tell-name").checked(mistakes).text("text", form.text("name"), Some("name")))
            (Field::new(words, "phone", "tell-phone").hint("tell-phone-hint").checked(mistakes)
                .text("tel", form.text("phone"), Some("tel")))
            details.more open[wanted] {
                summary { (words.say("tell-account-now")) span.icon-turns { (icon("chevron-down")) } }
                div.stack {
                    p.note { (words.say("tell-account-note")) }
                    (Field::new(words, "account_name", "payee-name").hint("payee-name-hint").optional()
                        .text("text", form.text("account_name"), Some("off")))
                    (Field::new(words, "account_number", "payee-number").optional().checked(mistakes)
                        .text("text", form.text("account_number"), Some("off")))
                }
            }
        }
    }
}
