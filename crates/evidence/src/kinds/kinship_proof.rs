//! 亲属关系证明

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// Proof of who the relatives are (亲属关系证明).
pub(super) static KIND: Kind = Kind {
    code: "kinship-proof",
    family: Family::Paper,
    personal: true,
    pictures: 1..=10,
    media: &PAPER_MEDIA,
    sides: &[],
};
