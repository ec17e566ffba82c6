//! `/design`: every component with invented content, and whole screens made of them. No data of anybody.

mod gallery;
mod screens;

use axum::extract::Path;
use lexicon::{Moment, Money};
use maud::Markup;

use crate::{Problem, Viewer};

/// `GET /design`
pub(crate) async fn parts(viewer: Viewer) -> Markup {
    gallery::page(&viewer)
}

/// `GET /design/{screen}`
pub(crate) async fn screen(viewer: Viewer, Path(screen): Path<String>) -> Result<Markup, Problem> {
    match screen.as_str() {
        "home" => Ok(screens::home(&viewer)),
        "cause" => Ok(screens::cause(&viewer)),
        "damage" => Ok(screens::damage(&viewer)),
        "progress" => Ok(screens::progress(&viewer)),
        "work" => Ok(screens::work(&viewer)),
        "claim" => Ok(screens::claim(&viewer)),
        "overview" => Ok(screens::overview(&viewer)),
        _ => Err(Problem::not_found()),
    }
}

/// An invented time, so that the screens read the same whenever they are opened.
const fn now() -> Moment {
    Moment::from_micros(1_777_705_200_000_000)
}

const fn minutes(count: i64) -> Moment {
    now().plus_seconds(count * 60)
}

const fn yuan(fen: i64) -> Money {
    Money::from_fen(fen)
}
