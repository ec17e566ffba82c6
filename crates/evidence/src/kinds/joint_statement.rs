//! 当事人自行协商协议书

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// What the parties agreed on the spot, with all that the rules for the handling of accidents ask for (art. 21) (当事人自行协商协议书).
pub(super) static KIND: Kind = Kind {
    code: "joint-statement",
    family: Family::Paper,
    personal: true,
    pictures: 1..=4,
    media: &PAPER_MEDIA,
    sides: &[Side {
        name: "front",
        needed: true,
        fields: &[
            needed("occurred_at", Form::Time),
            needed("place", Form::Text),
            extra("weather", Form::Text),
            needed("accident_form", Form::Text),
            needed("point_of_impact", Form::Text),
            needed(
                "parties",
                Form::List(&[
                    needed("name", Form::Text),
                    needed("id_number", Form::Identifier(identifier::Kind::IdNumber)),
                    needed("phone", Form::Identifier(identifier::Kind::Phone)),
                    needed("plate", Form::Identifier(identifier::Kind::Plate)),
                    extra("vehicle_type", Form::Text),
                    needed("insurer", Form::Text),
                    extra("policy_number", Form::Text),
                    needed("fault", Form::Share),
                ]),
            ),
        ],
    }],
};
