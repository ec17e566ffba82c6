//! Recounts the money of the whole journal: every posting sums to zero, every account agrees with the books, every total that is
//! shown agrees with the accounts.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use anyhow::{Result, anyhow};
use books::{AccountCode, Books};
use claim::Event as ClaimEvent;
use insight::view::{Value, Views};
use insight::{MONEY, MoneyRow};
use journal::{Decider, Event, Journal, Recorded, StreamId};
use lexicon::{BlobId, Money};

/// Entries read at once.
const BATCH: usize = 2_048;

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Count {
    /// Claims with books.
    pub(crate) claims: u64,
    /// Events of money.
    pub(crate) events: u64,
    /// The balance of every account over all claims, in fen.
    pub(crate) accounts: BTreeMap<AccountCode, i128>,
    /// What does not agree.
    pub(crate) differences: Vec<Difference>,
    /// The files that claims refer to.
    pub(crate) blobs: Vec<BlobId>,
}

/// Money that does not agree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The postings of an event leave something over.
    Unbalanced { stream: StreamId, version: u64, over: i128 },
    /// The postings of all events give another balance than the books.
    Balance { stream: StreamId, account: AccountCode, posted: i128, books: Money },
    /// The view shows another total than the accounts give.
    Shown { claim: String, total: &'static str, accounts: i128, shown: i128 },
    /// An event of money cannot be read.
    Unread { stream: StreamId, version: u64, problem: String },
}

/// The books of one claim, counted twice.
#[derive(Default)]
struct Counted {
    books: Books,
    posted: BTreeMap<AccountCode, i128>,
}

