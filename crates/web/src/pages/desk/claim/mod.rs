//! `/desk/claims/{claim}`: everything about one claim, and everything that may be done with it.
//!
//! A tab is an address, and so is a form that is unfolded on it (`?tab=facts&edit=loss&about=B`): one form at a time, so that the
//! page stays a page to read. A form is sent to `/desk/claims/{claim}/<its word>`; [`answer`] leads back to the tab, or shows the
//! page again with the form as it was sent.

mod assessment;
mod clocks;
mod facts;
mod head;
mod money;
mod papers;
mod reporters;
mod risk;
mod seconds;
mod settlement;
mod talk;
mod tasks;
mod timeline;
mod vehicles;
mod victims;

use app::pages::{AccountEntry, ClaimPage, PartChoice, PersonPage, StaffPage};
use app::words::Words;
use app::{App, Failure};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lexicon::{ClaimId, Moment};
use maud::{Markup, html};
use serde::Deserialize;

use super::frame;
use super::reading::{Reading, Stop};
use crate::components::*;
use crate::form::Form;
use crate::request::{Sent, sentence};
use crate::{Action, Problem, Viewer};

pub(crate) use assessment::{assess, inspect};
pub(crate) use facts::{correct, policy, self_claim};
pub(crate) use money::{explain_found, receive, retry};
pub(crate) use papers::upload;
pub(crate) use reporters::{admit, turn_away};
pub(crate) use seconds::{
    agree_reserve, confirm_assessment, confirm_refusal, return_assessment, return_refusal, serve_refusal,
};
pub(crate) use settlement::{account, approve, close, decline, refer, reopen};
pub(crate) use talk::note;
pub(crate) use tasks::{assign, finish};
pub(crate) use vehicles::{add_vehicle, fault, loss, terms, waive};
pub(crate) use victims::victim;

/// What of a claim is looked at, as its address says.
#[derive(Default, Deserialize)]
pub(crate) struct Look {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    edit: String,
    /// What the form is about: a vehicle, a person, a task.
    #[serde(default)]
    about: String,
    photo: Option<u32>,
    done: Option<String>,
    /// A one-time link that this page shows, and no other; it never stands in an address.
    #[serde(skip)]
    link: Option<super::accounts::Link>,
}

/// Something that may be done with a claim: its word in addresses and codes, its tab, what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    word: &'static str,
    tab: &'static str,
    action: Action,
    /// Whether it is refused when the claim has moved on since the page was shown. What merely adds to it is not.
    versioned: bool,
    /// Whether its button says that it saves; any other says what it does.
    saves: bool,
}

const fn edit(word: &'static str, tab: &'static str, action: Action) -> Edit {
    Edit { word, tab, action, versioned: true, saves: false }
}

const fn entry(word: &'static str, tab: &'static str, action: Action) -> Edit {
    Edit { saves: true, ..edit(word, tab, action) }
}

const fn addition(word: &'static str, tab: &'static str, action: Action) -> Edit {
    Edit { versioned: false, ..edit(word, tab, action) }
}

