//! What was said: notes among staff, what the customer wrote, messages to the customer.

use app::App;
use app::pages::{MessagePage, NotePage};
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::{NOTES, Reading, Screen, answer};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-notes")) } (screen.offer(NOTES, "")) }
            @if screen.edits(NOTES, "") {
                (screen.form(NOTES, "", html! {
                    (screen.field("text", "desk-note-text").hint("desk-note-hint").area(&screen.value("text", "")))
                }))
            }
            @if screen.staff.notes.is_empty() { p.note { (words.say("desk-notes-none")) } }
            ul.desk-reasons { @for note in screen.staff.notes.iter().rev() { (note_line(screen, note)) } }
        }
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-messages")) } }
            @if screen.page.messages.is_empty() { p.note { (words.say("desk-messages-none")) } }
            ul.desk-reasons { @for message in screen.page.messages.iter().rev() { (message_line(screen, message)) } }
        }
    }
}

fn note_line(screen: &Screen<'_>, note: &NotePage) -> Markup {
    let words = screen.words();
    html! {
        li {
            p.desk-text { @match &note.text { Some(text) => (text), None => span.note { (words.say("desk-erased")) } } }
            p.note {
                (screen.term("note", &note.kind)) " · "
                @if !note.by.is_empty() { (note.by) " · " }
                (when(words, note.at.0, screen.now()))
            }
        }
    }
}

fn message_line(screen: &Screen<'_>, message: &MessagePage) -> Markup {
    let words = screen.words();
    let tone = match message.status.as_str() {
        "sent" => Tone::Green,
        "given-up" => Tone::Red,
        _ => Tone::Amber,
    };
    html! {
        li {
            p.desk-text { (message.text) }
            p.desk-line {
                (badge(tone, tone.icon(), &screen.term("message-status", &message.status)))
                span.note { (when(words, message.at.0, screen.now())) }
            }
        }
    }
}

/// `POST /desk/claims/{claim}/notes`
pub(crate) async fn note(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let text = read.needed("text", "desk-note-text");
    let done = async { Ok(app.add_note(&sent.asked, &claim, &read.whole(text)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, NOTES, "", done).await
}
