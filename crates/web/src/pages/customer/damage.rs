//! `/claims/{claim}/damage`: first the parts, on the drawing; then for each how it looks and on which photo.
//!
//! The first step changes nothing, so it is an address: what was picked travels in it, and the way back keeps it.

use app::claims::{Damage, Pick};
use app::pages::{ClaimPage, PartChoice};
use app::words::Words;
use app::{App, Failure};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use lexicon::ClaimId;
use maud::{Markup, html};

use super::{again, claim_address, done, may_pick};
use crate::components::{Choice, Field, Mistakes, Tone, car, hidden, icon, notice, summary};
use crate::form::Form;
use crate::request::Sent;
use crate::shell::{self, Customer};
use crate::{Problem, Viewer};

/// What both steps show.
struct Picking<'a> {
    viewer: &'a Viewer,
    claim: &'a ClaimId,
    page: ClaimPage,
    parts: Vec<PartChoice>,
}

/// `GET`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let picking = Picking::of(&app, &viewer, &claim).await?;
    if !may_pick(&picking.page) {
        return Ok(Redirect::to(&claim_address(&claim)).into_response());
    }
    let mut form = Form::parse(query.as_deref().unwrap_or_default());
    let mut mistakes = Mistakes::new();
    Ok(match form.text("step") {
        "looks" if !picking.picked(&form).is_empty() => picking.looks(&form, &mistakes).into_response(),
        "looks" => {
            mistakes.note("parts", viewer.words().say("claim.refused.no-damage"));
            again(picking.drawing(&form, &mistakes))
        }
        "parts" => picking.drawing(&form, &mistakes).into_response(),
        _ => {
            form = picking.proposed();
            picking.drawing(&form, &mistakes).into_response()
        }
    })
}

/// `POST`
pub(crate) async fn take(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    sent.form.expected_version()?;
    let words = sent.words();
    let mut mistakes = Mistakes::new();
    match picks(&sent.form, words) {
        Ok(picks) => match app.propose_damage(&sent.asked, &claim, picks).await {
            Ok(()) => return Ok(done(&claim_address(&claim))),
            // It is shown again as it stands now, with everything that was chosen.
            Err(Failure::Conflict) => mistakes.note("main", words.say("pick-moved")),
            Err(failure) => sent.keep(failure, "main", &mut mistakes)?,
        },
        Err(found) => mistakes = found,
    }
    let picking = Picking::of(&app, &sent.viewer, &claim).await?;
    Ok(again(picking.looks(&sent.form, &mistakes)))
}

fn picks(form: &Form, words: &Words) -> Result<Vec<Pick>, Mistakes> {
    let mut mistakes = Mistakes::new();
    let mut picks = vec![];
    for part in form.all("part") {
        let field = format!("damage-{part}");
        match form.word::<Damage>(&field) {
            Some(damage) => {
                let photo = form.text(&format!("photo-{part}")).parse().ok();
                picks.push(Pick { part: part.to_owned(), damage, operation: None, photo, price: None });
            }
            None => {
                let part = words.say(&format!("part-{part}")).into_owned();
                mistakes.note(&field, words.say_with("pick-looks-wrong", &[("part", part.into())]));
            }
        }
    }
    if mistakes.is_empty() { Ok(picks) } else { Err(mistakes) }
}

