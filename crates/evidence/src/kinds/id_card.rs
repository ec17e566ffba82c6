//! 居民身份证

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// The identity card (居民身份证).
pub(super) static KIND: Kind = Kind {
    code: "id-card",
    family: Family::Paper,
    personal: true,
    pictures: 1..=4,
    media: &PAPER_MEDIA,
    sides: &[
        Side {
            name: "front",
            needed: true,
            fields: &[
                needed("name", Form::Text),
                extra("sex", Form::Text),
                extra("ethnicity", Form::Text),
                extra("birth_on", Form::Date),
                extra("address", Form::Text),
                needed("id_number", Form::Identifier(identifier::Kind::IdNumber)),
            ],
        },
        Side {
            name: "back",
            needed: true,
            fields: &[
                extra("authority", Form::Text),
                needed("valid_from", Form::Date),
                needed("valid_until", Form::DateOrLongTerm),
            ],
        },
    ],
};
