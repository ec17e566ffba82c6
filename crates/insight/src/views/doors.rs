//! Doors for other systems: addresses, the messages that wait or are dead, and the tokens of programs.

use identity::Event as AccountEvent;
use identity::door::{DeliveryEvent, EndpointEvent};
use journal::Recorded;
use lexicon::Moment;

use super::{id, sealed};
use crate::view::{FoldError, Index, Kind, Rows, Value, View};

crate::row! {
    /// An address that is told of what happens.
    pub struct EndpointRow {
        /// The address's id.
        endpoint: String,
        /// Who registered it.
        owner: String,
        /// Of whose claims it is told, by word.
        sees: String,
        /// Where messages go.
        url: String,
        /// Of what it is told, with blanks between; of everything where nothing is named.
        types: String,
        /// Whether it is told.
        enabled: bool,
        /// Why it is told nothing, by word.
        ended: Option<String>,
        /// When it was registered.
        registered_at: Moment,
        /// When it was last changed.
        changed_at: Moment,
    }
}

crate::row! {
    /// A message that waits, or is a dead letter. One that was taken has no row.
    pub struct DeliveryRow {
        /// The address.
        endpoint: String,
        /// The position of the entry that it tells of.
        position: u64,
        /// Its id.
        event: String,
        /// Its type.
        kind: String,
        /// The claim it is about.
        claim: String,
        /// `waiting` or `dead`.
        status: String,
        /// When it is due; nothing while earlier ones of its claim wait.
        due: Option<Moment>,
        /// How often it was tried.
        attempts: u64,
        /// What the receiver last answered, as a code.
        answer: Option<String>,
        /// The status of that answer.
        answer_status: Option<u64>,
        /// How its body begins, sealed.
        answer_text: Option<String>,
        /// Why it is dead, by word.
        why: Option<String>,
        /// When it was first held.
        held_at: Moment,
        /// When it last changed.
        changed_at: Moment,
    }
}

crate::row! {
    /// A program's token that was not revoked.
    pub struct TokenRow {
        /// SHA-256 of the token, hexadecimal.
        token_hash: String,
        /// Whose.
        account: String,
        /// What it is for.
        label: String,
        /// To what it is narrowed, with blanks between; nothing where it is not.
        scopes: Option<String>,
        /// When it was issued.
        issued_at: Moment,
        /// From when on it is not heard.
        expires_at: Moment,
    }
}

/// Addresses that are told of what happens.
pub static ENDPOINTS: View = View {
    name: "endpoints",
    version: 1,
    kind: Kind::Inline,
    categories: &["endpoint"],
    columns: EndpointRow::COLUMNS,
    key: 1,
    indexes: &[
        Index { name: "by_time", columns: &["registered_at"] },
        Index { name: "by_owner", columns: &["owner", "registered_at"] },
        Index { name: "by_enabled", columns: &["enabled"] },
    ],
    fold: fold_endpoints,
};

/// Messages that wait, or are dead letters.
pub static DELIVERIES: View = View {
    name: "deliveries",
    version: 1,
    kind: Kind::Inline,
    categories: &["delivery"],
    columns: DeliveryRow::COLUMNS,
    key: 2,
    indexes: &[
        Index { name: "by_due", columns: &["endpoint", "status", "due"] },
        Index { name: "by_claim", columns: &["endpoint", "status", "claim"] },
        Index { name: "by_endpoint", columns: &["endpoint", "status", "changed_at"] },
        Index { name: "by_status", columns: &["status", "changed_at"] },
    ],
    fold: fold_deliveries,
};

/// Tokens of programs.
pub static TOKENS: View = View {
    name: "tokens",
    version: 1,
    kind: Kind::Inline,
    categories: &["account"],
    columns: TokenRow::COLUMNS,
    key: 1,
    indexes: &[
        Index { name: "by_time", columns: &["issued_at"] },
        Index { name: "by_account", columns: &["account", "issued_at"] },
    ],
    fold: fold_tokens,
};

