//! 维修清单

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// A workshop’s estimate (维修清单).
pub(super) static KIND: Kind = Kind {
    code: "repair-estimate",
    family: Family::Paper,
    personal: false,
    pictures: 1..=10,
    media: &PAPER_MEDIA,
    sides: &[Side {
        name: "front",
        needed: true,
        fields: &[
            needed(
                "lines",
                Form::List(&[
                    needed("part", Form::Text),
                    needed("operation", Form::Text),
                    extra("quantity", Form::Digits),
                    needed("amount", Form::Money),
                ]),
            ),
            needed("total_amount", Form::Money),
        ],
    }],
};
