//! Photos: a strip of small ones, one large.

use app::words::Words;
use maud::{Markup, html};

use super::icon;

/// A photo.
#[derive(Clone, Debug)]
pub struct Photo {
    /// Its name: what it shows.
    pub name: String,
    /// The address of the copy for showing; without one it is still being looked at.
    pub shown: Option<String>,
    /// Where its own view is.
    pub href: String,
    /// Whether it is the one shown large.
    pub current: bool,
}

/// Small ones, each with its name beneath.
pub fn grid(words: &Words, photos: &[Photo]) -> Markup {
    html! {
        ul.photos {
            @for photo in photos {
                li {
                    a.photo href=(photo.href) aria-current=[photo.current.then_some("true")] {
                        span.photo-frame { (frame(photo, true)) }
                        span.unseen { (words.say_with("photo-open", &[("name", photo.name.as_str().into())])) }
                        span aria-hidden="true" { (photo.name) }
                    }
                }
            }
        }
    }
}

/// One, as large as its place.
pub fn large(photo: &Photo) -> Markup {
    html! {
        figure.photo.photo-large {
            span.photo-frame { (frame(photo, false)) }
            figcaption { (photo.name) }
        }
    }
}

/// In the strip the name beneath already says what it is.
fn frame(photo: &Photo, named_beneath: bool) -> Markup {
    html! {
        @match &photo.shown {
            Some(address) => img src=(address) alt=(if named_beneath { "" } else { &photo.name }) loading="lazy" decoding="async";,
            None => (icon("image")),
        }
    }
}