const CORRECTION: Edit = entry("correction", "facts", Action::HandleClaim);
const VEHICLES: Edit = edit("vehicles", "facts", Action::HandleClaim);
const FAULT: Edit = entry("fault", "facts", Action::HandleClaim);
const LOSS: Edit = entry("loss", "facts", Action::HandleClaim);
const WAIVER: Edit = edit("waiver", "facts", Action::HandleClaim);
const TERMS: Edit = entry("terms", "facts", Action::HandleClaim);
const VICTIMS: Edit = entry("victims", "facts", Action::HandleClaim);
const SELF_CLAIM: Edit = edit("self-claim", "facts", Action::HandleClaim);
const ADMISSION: Edit = addition("admission", "facts", Action::AdmitReporters);
const TURNING_AWAY: Edit = addition("turning-away", "facts", Action::AdmitReporters);
const POLICY: Edit = entry("policy", "facts", Action::HandleClaim);
const INSPECTION: Edit = entry("inspection", "assessment", Action::Inspect);
const ASSESSMENT: Edit = entry("assessment", "assessment", Action::Assess);
const ASSESSMENT_CONFIRMATION: Edit = edit("assessment-confirmation", "assessment", Action::Assess);
const ASSESSMENT_RETURN: Edit = edit("assessment-return", "assessment", Action::Assess);
const ACCOUNT: Edit = entry("account", "settlement", Action::HandleClaim);
const RETRY: Edit = addition("retry", "settlement", Action::MoveMoney);
const FINDING: Edit = addition("finding", "settlement", Action::MoveMoney);
const RECOVERY: Edit = Edit { saves: true, ..addition("recovery", "settlement", Action::MoveMoney) };
const APPROVAL: Edit = edit("approval", "settlement", Action::Decide);
const REFUSAL: Edit = edit("refusal", "settlement", Action::Decide);
const REFUSAL_CONFIRMATION: Edit = edit("refusal-confirmation", "settlement", Action::Decide);
const REFUSAL_RETURN: Edit = edit("refusal-return", "settlement", Action::Decide);
const REFUSAL_SERVICE: Edit = entry("refusal-service", "settlement", Action::HandleClaim);
const RESERVE: Edit = edit("reserve", "settlement", Action::Decide);
const REFERRAL: Edit = edit("referral", "settlement", Action::HandleClaim);
const CLOSURE: Edit = edit("closure", "settlement", Action::Decide);
const REOPENING: Edit = edit("reopening", "settlement", Action::Decide);
const EVIDENCE: Edit = addition("evidence", "papers", Action::HandleClaim);
const ASSIGNMENT: Edit = addition("assignment", "tasks", Action::HandleClaim);
const DONE: Edit = addition("done", "tasks", Action::HandleClaim);
const NOTES: Edit = Edit { saves: true, ..addition("notes", "talk", Action::HandleClaim) };

/// How one tab shows the claim.
type View = fn(&Screen<'_>) -> Markup;

/// The tabs, in their order.
const TABS: [(&str, View); 9] = [
    ("facts", facts::view),
    ("assessment", assessment::view),
    ("settlement", settlement::view),
    ("papers", papers::view),
    ("timeline", timeline::view),
    ("tasks", tasks::view),
    ("talk", talk::view),
    ("clocks", clocks::view),
    ("risk", risk::view),
];

/// A form that came back: as it was sent, with what is wrong.
struct Returned<'a> {
    form: &'a Form,
    mistakes: Mistakes,
    /// A sentence about the whole of it.
    note: Option<String>,
}

/// The page in the making.
struct Screen<'a> {
    viewer: &'a Viewer,
    app: &'a App,
    claim: &'a ClaimId,
    page: &'a ClaimPage,
    staff: &'a StaffPage,
    look: &'a Look,
    returned: Option<Returned<'a>>,
    /// Parts of the price table, where an assessment is being written.
    parts: Vec<PartChoice>,
    /// Accounts, where a task is being handed over.
    people: Vec<AccountEntry>,
}

/// `GET /desk/claims/{claim}`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
    Query(look): Query<Look>,
) -> Result<Markup, Problem> {
    draw(&app, &viewer, &claim, &look, None).await
}

async fn draw(
    app: &App,
    viewer: &Viewer,
    claim: &ClaimId,
    look: &Look,
    returned: Option<Returned<'_>>,
) -> Result<Markup, Problem> {
    let page = app.staff_claim_page(claim, viewer.words()).await?;
    let staff = page.staff.as_ref().ok_or_else(Problem::internal)?;
    let parts = if look.edit == ASSESSMENT.word { app.part_choices(claim).await? } else { vec![] };
    let people = if look.edit == ASSIGNMENT.word {
        app.accounts_page(None, tasks::PEOPLE_MAX).await?.accounts
    } else {
        vec![]
    };
    let screen = Screen { viewer, app, claim, page: &page, staff, look, returned, parts, people };
    Ok(head::page(&screen))
}

