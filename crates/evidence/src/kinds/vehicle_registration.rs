//! 机动车登记证书

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// The vehicle’s registration certificate (机动车登记证书).
pub(super) static KIND: Kind = Kind {
    code: "vehicle-registration",
    family: Family::Paper,
    personal: true,
    pictures: 1..=10,
    media: &PAPER_MEDIA,
    sides: &[],
};