/// Counts the whole journal. `progress` hears how many entries of how many are done.
pub(crate) async fn count(
    journal: &dyn Journal,
    views: &dyn Views,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Count> {
    let head = *journal.head().borrow();
    let mut count = Count::default();
    let mut claims: HashMap<StreamId, Counted> = HashMap::new();
    let mut position = 0;
    while position < head {
        let entries = journal.read(position, BATCH).await.map_err(|problem| anyhow!("{problem}"))?;
        let Some(last) = entries.last() else { break };
        position = last.position;
        for entry in &entries {
            match entry.stream.category() {
                books::Event::CATEGORY => count.hear(entry, claims.entry(entry.stream.clone()).or_default()),
                ClaimEvent::CATEGORY if &*entry.name == "EvidenceAccepted" => {
                    if let Ok(ClaimEvent::EvidenceAccepted(file)) = entry.decode() {
                        count.blobs.extend([file.original, file.shown]);
                    }
                }
                _ => {}
            }
        }
        progress(position.min(head), head);
    }
    let mut claims: Vec<_> = claims.into_iter().collect();
    claims.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (stream, counted) in claims {
        let key = vec![Value::from(stream.id()), Value::from("")];
        let row = views.get(&MONEY, key).await.map_err(|problem| anyhow!("{problem}"))?;
        let row = row.map(|row| MoneyRow::read(&MONEY, &row)).transpose()?;
        count.close(stream, &counted, row.as_ref());
    }
    Ok(count)
}

impl Count {
    fn hear(&mut self, entry: &Recorded, counted: &mut Counted) {
        self.events += 1;
        let event: books::Event = match entry.decode() {
            Ok(event) => event,
            Err(problem) => {
                let (stream, version, problem) = (entry.stream.clone(), entry.version, problem.to_string());
                return self.differences.push(Difference::Unread { stream, version, problem });
            }
        };
        let mut over = 0;
        for posting in books::postings(&event, &counted.books) {
            let amount = i128::from(posting.amount.fen());
            over += amount;
            *counted.posted.entry(posting.account).or_default() += amount;
        }
        if over != 0 {
            let (stream, version) = (entry.stream.clone(), entry.version);
            self.differences.push(Difference::Unbalanced { stream, version, over });
        }
        counted.books = Books::evolve(std::mem::take(&mut counted.books), &event);
    }

    /// The end of one claim's books: accounts against the books, and against what the view shows.
    fn close(&mut self, stream: StreamId, counted: &Counted, shown: Option<&MoneyRow>) {
        self.claims += 1;
        let of = |account| counted.posted.get(&account).copied().unwrap_or(0);
        for (account, books) in counted.books.balances() {
            *self.accounts.entry(account).or_default() += of(account);
            if of(account) != i128::from(books.fen()) {
                let (stream, posted) = (stream.clone(), of(account));
                self.differences.push(Difference::Balance { stream, account, posted, books });
            }
        }
        let reserved = of(AccountCode::ClaimsIncurred);
        let ordered = reserved + of(AccountCode::OutstandingReserve);
        let paid = ordered + of(AccountCode::PaymentsInTransit);
        let expected = -of(AccountCode::RecoveriesIncome);
        let received = expected - of(AccountCode::RecoveriesReceivable);
        let fen = |amount: fn(&MoneyRow) -> Money| shown.map_or(0, |row| i128::from(amount(row).fen()));
        for (total, accounts, shown) in [
            ("reserved", reserved, fen(|row| row.reserved)),
            ("ordered", ordered, fen(|row| row.ordered)),
            ("paid", paid, fen(|row| row.paid)),
            ("expected", expected, fen(|row| row.expected)),
            ("received", received, fen(|row| row.received)),
        ] {
            if accounts != shown {
                let claim = stream.id().to_owned();
                self.differences.push(Difference::Shown { claim, total, accounts, shown });
            }
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Unbalanced { stream, version, over } => {
                write!(f, "stream {stream}: the postings of version {version} leave {over} fen over")
            }
            Difference::Balance { stream, account, posted, books } => {
                let (account, books) = (account.word(), books.fen());
                write!(f, "stream {stream}: {account} is posted at {posted} fen, the books say {books}")
            }
            Difference::Shown { claim, total, accounts, shown } => {
                write!(f, "claim {claim}: {total} is {accounts} fen by the accounts, shown as {shown}")
            }
            Difference::Unread { stream, version, problem } => {
                write!(f, "stream {stream}: version {version} cannot be read: {problem}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use books::{Event, Reserved};
    use journal::Event as _;

    use super::*;

    fn reserved(before: i64, after: i64) -> Event {
        let exposure = "i1.own-damage.v0".parse().unwrap();
        let (before, after) = (Money::from_fen(before), Money::from_fen(after));
        Event::Reserved(Reserved { exposure, before, after })
    }

    fn entry(version: u64, event: &Event) -> Recorded {
        let encoded = event.encode();
        Recorded {
            position: version,
            stream: "books-c1".parse().unwrap(),
            version,
            name: encoded.name.into(),
            shape: encoded.shape,
            at: lexicon::Moment::from_micros(0),
            actor: journal::Actor::system("test"),
            caused_by: None,
            data: encoded.data.into(),
            hash: journal::Hash::START,
            decoded: journal::Decoded::default(),
        }
    }

    fn row(reserved: i64) -> MoneyRow {
        MoneyRow {
            claim: "c1".to_owned(),
            item: String::new(),
            exposure: None,
            party: None,
            status: None,
            attempts: 0,
            bank: None,
            ordered_at: None,
            changed_at: lexicon::Moment::from_micros(0),
            reserved: Money::from_fen(reserved),
            ordered: Money::ZERO,
            paid: Money::ZERO,
            expected: Money::ZERO,
            received: Money::ZERO,
        }
    }

    #[test]
    fn a_total_that_the_accounts_do_not_give_is_a_difference() {
        for (shown, sound) in [(Some(70), true), (Some(71), false), (None, false)] {
            let (mut count, mut counted) = (Count::default(), Counted::default());
            count.hear(&entry(1, &reserved(0, 100)), &mut counted);
            count.hear(&entry(2, &reserved(100, 70)), &mut counted);
            count.close("books-c1".parse().unwrap(), &counted, shown.map(row).as_ref());
            assert_eq!(count.differences.is_empty(), sound, "{shown:?}: {:?}", count.differences);
            assert_eq!(count.accounts[&AccountCode::OutstandingReserve], -70);
        }
    }

    #[test]
    fn an_event_that_cannot_be_read_is_a_difference() {
        let (mut count, mut counted) = (Count::default(), Counted::default());
        let damaged = Recorded { data: "{}".into(), ..entry(1, &reserved(0, 100)) };
        count.hear(&damaged, &mut counted);
        assert!(matches!(count.differences[..], [Difference::Unread { version: 1, .. }]));
    }
}