/// What became of a form: back to its tab with a notice, or the page again with the form as it was sent.
async fn answer(
    app: &App,
    claim: &ClaimId,
    sent: &Sent,
    edit: Edit,
    about: &str,
    done: Result<(), Stop>,
) -> Result<Response, Problem> {
    let words = sent.words();
    let (status, mistakes, note) = match done {
        Ok(()) => {
            let back = format!("/desk/claims/{claim}?tab={}&done={}", edit.tab, edit.word);
            return Ok(Redirect::to(&back).into_response());
        }
        Err(Stop::Wrong(mistakes)) => (StatusCode::UNPROCESSABLE_ENTITY, mistakes, None),
        Err(Stop::Failed(Failure::Refused(refused))) => {
            let told = sentence(words, &refused);
            // A refusal about a field that the form has stands at the field, any other above the form.
            match refused.field.filter(|field| sent.form.fields().any(|(name, _)| name == *field)) {
                Some(field) => {
                    let mut mistakes = Mistakes::new();
                    mistakes.note(field, told);
                    (StatusCode::UNPROCESSABLE_ENTITY, mistakes, None)
                }
                None => (StatusCode::UNPROCESSABLE_ENTITY, Mistakes::new(), Some(told)),
            }
        }
        Err(Stop::Failed(failure @ (Failure::Conflict | Failure::KeyReused | Failure::Denied))) => {
            let (status, code) = match failure {
                Failure::Conflict => (StatusCode::CONFLICT, "desk.refused.conflict"),
                Failure::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "desk.refused.sent-twice"),
                _ => (StatusCode::FORBIDDEN, "claim.refused.no-authority"),
            };
            (status, Mistakes::new(), Some(words.say(code).into_owned()))
        }
        Err(Stop::Failed(failure)) => return Err(failure.into()),
    };
    let look = Look {
        tab: edit.tab.to_owned(),
        edit: edit.word.to_owned(),
        about: about.to_owned(),
        photo: sent.form.text("photo_shown").parse().ok(),
        done: None,
        link: None,
    };
    let returned = Returned { form: &sent.form, mistakes, note };
    Ok((status, draw(app, &sent.viewer, claim, &look, Some(returned)).await?).into_response())
}