impl<'a> Picking<'a> {
    async fn of(app: &App, viewer: &'a Viewer, claim: &'a ClaimId) -> Result<Picking<'a>, Problem> {
        let page = app.claim_page(claim, viewer.words()).await?;
        Ok(Picking { viewer, claim, page, parts: app.part_choices(claim).await? })
    }

    /// The parts that `form` names, as the table knows them.
    fn picked(&self, form: &Form) -> Vec<&PartChoice> {
        self.parts.iter().filter(|part| form.all("part").any(|picked| picked == part.part)).collect()
    }

    /// What was picked before, as the form that picked it.
    fn proposed(&self) -> Form {
        let mut fields = vec![];
        for line in &self.page.proposed {
            fields.push(("part".to_owned(), line.part.clone()));
            fields.push((format!("damage-{}", line.part), line.damage.clone()));
            if let Some(photo) = line.photo {
                fields.push((format!("photo-{}", line.part), photo.to_string()));
            }
        }
        Form::of(fields)
    }

    /// Numbers of the photos that can show damage, the close-ups first.
    fn photos(&self) -> Vec<u32> {
        let of = |close: bool| {
            let kind = move |kind: &str| kind.starts_with("photo-") && (kind == "photo-damage") == close;
            self.page.evidence.iter().filter(move |file| kind(&file.kind)).map(|file| file.number)
        };
        of(true).chain(of(false)).collect()
    }

    fn drawing(&self, form: &Form, mistakes: &Mistakes) -> Markup {
        let words = self.viewer.words();
        let title = words.say("pick-title");
        let back = claim_address(self.claim);
        let bar = html! {
            a.button href=(back) { (words.say("action-cancel")) }
            button."button button-main" type="submit" form="doing" { (words.say("action-next")) }
        };
        let picked = self.picked(form);
        let parts: Vec<_> = self
            .parts
            .iter()
            .map(|part| car::Part {
                code: &part.part,
                zone: &part.zone,
                picked: picked.iter().any(|known| known.part == part.part),
            })
            .collect();
        // How each part looked before travels along, so that going back and forth forgets nothing.
        let kept =
            form.fields().filter(|(name, _)| name.starts_with("damage-") || name.starts_with("photo-"));
        let page = Customer {
            title: &title,
            back: Some(&back),
            step: Some((1, 2)),
            bar: Some(bar),
            ..Customer::default()
        };
        shell::customer(
            self.viewer,
            page,
            html! {
                div.stack {
                    h1 { (words.say("pick-head")) }
                    p.note { (words.say("pick-hint")) }
                    (summary(words, mistakes))
                    @if self.photos().is_empty() { (self.photos_first()) }
                    form #doing method="get" action={ (back) "/damage" } {
                        (hidden("step", "looks"))
                        @for (name, value) in kept { (hidden(name, value)) }
                        div #parts { (car::pick(words, &parts)) }
                    }
                }
            },
        )
    }

    fn looks(&self, form: &Form, mistakes: &Mistakes) -> Markup {
        let words = self.viewer.words();
        let title = words.say("pick-title");
        let address = format!("{}/damage", claim_address(self.claim));
        let picked = self.picked(form);
        let bar = html! {
            button.button type="submit" form="other-parts" { (words.say("action-previous")) }
            button."button button-main" type="submit" form="doing" { (words.say("pick-go")) }
        };
        let page = Customer {
            title: &title,
            back: Some(&claim_address(self.claim)),
            step: Some((2, 2)),
            bar: Some(bar),
            ..Customer::default()
        };
        let photos = self.photos();
        shell::customer(
            self.viewer,
            page,
            html! {
                div.stack {
                    h1 { (words.say("pick-looks-head")) }
                    p.note { (words.say("pick-prices")) }
                    (summary(words, mistakes))
                    @if photos.is_empty() { (self.photos_first()) }
                    form #doing.stack method="post" action=(address) novalidate {
                        (self.viewer.form_marks(Some(self.page.version)))
                        @for part in &picked { (self.one(part, form, mistakes, &photos)) }
                    }
                    form #other-parts method="get" action=(address) {
                        (hidden("step", "parts"))
                        @for (name, value) in form.fields().filter(|(name, _)| is_pick(name)) { (hidden(name, value)) }
                    }
                }
            },
        )
    }

    /// One part: how it looks, with what the table says for each, and its photo.
    fn one(&self, part: &PartChoice, form: &Form, mistakes: &Mistakes, photos: &[u32]) -> Markup {
        let words = self.viewer.words();
        let (looks, shot) = (format!("damage-{}", part.part), format!("photo-{}", part.part));
        let damages: Vec<_> = part
            .proposals
            .iter()
            .map(|(damage, operation, price)| {
                let operation = words.say(&format!("operation-{operation}")).into_owned();
                let note = [("operation", operation.into()), ("amount", price.0.into())];
                Choice::new(damage, words.say(&format!("damage-{damage}")).into_owned())
                    .note(words.say_with("pick-price", &note).into_owned())
            })
            .collect();
        let numbers: Vec<String> = photos.iter().map(u32::to_string).collect();
        let image = |number: &str| {
            let address = format!("/claims/{}/photos/{number}", self.claim);
            html! { img src=(address) alt="" loading="lazy" decoding="async"; }
        };
        let choices: Vec<_> = numbers
            .iter()
            .map(|number| {
                let name = words.say_with("pick-photo-number", &[("number", number.as_str().into())]);
                Choice::new(number, name.into_owned()).picture(image(number))
            })
            .collect();
        // With a single photo there is nothing to choose.
        let chosen = match (form.text(&shot), &numbers[..]) {
            ("", [only]) => only,
            (chosen, _) => chosen,
        };
        html! {
            section.part-looks {
                (hidden("part", &part.part))
                h2 { (words.say(&format!("part-{}", part.part))) }
                div.two { (Field::new(words, &looks, "pick-looks").checked(mistakes).radios(&damages, form.text(&looks))) }
                @if !choices.is_empty() {
                    div.shots { (Field::new(words, &shot, "pick-photo").optional().pictures(&choices, chosen)) }
                }
            }
        }
    }

    fn photos_first(&self) -> Markup {
        let words = self.viewer.words();
        notice(
            Tone::Amber,
            &words.say("pick-no-photos"),
            html! {
                p { (words.say("pick-no-photos-note")) }
                p { a.button href={ "/claims/" (self.claim) "/photos?kind=photo-damage" } { (icon("camera")) (words.say("pick-take-photos")) } }
            },
        )
    }
}

fn is_pick(name: &str) -> bool {
    name == "part" || name.starts_with("damage-") || name.starts_with("photo-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::words::Lang;

    #[test]
    fn every_part_says_how_it_looks() {
        let words = Words::of(Lang::Zh);
        let form =
            Form::parse("part=hood&damage-hood=dent&photo-hood=3&part=roof&damage-roof=scratch&photo-roof=");
        let found = picks(&form, words).unwrap();
        assert_eq!(
            (found[0].part.as_str(), found[0].damage, found[0].photo),
            ("hood", Damage::Dent, Some(3))
        );
        assert_eq!((found[1].part.as_str(), found[1].photo), ("roof", None));
        let mistakes = picks(&Form::parse("part=hood&part=roof&damage-roof=melted"), words).unwrap_err();
        assert!(mistakes.at("damage-hood").is_some() && mistakes.at("damage-roof").is_some());
    }
}
