//! 伤残鉴定意见书

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// The expert’s grading of a disability (伤残鉴定意见书).
pub(super) static KIND: Kind = Kind {
    code: "disability-report",
    family: Family::Paper,
    personal: true,
    pictures: 1..=30,
    media: &PAPER_MEDIA,
    sides: &[],
};