impl<'a> Screen<'a> {
    fn words(&self) -> &'static Words {
        self.viewer.words()
    }

    fn now(&self) -> Moment {
        self.viewer.now()
    }

    /// The word of a closed set.
    fn term(&self, kind: &str, word: &str) -> String {
        frame::term(self.words(), kind, word)
    }

    /// The tab that is shown: the first one where the address names none.
    fn tab(&self) -> (&'static str, View) {
        TABS.into_iter().find(|(tab, _)| *tab == self.look.tab).unwrap_or(TABS[0])
    }

    /// The address of a tab; the photo that is looked at stays.
    fn href(&self, tab: &str) -> String {
        let photo = self.look.photo.map(|photo| format!("&photo={photo}")).unwrap_or_default();
        format!("/desk/claims/{}?tab={tab}{photo}", self.claim)
    }

    fn edit_href(&self, edit: Edit, about: &str) -> String {
        let about = if about.is_empty() { String::new() } else { format!("&about={about}") };
        format!("{}&edit={}{about}#edit", self.href(edit.tab), edit.word)
    }

    /// A link that unfolds a form, for those who may send it.
    fn offer(&self, edit: Edit, about: &str) -> Markup {
        html! {
            @if self.viewer.may(edit.action) && !self.edits(edit, about) {
                a.button href=(self.edit_href(edit, about)) data-edit=(edit.word) { (self.term("desk-edit", edit.word)) }
            }
        }
    }

    /// The same, small, for the row of a table.
    fn offer_small(&self, edit: Edit, about: &str) -> Markup {
        let label = self.term("desk-edit", edit.word);
        html! {
            @if self.viewer.may(edit.action) {
                a href=(self.edit_href(edit, about)) data-edit=(edit.word) {
                    (label) span.unseen { " " (about) }
                }
            }
        }
    }

    /// Whether this form is unfolded.
    fn edits(&self, edit: Edit, about: &str) -> bool {
        self.look.edit == edit.word && self.look.about == about && self.viewer.may(edit.action)
    }

    /// Whether a form of this kind is unfolded, whatever it is about.
    fn edits_any(&self, edit: Edit) -> bool {
        self.look.edit == edit.word && self.viewer.may(edit.action)
    }

    /// A value of the unfolded form: as it was sent, else as it stands.
    fn value(&self, name: &str, known: impl Into<String>) -> String {
        match &self.returned {
            Some(returned) => returned.form.text(name).to_owned(),
            None => known.into(),
        }
    }

    /// A field of the unfolded form, with what is wrong with it. `label` is a code.
    fn field<'f>(&'f self, name: &'f str, label: &'f str) -> Field<'f> {
        let field = Field::new(self.words(), name, label);
        match &self.returned {
            Some(returned) => field.checked(&returned.mistakes),
            None => field,
        }
    }

    /// The unfolded form.
    fn form(&self, edit: Edit, about: &str, fields: Markup) -> Markup {
        let title = self.term("desk-edit", edit.word);
        let address = format!("/desk/claims/{}/{}", self.claim, edit.word);
        self.form_to(
            edit,
            &address,
            &title,
            html! { @if !about.is_empty() { (hidden("about", about)) } (fields) },
        )
    }

    fn form_to(&self, edit: Edit, address: &str, title: &str, fields: Markup) -> Markup {
        let look = if edit == REFUSAL { "button-danger" } else { "button-main" };
        let go = if edit.saves { self.words().say("action-save") } else { title.into() };
        html! {
            form.desk-form #edit method="post" action=(address) novalidate {
                h3 { (title) }
                @if let Some(returned) = &self.returned { (summary(self.words(), &returned.mistakes)) }
                (self.marks(edit))
                (fields)
                div.buttons {
                    button.button.(look) type="submit" { (go) }
                    a.button href=(self.href(edit.tab)) { (self.words().say("action-cancel")) }
                }
            }
        }
    }

    /// The hidden fields of a form.
    fn marks(&self, edit: Edit) -> Markup {
        html! {
            (self.viewer.form_marks(edit.versioned.then_some(self.page.version)))
            @if let Some(photo) = self.look.photo { (hidden("photo_shown", &photo.to_string())) }
        }
    }

    /// Whether it is the viewer who did that.
    fn is_viewer(&self, person: &PersonPage) -> bool {
        let account = self.viewer.principal().and_then(|principal| principal.account.as_ref());
        account.is_some_and(|account| account.as_str() == person.account)
    }

    /// The vehicles as choices: `A 京A12345`.
    fn vehicle_choices(&self) -> Vec<Choice<'a>> {
        self.page
            .vehicles
            .iter()
            .map(|vehicle| Choice::new(&vehicle.id, self.vehicle_name(&vehicle.id)))
            .collect()
    }

    /// A party by its id and what is known of it: `A 京A12345`, `P1`.
    fn vehicle_name(&self, id: &str) -> String {
        let plate = self
            .page
            .vehicles
            .iter()
            .find(|vehicle| vehicle.id == id)
            .and_then(|vehicle| vehicle.plate.as_deref());
        match plate {
            Some(plate) => format!("{id} {plate}"),
            None => id.to_owned(),
        }
    }
}

/// The choices of a closed set: its words, each in the language of the viewer.
fn choices<'a>(words: &Words, kind: &str, list: impl IntoIterator<Item = &'a str>) -> Vec<Choice<'a>> {
    list.into_iter().map(|word| Choice::new(word, frame::term(words, kind, word))).collect()
}

/// The same with nothing chosen first, under the code `nothing`.
fn choices_or<'a>(
    words: &'a Words,
    nothing: &'a str,
    kind: &str,
    list: impl IntoIterator<Item = &'a str>,
) -> Vec<Choice<'a>> {
    std::iter::once(Choice::new("", words.say(nothing))).chain(choices(words, kind, list)).collect()
}
