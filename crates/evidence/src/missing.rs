//! What is still missing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::KindCode;

/// Something that a claim needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Why it is needed: the code of the line in the table of papers.
    pub code: Arc<str>,
    /// The kinds that meet it; any one will do.
    pub any_of: Vec<KindCode>,
    /// What it must be about, such as one vehicle or one damage line; `None` when that does not matter.
    pub about: Option<Arc<str>>,
    /// How many pictures are needed; of a paper with sides, how many of each needed side.
    pub count: u16,
}

/// One picture or page that was accepted, or one entry typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Have {
    /// What it is.
    pub kind: KindCode,
    /// What it is about.
    pub about: Option<Arc<str>>,
    /// Which side it shows; `None` when nobody said, then it stands for a side that is not there yet.
    pub side: Option<Arc<str>>,
}

/// Something to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The requirement that is not met.
    pub code: Arc<str>,
    /// The kinds that would meet it; any one will do.
    pub any_of: Vec<KindCode>,
    /// What it must be about.
    pub about: Option<Arc<str>>,
    /// The sides that lack; empty when the whole is asked for.
    pub sides: Vec<Arc<str>>,
    /// How many pictures lack (of each side).
    pub count: u16,
}

/// All that is missing, in the order of `required`: the complete list, so that nobody is asked twice.
pub fn missing(required: &[Requirement], have: &[Have]) -> Vec<Missing> {
    required.iter().filter_map(|requirement| lack(requirement, have)).collect()
}

fn lack(requirement: &Requirement, have: &[Have]) -> Option<Missing> {
    let fits = |item: &&Have| requirement.about.is_none() || item.about == requirement.about;
    let have: Vec<&Have> = have.iter().filter(fits).collect();
    // Of alternatives, the one that was begun is asked to be completed; with none begun, any is asked for.
    let whole = Missing {
        code: requirement.code.clone(),
        any_of: requirement.any_of.clone(),
        about: requirement.about.clone(),
        sides: Vec::new(),
        count: requirement.count,
    };
    let mut begun: Option<Missing> = None;
    for &kind in &requirement.any_of {
        let pictures: Vec<&Have> = have.iter().copied().filter(|item| item.kind == kind).collect();
        let (sides, count) = lack_of(kind, requirement.count, &pictures);
        if count == 0 {
            return None;
        }
        if !pictures.is_empty() && begun.as_ref().is_none_or(|best| count < best.count) {
            begun = Some(Missing { any_of: vec![kind], sides, count, ..whole.clone() });
        }
    }
    Some(begun.unwrap_or(whole))
}

/// The sides that lack and how many pictures of them (the most of any side).
fn lack_of(kind: KindCode, needed: u16, pictures: &[&Have]) -> (Vec<Arc<str>>, u16) {
    let count =
        |side: Option<&str>| pictures.iter().filter(|item| item.side.as_deref() == side).count() as u16;
    let sides: Vec<&str> =
        kind.sides.iter().filter(|side| side.needed && !side.name.is_empty()).map(|side| side.name).collect();
    if sides.len() < 2 {
        return (Vec::new(), needed.saturating_sub(pictures.len() as u16));
    }
    let mut unsaid = count(None);
    let mut lacking = Vec::new();
    let mut most = 0;
    for side in sides {
        let open = needed.saturating_sub(count(Some(side)));
        let filled = open.min(unsaid);
        unsaid -= filled;
        if open > filled {
            lacking.push(side.into());
            most = most.max(open - filled);
        }
    }
    (lacking, most)
}
