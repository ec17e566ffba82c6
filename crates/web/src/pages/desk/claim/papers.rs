//! Papers and photos: what is missing, what is there, and what came another way.

use app::pages::{EvidencePage, PaperPage, file_kinds};
use app::{App, Failure};
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::super::frame;
use super::{EVIDENCE, Reading, Screen, answer, choices_or};
use crate::Problem;
use crate::components::*;
use crate::multipart::Upload;
use crate::request::sentence;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let (missing, there) = (words.say("desk-papers-missing"), words.say("desk-papers-there"));
    let missing_columns = frame::columns(
        words,
        &[("desk-paper", Side::Left), ("desk-count", Side::Right), ("desk-kinds", Side::Left)],
    );
    let there_columns = frame::columns(
        words,
        &[
            ("desk-number", Side::Right),
            ("desk-kind", Side::Left),
            ("desk-arrived", Side::Left),
            ("desk-size", Side::Right),
            ("desk-do", Side::Left),
        ],
    );
    let missing_rows: Vec<_> =
        screen.page.papers_missing.iter().map(|paper| missing_row(screen, paper)).collect();
    let there_rows: Vec<_> = screen.page.evidence.iter().map(|one| there_row(screen, one)).collect();
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (missing) } (screen.offer(EVIDENCE, "")) }
            @if missing_rows.is_empty() { p.note { (words.say("desk-papers-complete")) } }
            @else { (table(&missing, &missing_columns, &missing_rows)) }
            @if screen.edits(EVIDENCE, "") { (form(screen)) }
        }
        section.desk-section {
            div.desk-section-head { h2 { (there) } }
            @if there_rows.is_empty() { p.note { (words.say("desk-papers-none")) } }
            @else { (table(&there, &there_columns, &there_rows)) }
        }
    }
}

fn missing_row(screen: &Screen<'_>, paper: &PaperPage) -> Vec<Cell> {
    let kinds: Vec<String> = paper.kinds.iter().map(|kind| screen.term("evidence", kind)).collect();
    vec![
        Cell::key(html! { (screen.term("paper", &paper.code)) }),
        html! { (paper.have) " / " (paper.count) }.into(),
        html! { span.note { (kinds.join(&screen.words().say("desk-or"))) } }.into(),
    ]
}

fn there_row(screen: &Screen<'_>, one: &EvidencePage) -> Vec<Cell> {
    let words = screen.words();
    vec![
        one.number.to_string().into(),
        Cell::key(html! { (screen.term("evidence", &one.kind)) }),
        when(words, one.at.0, screen.now()).into(),
        html! { (one.bytes.div_ceil(1024)) " KB" }.into(),
        html! {
            a href={ "/desk/claims/" (screen.claim) "?tab=papers&photo=" (one.number) } {
                (words.say("desk-look")) span.unseen { " " (one.number) }
            }
        }
        .into(),
    ]
}

/// The fields that prove where the form came from stand before its files.
fn form(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let title = screen.term("desk-edit", EVIDENCE.word);
    html! {
        form.desk-form #edit method="post" enctype="multipart/form-data" novalidate
            action={ "/desk/claims/" (screen.claim) "/evidence" } {
            h3 { (title) }
            @if let Some(returned) = &screen.returned { (summary(words, &returned.mistakes)) }
            (screen.marks(EVIDENCE))
            (screen.field("kind", "desk-kind")
                .select(&choices_or(words, "desk-choose", "evidence", file_kinds()), &screen.value("kind", "")))
            (screen.field("file", "desk-files").hint("desk-files-hint").photos())
            div.buttons {
                button.button.button-main type="submit" { (title) }
                a.button href=(screen.href(EVIDENCE.tab)) { (words.say("action-cancel")) }
            }
        }
    }
}

/// `POST /desk/claims/{claim}/evidence`: papers that reached us another way. Files that are refused are named; the others are kept.
pub(crate) async fn upload(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    mut upload: Upload,
) -> Result<Response, Problem> {
    let sent = upload.sent.clone();
    let mut read = Reading::of(&sent);
    let kind = read.needed("kind", "desk-kind").unwrap_or_default();
    let mut given = 0;
    while let Some((file, asked)) = upload.next().await? {
        given += 1;
        let added = match file.bytes {
            None => Err(Failure::refused("picture.refused.too-large")),
            Some(_) if kind.is_empty() => continue,
            Some(bytes) => app.add_evidence(&asked, &claim, &kind, None, bytes).await,
        };
        if let Err(Failure::Refused(refused)) = &added {
            read.tell("file", format!("{}: {}", file.name, sentence(sent.words(), refused)));
        } else {
            added?;
        }
    }
    if given == 0 {
        read.miss("file", "desk-files");
    }
    let done = read.whole(Some(()));
    answer(&app, &claim, &sent, EVIDENCE, "", done).await
}
