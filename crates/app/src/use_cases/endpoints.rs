//! Addresses of other systems: registered, turned on and off, their secrets, their dead letters.

use std::collections::BTreeSet;

use identity::door::{
    Answer, Deliveries, Delivery, DeliveryCommand, Ended, EndpointCommand, EndpointRegistered, Endpoints,
    Listening, Message, Sees, Why,
};
use insight::view::{Query, Value};
use insight::{DELIVERIES, DeliveryRow, FOLLOWERS};
use lexicon::{AccountId, Moment, Private, Reason, SubjectId};

use crate::app::App;
use crate::failure::{Failure, Refused};
use crate::outside::{DoorRules, OutsideType, Secret, check_address};
use crate::principal::{Principal, Request, Role};

/// Rows read at once.
const ROWS: usize = 200;
/// Addresses that one account may have.
const ENDPOINTS_MAX: u64 = 50;

/// An address to register.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// Where messages go.
    pub url: String,
    /// Of what it is told, by type; of everything where nothing is named.
    pub types: BTreeSet<String>,
}

/// An address that was registered, or whose secret was replaced. The secret is shown to the program once.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The address's id.
    pub endpoint: String,
    /// What its messages are signed with, `whsec_` and base64.
    pub secret: String,
}

impl App {
    /// Registers an address. A program is told of its own claims, an administrator of all.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn register_endpoint(
        &self,
        request: &Request,
        new: &NewEndpoint,
    ) -> Result<Registered, Failure> {
        let request = &request.unversioned();
        let owner = request.principal.account.clone().ok_or(Failure::Denied)?;
        let url = check_address(&new.url, self.doors().rules())
            .map_err(|refused| Refused::new(refused.to_string()).at("url"))?;
        if let Some(unknown) = new.types.iter().find(|name| OutsideType::named(name).is_none()) {
            return Err(Refused::new("door.refused.type").at("types").with("type", unknown).into());
        }
        if let Some(first) = self.answered::<String>(request).await? {
            return self.told_secret(&first).await;
        }
        let of_owner = Query::of(&insight::ENDPOINTS, "by_owner", ROWS).equal(owner.as_str());
        if self.ports().views.count(of_owner).await? >= ENDPOINTS_MAX {
            return Err(Refused::new("door.refused.too-many").with("max", ENDPOINTS_MAX).into());
        }
        let id = format!("e{}", self.ports().chance.token(12));
        let subject: SubjectId = format!("endpoint-{id}").parse().map_err(|_| Failure::NotFound)?;
        let secret = Secret::draw(&*self.ports().chance).reveal();
        let registered = EndpointRegistered {
            owner,
            sees: if request.principal.has(Role::Administrator) { Sees::All } else { Sees::Own },
            url: url.to_string(),
            types: new.types.clone(),
            secret: Private::seal(self.vault(), &subject, &secret)?,
            subject,
            after: *self.ports().journal.head().borrow(),
        };
        let command = EndpointCommand::Register(registered);
        let told: String = self
            .run::<Endpoints, _, _>(request, &id, None, |_| Ok((vec![command.clone()], id.clone())))
            .await?;
        self.told_secret(&told).await
    }

    /// Replaces the secret of an address; the one before counts for a day.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn rotate_secret(&self, request: &Request, endpoint: &str) -> Result<Registered, Failure> {
        let request = &request.unversioned();
        let listening = self.visible_endpoint(&request.principal, endpoint).await?;
        let secret = Secret::draw(&*self.ports().chance).reveal();
        let secret = Private::seal(self.vault(), &listening.subject, &secret)?;
        let command = EndpointCommand::Rotate { secret, at: self.now() };
        if self.answered::<String>(request).await?.is_none() {
            self.run::<Endpoints, _, _>(request, &endpoint, None, |_| {
                Ok((vec![command.clone()], endpoint.to_owned()))
            })
            .await?;
        }
        self.told_secret(endpoint).await
    }

    async fn told_secret(&self, endpoint: &str) -> Result<Registered, Failure> {
        let listening = self.listening(endpoint).await?;
        let secret =
            listening.secret.open(self.vault(), Reason::OwnData)?.known().ok_or(Failure::NotFound)?;
        Ok(Registered { endpoint: endpoint.to_owned(), secret })
    }

    /// Tells an address again, from where it stopped, or tells it nothing more.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn enable_endpoint(
        &self,
        request: &Request,
        endpoint: &str,
        enabled: bool,
    ) -> Result<(), Failure> {
        let request = &request.unversioned();
        self.visible_endpoint(&request.principal, endpoint).await?;
        let command = match enabled {
            true => EndpointCommand::Enable,
            false => EndpointCommand::Disable { why: Ended::Asked },
        };
        self.run::<Endpoints, _, _>(request, &endpoint, None, |_| Ok((vec![command.clone()], ()))).await
    }

    /// Sends dead letters of an address again: the one whose id is `event`, or all. Answers how many.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn replay(
        &self,
        request: &Request,
        endpoint: &str,
        event: Option<&str>,
    ) -> Result<u64, Failure> {
        let request = &request.unversioned();
        let listening = self.visible_endpoint(&request.principal, endpoint).await?;
        if listening.ended.is_some() {
            return Err(Failure::refused("door.refused.disabled"));
        }
        if let Some(first) = self.answered::<u64>(request).await? {
            return Ok(first);
        }
        let mut rows = self.deliveries_of(endpoint, "dead").await?;
        if let Some(event) = event {
            rows.retain(|row| row.event == event);
            if rows.is_empty() {
                return Err(identity::door::DoorRefusal::NotDead.into());
            }
        }
        let (count, last) = (rows.len() as u64, rows.pop());
        let command = DeliveryCommand::Replay { at: self.now() };
        let without_key = Request { key: None, ..request.clone() };
        for row in rows {
            self.delivery_command(&without_key, endpoint, row.position, vec![command.clone()], ()).await?;
        }
        // The last one carries the key: a request that broke off half-way is finished by its repeat.
        match last {
            Some(row) => self.delivery_command(request, endpoint, row.position, vec![command], count).await,
            None => self.run::<Endpoints, _, _>(request, &endpoint, None, |_| Ok((vec![], count))).await,
        }
    }

    /// What is true of a registered address.
    pub(crate) async fn listening(&self, endpoint: &str) -> Result<Listening, Failure> {
        let loaded = self.streams().load::<Endpoints>(endpoint).await?;
        loaded.state.listening().cloned().ok_or(Failure::NotFound)
    }

    /// The same, where `principal` may know of it: administrators of all, others of their own.
    pub(crate) async fn visible_endpoint(
        &self,
        principal: &Principal,
        endpoint: &str,
    ) -> Result<Listening, Failure> {
        let plain = !endpoint.is_empty()
            && endpoint.len() <= 32
            && endpoint.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain {
            return Err(Failure::NotFound);
        }
        let listening = self.listening(endpoint).await?;
        let own = principal.account.as_ref() == Some(&listening.owner);
        if own || principal.has(Role::Administrator) { Ok(listening) } else { Err(Failure::NotFound) }
    }

    /// Every message of an address that stands at `status`, by claim, then in the order in which it happened.
    pub(crate) async fn deliveries_of(
        &self,
        endpoint: &str,
        status: &str,
    ) -> Result<Vec<DeliveryRow>, Failure> {
        let mut query = Query::of(&DELIVERIES, "by_claim", ROWS).equal(endpoint).equal(status);
        let mut found = vec![];
        loop {
            let rows = self.ports().views.page(query.clone()).await?;
            for row in &rows {
                found.push(DeliveryRow::read(&DELIVERIES, row)?);
            }
            let Some(last) = rows.last().filter(|_| rows.len() == ROWS) else { return Ok(found) };
            let place = query.place(last);
            query = query.after(Some(place));
        }
    }

    /// The first message of `claim` that waits for an address.
    pub(crate) async fn first_waiting(
        &self,
        endpoint: &str,
        claim: &str,
    ) -> Result<Option<DeliveryRow>, Failure> {
        let query = Query::of(&DELIVERIES, "by_claim", 1).equal(endpoint).equal("waiting").equal(claim);
        let rows = self.ports().views.page(query).await?;
        Ok(rows.first().map(|row| DeliveryRow::read(&DELIVERIES, row)).transpose()?)
    }

    /// Whether the message of `position` is known to have been held for an address, and not taken since.
    pub(crate) async fn is_held(&self, endpoint: &str, position: u64) -> Result<bool, Failure> {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let key = vec![Value::from(endpoint), Value::Integer(position)];
        Ok(self.ports().views.get(&DELIVERIES, key).await?.is_some())
    }

    /// Whether the message of `position` is a dead letter of an address.
    pub(crate) async fn is_dead(&self, endpoint: &str, position: u64) -> Result<bool, Failure> {
        let id = format!("{endpoint}.{position}");
        Ok(*self.streams().load::<Deliveries>(&id).await?.state == Delivery::Dead)
    }

    /// Whether `account` may follow `claim`.
    pub(crate) async fn follows(&self, account: &AccountId, claim: &str) -> Result<bool, Failure> {
        let key = vec![Value::from(account.as_str()), Value::from(claim)];
        Ok(self.ports().views.get(&FOLLOWERS, key).await?.is_some())
    }

    /// Records that a message waits.
    pub(crate) async fn hold_delivery(&self, message: Message, due: Option<Moment>) -> Result<(), Failure> {
        let (endpoint, position) = (message.endpoint.clone(), message.position);
        let command = DeliveryCommand::Hold { message, due };
        self.delivery_command(&Request::system(), &endpoint, position, vec![command], ()).await
    }

    /// Records what became of a message that waits.
    pub(crate) async fn settle_delivery(
        &self,
        endpoint: &str,
        position: u64,
        commands: Vec<DeliveryCommand>,
    ) -> Result<(), Failure> {
        self.delivery_command(&Request::system(), endpoint, position, commands, ()).await
    }

    async fn delivery_command<T>(
        &self,
        request: &Request,
        endpoint: &str,
        position: u64,
        commands: Vec<DeliveryCommand>,
        answer: T,
    ) -> Result<T, Failure>
    where
        T: Clone + serde::Serialize + serde::de::DeserializeOwned,
    {
        let id = format!("{endpoint}.{position}");
        self.run::<Deliveries, _, _>(request, &id, None, |_| Ok((commands.clone(), answer.clone()))).await
    }

    /// Ends an address that is gone or silent: what waits for it becomes dead letters.
    pub(crate) async fn end_endpoint(&self, endpoint: &str, ended: Ended) -> Result<(), Failure> {
        let command = EndpointCommand::Disable { why: ended };
        let request = Request::system();
        self.run::<Endpoints, _, _>(&request, &endpoint, None, |_| Ok((vec![command.clone()], ()))).await?;
        self.bury(endpoint, ended).await
    }

    /// Makes dead letters of what waits for an address that ended.
    pub(crate) async fn bury(&self, endpoint: &str, ended: Ended) -> Result<(), Failure> {
        let why = match ended {
            Ended::Gone => Why::Gone,
            Ended::Silent => Why::Silent,
            // Who turned it off may turn it on again: what waits goes on waiting.
            Ended::Asked => return Ok(()),
        };
        for row in self.deliveries_of(endpoint, "waiting").await? {
            self.settle_delivery(endpoint, row.position, vec![DeliveryCommand::GiveUp { why }]).await?;
        }
        Ok(())
    }

    /// What a receiver answered, as it is kept: how the body begins is sealed with the address.
    pub(crate) fn kept_answer(
        &self,
        subject: &SubjectId,
        code: &str,
        status: Option<u16>,
        text: &str,
    ) -> Result<Answer, Failure> {
        let text = match text.trim() {
            "" => None,
            text => Some(Private::seal(self.vault(), subject, &text.to_owned())?),
        };
        Ok(Answer { code: code.to_owned(), status, text })
    }

    /// The secrets that messages to an address are signed with at `now`, the latest first.
    pub(crate) fn secrets(&self, listening: &Listening, now: Moment) -> Result<Vec<Secret>, Failure> {
        let old = listening.old.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
        let mut secrets = vec![];
        for sealed in std::iter::once(&listening.secret).chain(old) {
            let Some(text) = sealed.open(self.vault(), Reason::Message)?.known() else { continue };
            secrets.extend(Secret::parse(&text));
        }
        Ok(secrets)
    }

    /// Where messages may go.
    pub fn door_rules(&self) -> DoorRules {
        self.doors().rules()
    }
}

impl From<identity::door::DoorRefusal> for Failure {
    fn from(refusal: identity::door::DoorRefusal) -> Failure {
        match refusal {
            identity::door::DoorRefusal::NoSuchEndpoint => Failure::NotFound,
            refusal => Failure::refused(refusal.word()),
        }
    }
}
