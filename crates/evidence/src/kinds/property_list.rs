//! 财产损失清单

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// A list of damaged property beside the vehicles (财产损失清单).
pub(super) static KIND: Kind = Kind {
    code: "property-list",
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
                    needed("item", Form::Text),
                    extra("quantity", Form::Digits),
                    needed("amount", Form::Money),
                ]),
            ),
            needed("total_amount", Form::Money),
        ],
    }],
};