fn fold_endpoints(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let known = rows.get(&[id(entry)])?;
    let known = known.map(|row| EndpointRow::read(&ENDPOINTS, &row)).transpose()?;
    let row = match (entry.decode()?, known) {
        (EndpointEvent::EndpointRegistered(registered), None) => EndpointRow {
            endpoint: entry.stream.id().to_owned(),
            owner: registered.owner.to_string(),
            sees: registered.sees.word().to_owned(),
            url: registered.url,
            types: registered.types.into_iter().collect::<Vec<_>>().join(" "),
            enabled: true,
            ended: None,
            registered_at: entry.at,
            changed_at: entry.at,
        },
        (EndpointEvent::EndpointDisabled(disabled), Some(row)) => EndpointRow {
            enabled: false,
            ended: Some(disabled.why.word().to_owned()),
            changed_at: entry.at,
            ..row
        },
        (EndpointEvent::EndpointEnabled(_), Some(row)) => {
            EndpointRow { enabled: true, ended: None, changed_at: entry.at, ..row }
        }
        (EndpointEvent::SecretRotated(_), Some(row)) => EndpointRow { changed_at: entry.at, ..row },
        _ => return Ok(()),
    };
    rows.put(row.write())
}

fn fold_deliveries(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let event = entry.decode()?;
    if let DeliveryEvent::DeliveryHeld(held) = event {
        let row = DeliveryRow {
            endpoint: held.message.endpoint,
            position: held.message.position,
            event: held.message.event,
            kind: held.message.kind,
            claim: held.message.claim,
            status: "waiting".to_owned(),
            due: held.due,
            attempts: 0,
            answer: None,
            answer_status: None,
            answer_text: None,
            why: None,
            held_at: entry.at,
            changed_at: entry.at,
        };
        return rows.put(row.write());
    }
    // The stream tells address and position: `<endpoint>.<position>`.
    let Some((endpoint, position)) = entry.stream.id().rsplit_once('.') else { return Ok(()) };
    let Ok(position) = position.parse::<i64>() else { return Ok(()) };
    let key = [Value::from(endpoint), Value::Integer(position)];
    let Some(row) = rows.get(&key)? else { return Ok(()) };
    let row = DeliveryRow { changed_at: entry.at, ..DeliveryRow::read(&DELIVERIES, &row)? };
    let row = match event {
        DeliveryEvent::DeliveryFailed(failed) => DeliveryRow {
            due: Some(failed.retry_at),
            attempts: u64::from(failed.attempts),
            answer: Some(failed.answer.code),
            answer_status: failed.answer.status.map(u64::from),
            answer_text: failed.answer.text.as_ref().map(sealed).transpose()?,
            ..row
        },
        DeliveryEvent::DeliveryGivenUp(given_up) => DeliveryRow {
            status: "dead".to_owned(),
            due: None,
            why: Some(given_up.why.word().to_owned()),
            ..row
        },
        DeliveryEvent::DeliveryReplayed(replayed) => DeliveryRow {
            status: "waiting".to_owned(),
            due: Some(replayed.at),
            attempts: 0,
            why: None,
            ..row
        },
        DeliveryEvent::DeliveryMade(_) => return rows.remove(&key),
        DeliveryEvent::DeliveryHeld(_) => return Ok(()),
    };
    rows.put(row.write())
}

fn fold_tokens(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    match entry.decode()? {
        AccountEvent::TokenIssued(issued) => rows.put(
            TokenRow {
                token_hash: issued.token_hash,
                account: entry.stream.id().to_owned(),
                label: issued.label,
                scopes: issued
                    .scopes
                    .map(|scopes| scopes.into_iter().map(|scope| scope.word()).collect::<Vec<_>>().join(" ")),
                issued_at: entry.at,
                expires_at: issued.expires_at,
            }
            .write(),
        ),
        AccountEvent::TokenRevoked(revoked) => rows.remove(&[Value::from(revoked.token_hash)]),
        _ => Ok(()),
    }
}
