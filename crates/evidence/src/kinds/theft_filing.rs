//! 盗抢立案证明

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// The filing of a theft with the police (盗抢立案证明).
pub(super) static KIND: Kind = Kind {
    code: "theft-filing",
    family: Family::Paper,
    personal: true,
    pictures: 1..=4,
    media: &PAPER_MEDIA,
    sides: &[],
};
