//! 银行卡

use lexicon::identifier;

use crate::kind::{Family, Form, Kind, PAPER_MEDIA, Side, extra, needed};

/// The bank card to be paid to (银行卡).
pub(super) static KIND: Kind = Kind {
    code: "bank-card",
    family: Family::Paper,
    personal: true,
    pictures: 1..=2,
    media: &PAPER_MEDIA,
    sides: &[Side {
        name: "front",
        needed: true,
        fields: &[
            needed("number", Form::Identifier(identifier::Kind::BankCard)),
            extra("bank", Form::Text),
            extra("valid_thru", Form::Month),
        ],
    }],
};
