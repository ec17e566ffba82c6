//! Messages to the customer on every change of state.

use std::time::Duration;

use books::Books;
use claim::Claim;
use customer::{Command, Contact, Language};
use lexicon::{ClaimId, Moment, Money, PaymentId, Phone, Private, Reason};
use serde_json::json;

use super::notice::subject_of;
use crate::app::App;
use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::ports::{Channel, Letter};
use crate::principal::Request;
use crate::reactions::TO_REPORTER;
use crate::words::{Arg, Lang, Words};

/// How long the provider may take before a message is tried again later.
const PROVIDER_ANSWER_MAX: Duration = Duration::from_secs(10);

impl App {
    /// Queues the message of `template` that the entry at `cause` gives rise to. The id tells the cause, so a repeat queues
    /// nothing. A message about a payment names the amount of that payment, any other what was approved in all.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub(crate) async fn tell(
        &self,
        claim: &ClaimId,
        payment: Option<&PaymentId>,
        template: &'static str,
        cause: u64,
    ) -> Result<(), Failure> {
        let state = self.streams().load::<claim::Claims>(claim).await?.state;
        let Some(notice) = &state.notice else { return Ok(()) };
        let contact = match TO_REPORTER.contains(&template) {
            true => self.reporter_at(&state, cause).await?,
            false => Some(notice.contact.clone()),
        };
        let Some(contact) = contact else { return Ok(()) };
        // Who was erased gets no message.
        let Some(contact) = contact.open(self.vault(), Reason::Message)?.known() else {
            return Ok(());
        };
        // A number that cannot be called was taken down as it was told.
        let Ok(phone) = contact.phone.parse::<Phone>() else { return Ok(()) };
        let to = Private::seal(self.vault(), &subject_of(claim)?, &phone)?;
        let amount = match payment {
            Some(payment) => {
                let books = self.streams().load::<Books>(claim).await?.state;
                books.payment(payment).map_or(Money::ZERO, |payment| payment.amount)
            }
            None => state.approved_total(),
        };
        let params = json!({
            "claim": claim,
            "amount": amount.to_yuan(),
            "count": state.papers_asked.len(),
        });
        let serde_json::Value::Object(params) = params else { return Ok(()) };
        let lang = if &*notice.lang == "en" { Language::En } else { Language::Zh };
        let id = format!("{template}.{cause}");
        self.run::<Contact, _, _>(&Request::system(), claim, Some(cause), |_| {
            let command = Command::Queue {
                id: id.clone(),
                template: template.to_owned(),
                params: params.clone(),
                to: to.clone(),
                lang,
            };
            Ok((vec![command], ()))
        })
        .await
    }

    /// How to reach the second reporter whom the entry at `position` is about.
    async fn reporter_at(
        &self,
        claim: &Claim,
        position: u64,
    ) -> Result<Option<Private<claim::events::Contact>>, Failure> {
        let entries = self.ports().journal.read(position.saturating_sub(1), 1).await?;
        let Some(entry) = entries.first() else { return Ok(None) };
        let number = match entry.decode()? {
            claim::Event::ReporterJoined(joined) => return Ok(Some(joined.contact)),
            claim::Event::ReporterAdmitted(admitted) => admitted.reporter,
            claim::Event::ReporterTurnedAway(turned_away) => turned_away.reporter,
            _ => return Ok(None),
        };
        Ok(claim.reporter(number).map(|reporter| reporter.joined.contact.clone()))
    }

    /// Sends the messages of `claim` that are due.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub(crate) async fn send_due(&self, claim: &ClaimId) -> Result<(), Failure> {
        let now = self.now();
        let contact = self.streams().load::<Contact>(claim).await?;
        let due: Vec<customer::Message> = contact.state.due(now).cloned().collect();
        for message in due {
            let Some(phone) = message.to.open(self.vault(), Reason::Message)?.known() else {
                self.mark(claim, Command::GiveUp { id: message.id }).await?;
                continue;
            };
            let letter = Letter {
                id: format!("{claim}.{}", message.id),
                channel: Channel::Sms,
                to: phone.as_str().to_owned(),
                text: sentence(&message),
            };
            let sent = tokio::time::timeout(PROVIDER_ANSWER_MAX, self.ports().messenger.send(letter)).await;
            let command = match sent {
                Ok(Ok(())) => {
                    self.went_out(claim, &message.template).await?;
                    Command::MarkSent { id: message.id }
                }
                #[cfg(feature = "mutants")]
                Ok(Err(_)) | Err(_) if at_work(Mutant::UnsentIsSent) => Command::MarkSent { id: message.id },
                Ok(Err(_)) | Err(_) => Command::MarkFailed { id: message.id, at: self.now() },
            };
            self.mark(claim, command).await?;
        }
        Ok(())
    }

    async fn mark(&self, claim: &ClaimId, command: Command) -> Result<(), Failure> {
        self.run::<Contact, _, _>(&Request::system(), claim, None, |_| Ok((vec![command.clone()], ()))).await
    }

    /// The messages of `claim` as they were worded, the latest last: when, what, and whether it arrived.
    pub async fn messages(&self, claim: &ClaimId) -> Result<Vec<(Moment, String, &'static str)>, Failure> {
        let entries = self.streams().entries::<customer::Event>(claim).await?;
        let contact = self.streams().load::<Contact>(claim).await?;
        let queued = entries.iter().filter(|entry| &*entry.name == "MessageQueued");
        let told = queued.zip(contact.state.messages());
        Ok(told.map(|(entry, message)| (entry.at, sentence(message), message.status.word())).collect())
    }
}

impl From<customer::Refusal> for Failure {
    fn from(refusal: customer::Refusal) -> Failure {
        Failure::refused(refusal.word())
    }
}

fn sentence(message: &customer::Message) -> String {
    let lang = Lang::named(message.lang.word()).unwrap_or_default();
    let text =
        |name: &str| message.params.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let count = message.params.get("count").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let amount: Money = text("amount").parse().unwrap_or_default();
    let args = [
        ("claim", Arg::Text(text("claim").into())),
        ("amount", Arg::Money(amount)),
        ("count", Arg::Number(count)),
    ];
    Words::of(lang).say_with(&message.template, &args).into_owned()
}
