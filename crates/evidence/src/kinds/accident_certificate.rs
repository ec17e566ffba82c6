//! 道路交通事故认定书

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, needed};

/// The finding of the traffic police (道路交通事故认定书).
pub(super) static KIND: Kind = Kind {
    code: "accident-certificate",
    family: Family::Paper,
    personal: true,
    pictures: 1..=10,
    media: &PAPER_MEDIA,
    sides: &[Side {
        name: "front",
        needed: true,
        fields: &[
            needed("number", Form::Text),
            needed("occurred_at", Form::Time),
            needed("place", Form::Text),
            needed(
                "parties",
                Form::List(&[
                    needed("name", Form::Text),
                    needed("plate", Form::Identifier(identifier::Kind::Plate)),
                    needed("fault", Form::Share),
                ]),
            ),
        ],
    }],
};
