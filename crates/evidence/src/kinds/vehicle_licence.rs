//! 行驶证

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// The vehicle licence (行驶证).
pub(super) static KIND: Kind = Kind {
    code: "vehicle-licence",
    family: Family::Paper,
    personal: true,
    pictures: 1..=4,
    media: &PAPER_MEDIA,
    sides: &[
        Side {
            name: "front",
            needed: true,
            fields: &[
                needed("plate", Form::Identifier(identifier::Kind::Plate)),
                needed("vehicle_type", Form::Text),
                needed("owner", Form::Text),
                extra("address", Form::Text),
                needed("use", Form::Text),
                extra("model", Form::Text),
                needed("vin", Form::Identifier(identifier::Kind::Vin)),
                extra("engine_no", Form::Text),
                needed("registered_on", Form::Date),
                extra("issued_on", Form::Date),
            ],
        },
        Side {
            name: "back",
            needed: true,
            fields: &[
                needed("plate", Form::Identifier(identifier::Kind::Plate)),
                extra("file_no", Form::Digits),
                extra("seats", Form::Digits),
                extra("gross_mass_kg", Form::Digits),
                extra("curb_mass_kg", Form::Digits),
                extra("load_mass_kg", Form::Digits),
                extra("dimensions_mm", Form::Text),
                needed("inspection_valid_until", Form::Month),
            ],
        },
    ],
};
