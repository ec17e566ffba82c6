//! 发票

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// A VAT invoice, on paper or all-digital (发票).
pub(super) static KIND: Kind = Kind {
    code: "invoice",
    family: Family::Paper,
    personal: true,
    pictures: 1..=10,
    media: &PAPER_MEDIA,
    sides: &[Side {
        name: "front",
        needed: true,
        fields: &[
            extra("code", Form::Digits),
            needed("number", Form::Digits),
            needed("issued_on", Form::Date),
            needed("seller_name", Form::Text),
            needed("seller_tax_no", Form::Identifier(identifier::Kind::Uscc)),
            needed("buyer_name", Form::Text),
            extra("buyer_tax_no", Form::Text),
            needed("net_amount", Form::Money),
            needed("tax_amount", Form::Money),
            needed("total_amount", Form::Money),
            extra("check_code", Form::Digits),
        ],
    }],
};
