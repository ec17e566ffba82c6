//! Which of the declared views serve, and how far each has heard: the same for every backend that keeps them as tables.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use insight::view::{Kind, View};
use journal::Unavailable;

/// The declared views, as they stand.
pub(crate) struct Serving {
    views: &'static [&'static View],
    /// Whether the table of each view serves; it does not while its first one is in the making.
    serving: Vec<AtomicBool>,
    /// How far each trailing view has heard.
    heard: Vec<AtomicU64>,
}

impl Serving {
    /// All of `views` serve but those at the places `stale`. None has heard anything yet.
    pub(crate) fn new(views: &'static [&'static View], stale: &[usize]) -> Serving {
        Serving {
            views,
            serving: (0..views.len()).map(|place| AtomicBool::new(!stale.contains(&place))).collect(),
            heard: views.iter().map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Whether the view at `place` serves.
    pub(crate) fn serves(&self, place: usize) -> bool {
        self.serving[place].load(Ordering::Acquire)
    }

    /// The view at `place` serves from now on.
    pub(crate) fn start(&self, place: usize) {
        self.serving[place].store(true, Ordering::Release);
    }

    /// The view at `place` has heard everything up to `position`.
    pub(crate) fn told(&self, place: usize, position: u64) {
        self.heard[place].store(position, Ordering::Release);
    }

    /// The place of the view called `name` among the declared.
    pub(crate) fn place_of(&self, name: &str) -> Result<usize, Unavailable> {
        self.views.iter().position(|view| view.name == name).ok_or_else(|| crate::undeclared(name))
    }

    /// The place of `view`, when it serves.
    pub(crate) fn check(&self, view: &View) -> Result<usize, Unavailable> {
        let place = self.place_of(view.name)?;
        match self.serves(place) {
            true => Ok(place),
            false => Err(Unavailable(format!("view {} is being made anew", view.name))),
        }
    }

    /// How far each trailing view is behind `head`, by its name.
    pub(crate) fn lags(&self, head: u64) -> Vec<(&'static str, u64)> {
        let trailing = self.views.iter().zip(&self.heard).filter(|(view, _)| view.kind == Kind::Trailing);
        trailing
            .map(|(view, heard)| (view.name, head.saturating_sub(heard.load(Ordering::Acquire))))
            .collect()
    }
}
