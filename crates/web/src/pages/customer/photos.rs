//! `/claims/{claim}/photos`: papers and photos, several at once. Each file is accepted or refused for itself.

use app::pages::{ClaimPage, PaperPage, file_kinds};
use app::words::Words;
use app::{App, Failure};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use lexicon::ClaimId;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Doing, again, claim_address, done};
use crate::components::{Choice, Field, Mistakes, Photo, Tone, grid, notice, summary};
use crate::multipart::Upload;
use crate::request::sentence;
use crate::{Problem, Viewer};

/// What is asked for, and what has just come.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    added: usize,
}

/// A file that was not accepted, with the reason.
struct Refused {
    name: String,
    why: String,
}

/// `GET`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    let kind = if asked.kind.is_empty() { wanted(&page) } else { &asked.kind };
    Ok(view(&viewer, &page, &claim, kind, asked.added, &[], &Mistakes::new()))
}

/// `POST`
pub(crate) async fn take(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    mut upload: Upload,
) -> Result<Response, Problem> {
    let kind = upload.sent.form.text("kind").to_owned();
    let viewer = upload.sent.viewer.clone();
    let words = viewer.words();
    let (mut added, mut refused) = (0, vec![]);
    while let Some((file, asked)) = upload.next().await? {
        let why = match file.bytes {
            None => words.say("picture.refused.too-large").into_owned(),
            Some(bytes) => match app.add_evidence(&asked, &claim, &kind, None, bytes).await {
                Ok(_) => {
                    added += 1;
                    continue;
                }
                Err(Failure::Refused(told)) => sentence(words, &told),
                Err(failure) => return Err(failure.into()),
            },
        };
        refused.push(Refused { name: file.name, why });
    }
    let page = app.claim_page(&claim, words).await?;
    if added > 0 && refused.is_empty() {
        return Ok(done(&format!(
            "{}/photos?kind={}&added={added}",
            claim_address(&claim),
            wanted_after(&page, &kind)
        )));
    }
    let mut mistakes = Mistakes::new();
    if added == 0 && refused.is_empty() {
        mistakes.note("camera", words.say("photos-none"));
    }
    Ok(again(view(&viewer, &page, &claim, &kind, added, &refused, &mistakes)))
}

/// `GET /claims/{claim}/photos/{number}`: the copy for showing, for who follows the claim alone.
pub(crate) async fn one(
    State(app): State<App>,
    Path((claim, number)): Path<(ClaimId, u32)>,
) -> Result<Response, Problem> {
    let Some(bytes) = app.shown_copy(&claim, number).await? else {
        return Err(Problem::new(StatusCode::GONE, "privacy.refused.erased"));
    };
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "private, max-age=3600")];
    Ok((headers, bytes).into_response())
}

/// The kind of file that is missing first.
fn wanted(page: &ClaimPage) -> &str {
    let missing = page.papers_missing.iter().filter(|paper| !is_entered(paper));
    missing.flat_map(|paper| &paper.kinds).next().map_or("photo-damage", String::as_str)
}

/// What to ask for after a file of `kind` came: more of it while some is missing, then the next.
fn wanted_after<'a>(page: &'a ClaimPage, kind: &'a str) -> &'a str {
    let more = page.papers_missing.iter().any(|paper| paper.kinds.iter().any(|known| known == kind));
    if more { kind } else { wanted(page) }
}

/// Whether a paper is filled in rather than photographed.
pub(super) fn is_entered(paper: &PaperPage) -> bool {
    paper.code == "bank-account"
}

/// The photos of a claim, each opening large.
pub(super) fn photo_grid(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let photo = |number: u32, kind: &str| {
        let address = format!("/claims/{}/photos/{number}", page.claim);
        let name = words.say(&format!("evidence-{kind}")).into_owned();
        Photo { name, shown: Some(address.clone()), href: address, current: false }
    };
    let photos: Vec<_> = page.evidence.iter().map(|file| photo(file.number, &file.kind)).collect();
    grid(words, &photos)
}

fn view(
    viewer: &Viewer,
    page: &ClaimPage,
    claim: &ClaimId,
    kind: &str,
    added: usize,
    refused: &[Refused],
    mistakes: &Mistakes,
) -> Markup {
    let words = viewer.words();
    let paper = page.papers_missing.iter().find(|paper| paper.kinds.iter().any(|known| known == kind));
    let complete = page.papers_missing.iter().all(is_entered);
    let main = html! {
        div.stack {
            h1 { (words.say("photos-title")) }
            (came(words, claim, added, refused, complete))
            (summary(words, mistakes))
            form #doing.stack method="post" action={ (claim_address(claim)) "/photos" } enctype="multipart/form-data"
                data-sending=(words.say("photos-sending")) {
                (viewer.form_marks(None))
                (Field::new(words, "kind", "photos-kind").select(&kinds(words, page), kind))
                @if let Some(paper) = paper {
                    p.note data-for=(kind) { (words.say(&format!("paper-{}-hint", paper.code))) }
                }
                (Field::new(words, "camera", "photos-camera").checked(mistakes).camera())
                (Field::new(words, "album", "photos-album").hint("photos-album-hint").photos())
                ul.photos #chosen aria-live="polite" {}
            }
            @if !page.evidence.is_empty() {
                section.stack { h2 { (words.say("photos-here")) } (photo_grid(viewer, page)) }
            }
        }
    };
    Doing { claim, title: "photos-title", go: "photos-go", danger: false, scripts: &["photos.js"] }
        .page(viewer, main)
}

/// What came of the files that were sent.
fn came(words: &Words, claim: &ClaimId, added: usize, refused: &[Refused], complete: bool) -> Markup {
    let next = if complete { "photos-complete" } else { "photos-next" };
    html! {
        @if added > 0 {
            (notice(Tone::Green, &words.say_with("photos-added", &[("count", added.into())]), html! {
                p { (words.say(next)) }
                p { a.button href=(claim_address(claim)) { (words.say("photos-back")) } }
            }))
        }
        @if !refused.is_empty() {
            div role="alert" {
                (notice(Tone::Amber, &words.say_with("photos-refused", &[("count", refused.len().into())]), html! {
                    dl.refused {
                        @for file in refused { dt { (file.name) } dd { (file.why) } }
                    }
                }))
            }
        }
    }
}

/// The kinds to choose from: what is missing first, with how much of it.
fn kinds<'a>(words: &'a Words, page: &'a ClaimPage) -> Vec<Choice<'a>> {
    let name = |kind: &str| words.say(&format!("evidence-{kind}")).into_owned();
    let mut choices: Vec<Choice<'a>> = vec![];
    for paper in page.papers_missing.iter().filter(|paper| !is_entered(paper)) {
        for kind in &paper.kinds {
            let left = paper.count.saturating_sub(paper.have) as usize;
            let text =
                words.say_with("photos-kind-left", &[("kind", name(kind).into()), ("count", left.into())]);
            if choices.iter().all(|choice| choice.value != kind) {
                choices.push(Choice::new(kind, text.into_owned()));
            }
        }
    }
    let known: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
    choices
        .extend(file_kinds().filter(|kind| !known.contains(kind)).map(|kind| Choice::new(kind, name(kind))));
    choices
}
