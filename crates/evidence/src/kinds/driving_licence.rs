//! 驾驶证

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// The driving licence (驾驶证).
pub(super) static KIND: Kind = Kind {
    code: "driving-licence",
    family: Family::Paper,
    personal: true,
    pictures: 1..=4,
    media: &PAPER_MEDIA,
    sides: &[
        Side {
            name: "front",
            needed: true,
            fields: &[
                needed("licence_no", Form::Identifier(identifier::Kind::IdNumber)),
                needed("name", Form::Text),
                extra("sex", Form::Text),
                extra("nationality", Form::Text),
                extra("address", Form::Text),
                extra("birth_on", Form::Date),
                needed("first_issued_on", Form::Date),
                needed("class", Form::Text),
                needed("valid_from", Form::Date),
                needed("valid_until", Form::DateOrLongTerm),
            ],
        },
        Side {
            name: "back",
            needed: false,
            fields: &[
                needed("licence_no", Form::Identifier(identifier::Kind::IdNumber)),
                needed("name", Form::Text),
                needed("file_no", Form::Digits),
            ],
        },
    ],
};
