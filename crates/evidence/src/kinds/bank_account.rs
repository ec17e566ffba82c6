//! 收款账户

use crate::kind::{Family, Form, Kind, Side, needed};

/// An account typed into a form: name, bank and number (收款账户).
pub(super) static KIND: Kind = Kind {
    code: "bank-account",
    family: Family::Entry,
    personal: true,
    pictures: 0..=0,
    media: &[],
    sides: &[Side {
        name: "",
        needed: true,
        fields: &[needed("name", Form::Text), needed("bank", Form::Text), needed("number", Form::Text)],
    }],
};
