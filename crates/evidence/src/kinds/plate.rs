//! 车牌照片

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PHOTO_MEDIA, Side, needed};

/// A photo that shows the number plate (车牌照片).
pub(super) static KIND: Kind = Kind {
    code: "plate",
    family: Family::Photo,
    personal: false,
    pictures: 1..=4,
    media: &PHOTO_MEDIA,
    sides: &[Side {
        name: "",
        needed: true,
        fields: &[needed("plate", Form::Identifier(identifier::Kind::Plate))],
    }],
};
