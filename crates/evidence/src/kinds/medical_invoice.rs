//! 医疗费票据

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, needed};

/// Bills of the hospital (医疗费票据).
pub(super) static KIND: Kind = Kind {
    code: "medical-invoice",
    family: Family::Paper,
    personal: true,
    pictures: 1..=60,
    media: &PAPER_MEDIA,
    sides: &[Side {
        name: "front",
        needed: true,
        fields: &[
            needed("number", Form::Text),
            needed("issued_on", Form::Date),
            needed("name", Form::Text),
            needed("total_amount", Form::Money),
        ],
    }],
};
