//! 损伤细节照片

use crate::kind::{Family, Kind, PHOTO_MEDIA};

/// One damage, close up (损伤细节照片).
pub(super) static KIND: Kind = Kind {
    code: "photo-damage",
    family: Family::Photo,
    personal: false,
    pictures: 1..=30,
    media: &PHOTO_MEDIA,
    sides: &[],
};
