//! 车架号照片

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PHOTO_MEDIA, Side, needed};

/// A photo of the VIN on the car (车架号照片).
pub(super) static KIND: Kind = Kind {
    code: "vin-plate",
    family: Family::Photo,
    personal: false,
    pictures: 1..=4,
    media: &PHOTO_MEDIA,
    sides: &[Side {
        name: "",
        needed: true,
        fields: &[needed("vin", Form::Identifier(identifier::Kind::Vin))],
    }],
};
