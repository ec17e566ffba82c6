//! First notice of an accident.

use claim::events::{BankAccount, Contact, Notified, PolicyMatched, ReporterJoined};
use claim::history::{AccidentNoted, Histories, Relation};
use claim::incident::{
    self, CircumstancesCorrected, ClaimAttached, FaultDetermined, IncidentReported, Incidents, PartyId,
    TermsStated, VehicleTold,
};
use claim::state::{Channel, DamageGuess};
use claim::{Ask, Claims, Command, TaskKind, Terms};
use lexicon::{ClaimId, ClaimNumber, IncidentId, KeyedHash, Moment, Plate, Private, Ratio, SubjectId, Wgs84};
use rulebook::{Cause, FaultSource, Injury, PolicyFact, Team, Warning};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::decisions::{again, read_answer, write_answer};
use crate::failure::{Failure, Refused};
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::principal::{Request, Role};
use crate::streams::{Loaded, Outcome, Unit};

/// Longest place, name and story of a notice, in characters.
const PLACE_MAX: usize = 500;
const NAME_MAX: usize = 100;
const STORY_MAX: usize = 2_000;

/// A notice as a door has read and checked it.
#[derive(Clone, Debug)]
pub struct Notice {
    /// When the accident happened.
    pub occurred_at: Moment,
    /// How it came about.
    pub cause: Cause,
    /// Where, in words.
    pub place: String,
    /// Where, on the map.
    pub position: Option<Wgs84>,
    /// How badly somebody was hurt.
    pub injury: Injury,
    /// Whether property that belongs to no vehicle was damaged.
    pub other_property: bool,
    /// Plate of the reporter's vehicle.
    pub plate: Plate,
    /// Plates of the other vehicles, where known.
    pub others: Vec<Option<Plate>>,
    /// What happened, in words.
    pub story: String,
    /// Who gives notice.
    pub contact: Contact,
    /// How the damage looks.
    pub guess: DamageGuess,
    /// The reporter's own share of fault, and by what it stands.
    pub fault: Option<(Ratio, FaultSource)>,
    /// Whether all sides agreed that each claims from its own compulsory cover (互碰自赔).
    pub self_claim: bool,
    /// Where to pay, if given at once.
    pub account: Option<BankAccount>,
    /// How the notice came.
    pub channel: Channel,
}

/// What a notice led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The claim.
    pub claim: ClaimId,
    /// Whether the accident was known and the reporter was attached to the claim on it.
    pub joined: bool,
}

/// A notice may lie this far ahead of our clock, for phones that run fast.
const AHEAD_SECONDS_MAX: i64 = 300;
/// Twenty years, after which no right is protected any more (Civil Code, article 188): an earlier day is a slip of the keys.
const LONG_AGO_SECONDS: i64 = 20 * 366 * 86_400;
/// From this many claims within a year on, a closer look.
const MANY_CLAIMS: usize = 3;
/// A policy younger than this, in days, gets a closer look.
const NEW_POLICY_DAYS: i64 = 7;

impl App {
    /// Takes a notice: a new claim, or the reporter attached to the claim on the same accident.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn take_notice(&self, request: &Request, notice: Notice) -> Result<Taken, Failure> {
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        check(&notice, self.now())?;
        let mut tries = 0;
        loop {
            match self.try_notice(request, &notice).await {
                Err(failure) if again(&mut tries, &failure) => {}
                result => return result,
            }
        }
    }

    async fn try_notice(&self, request: &Request, notice: &Notice) -> Result<Taken, Failure> {
        let plate_hash = register::plate_key(self.vault(), &notice.plate);
        let history = self.streams().load::<Histories>(&plate_hash.as_str()).await?;
        let known = match history.state.relate(notice.occurred_at) {
            Relation::Same(known) => Some(known.clone()),
            Relation::Perhaps(_) | Relation::New => None,
        };
        match known {
            Some(AccidentNoted { claim: Some(claim), .. }) => self.join(request, notice, claim).await,
            known => self.open(request, notice, plate_hash, history, known).await,
        }
    }

    /// Attaches the reporter to `claim`. Knowing a plate and a time proves nothing, so the account may not follow the claim by it:
    /// the service desk calls and admits.
    async fn join(&self, request: &Request, notice: &Notice, claim: ClaimId) -> Result<Taken, Failure> {
        let subject = subject_of(&claim)?;
        let contact = Private::seal(self.vault(), &subject, &notice.contact)?;
        let now = self.now();
        self.run::<Claims, _, _>(&request.unversioned(), &claim, None, |loaded| {
            let known = own_account(request).is_some_and(|account| loaded.state.is_followed_by(&account));
            let joined = ReporterJoined {
                contact: contact.clone(),
                account: None,
                asks: own_account(request),
                channel: notice.channel,
                at: now,
            };
            let waits = |reporter: &claim::state::Reporter| {
                reporter.joined.asks.is_some() && reporter.joined.asks == joined.asks
            };
            let known = known || loaded.state.reporters_waiting().any(waits);
            let details = [("reason", "second-reporter"), ("injury", notice.injury.word())];
            let details = details.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let call = Ask::OpenTask { kind: TaskKind::Contact, team: Team::ServiceDesk, details };
            let asks = if known { vec![] } else { vec![Ask::Join(joined), call] };
            let commands = asks.into_iter().map(|ask| self.command(request, ask)).collect();
            Ok((commands, Taken { claim: claim.clone(), joined: true }))
        })
        .await
    }

    async fn open(
        &self,
        request: &Request,
        notice: &Notice,
        plate_hash: KeyedHash,
        history: Loaded<Histories>,
        known: Option<AccidentNoted>,
    ) -> Result<Taken, Failure> {
        let now = self.now();
        let chance = self.ports().chance.number();
        let claim = ClaimNumber::issue(self.tables().day(now), chance);
        let subject = subject_of(&claim)?;
        let incident_id: IncidentId = match &known {
            Some(known) => known.incident.clone(),
            None => format!("i{}", self.ports().chance.token(12))
                .parse()
                .map_err(|_| Failure::Unavailable("id".to_owned()))?,
        };
        let party = known.as_ref().map_or(PartyId::vehicle(0), |known| known.party.clone());
        let (matched, terms) = self.match_policy(&plate_hash, notice.occurred_at).await?;

        let mut unit = Unit::new(self.streams());
        let incident = self.streams().load::<Incidents>(&incident_id).await?;
        let mut asks = vec![];
        if known.is_none() {
            asks.push(incident::Ask::Report(self.reported(notice, &subject, &plate_hash)?));
            asks.extend(self.others_insured_here(notice).await?);
            if let Some(ask) = told_fault(notice) {
                asks.push(ask);
            }
            if notice.self_claim {
                asks.push(incident::Ask::AgreeSelfClaim(true));
            }
        } else {
            asks.extend(told_otherwise(notice, &incident.state, &party));
        }
        asks.push(incident::Ask::Attach(ClaimAttached { claim: claim.clone(), vehicle: party.clone() }));
        if let Some(terms) = terms {
            asks.push(incident::Ask::StateTerms(TermsStated { vehicle: party.clone(), terms }));
        }
        let decided = unit.decide(&incident, asks.into_iter().map(|ask| incident::Command { ask }));
        decided.map_err(|refusal| match refusal {
            // The vehicle's history was read before somebody gave notice, the accident after it.
            incident::Refusal::VehicleHasClaim => Failure::Conflict,
            refusal => refusal.into(),
        })?;

        let claim_now = self.streams().load::<Claims>(&claim).await?;
        if claim_now.version != 0 {
            // The number drawn is taken: another one is drawn.
            return Err(Failure::Conflict);
        }
        let notified = Notified {
            claim: claim.clone(),
            incident: incident_id.clone(),
            vehicle: party.clone(),
            subject: subject.clone(),
            account: own_account(request),
            contact: Private::seal(self.vault(), &subject, &notice.contact)?,
            phone_hash: self.vault().keyed_hash("phone", notice.contact.phone.as_bytes()),
            plate: Private::seal(self.vault(), &subject, &notice.plate.as_str().to_owned())?,
            plate_hash: plate_hash.clone(),
            story: Private::seal(self.vault(), &subject, &notice.story)?,
            channel: notice.channel,
            occurred_at: notice.occurred_at,
            at: now,
            guess: notice.guess,
            lang: request.lang.code().into(),
        };
        let warnings = self.warnings(notice, &history.state, &matched, now);
        let incident_after = std::sync::Arc::new(incident::Incident::default());
        let mut commands = vec![
            self.command(request, Ask::Notify { notified: Box::new(notified), policy: matched, warnings }),
        ];
        if let Some(account) = &notice.account {
            let account = Private::seal(self.vault(), &subject, account)?;
            let ask = Ask::ChooseAccount { payee: party.clone(), account, incident: incident_after };
            commands.push(self.command(request, ask));
        }
        unit.decide(&claim_now, commands)?;

        let noted = |party: PartyId, claim: Option<ClaimId>| AccidentNoted {
            incident: incident_id.clone(),
            party,
            claim,
            occurred_at: notice.occurred_at,
            at: now,
        };
        unit.decide(&history, [noted(party, Some(claim.clone()))])?;
        if known.is_none() {
            let mut seen = vec![plate_hash];
            for (index, other) in notice.others.iter().enumerate() {
                let Some(plate) = other else { continue };
                let hash = register::plate_key(self.vault(), plate);
                if !seen.contains(&hash) {
                    let other = self.streams().load::<Histories>(&hash.as_str()).await?;
                    unit.decide(&other, [noted(PartyId::vehicle(index + 1), None)])?;
                    seen.push(hash);
                }
            }
        }
        let taken = Taken { claim, joined: false };
        match unit.commit(request, now, None, &write_answer(&taken)?).await? {
            Outcome::Done => Ok(taken),
            #[cfg(feature = "mutants")]
            Outcome::Replayed(_) if at_work(Mutant::RepeatAnsweredAnew) => Ok(taken),
            Outcome::Replayed(first) => read_answer(&first),
        }
    }

    fn reported(
        &self,
        notice: &Notice,
        subject: &SubjectId,
        plate_hash: &KeyedHash,
    ) -> Result<IncidentReported, Failure> {
        let vault = self.vault();
        let seal = |plate: &Plate| Private::seal(vault, subject, &plate.as_str().to_owned());
        let mut vehicles = vec![VehicleTold {
            id: PartyId::vehicle(0),
            plate: Some(seal(&notice.plate)?),
            plate_hash: Some(plate_hash.clone()),
        }];
        for (index, other) in notice.others.iter().enumerate() {
            vehicles.push(VehicleTold {
                id: PartyId::vehicle(index + 1),
                plate: other.as_ref().map(seal).transpose()?,
                plate_hash: other.as_ref().map(|plate| register::plate_key(vault, plate)),
            });
        }
        Ok(IncidentReported {
            occurred_at: notice.occurred_at,
            cause: notice.cause,
            place: Private::seal(vault, subject, &notice.place)?,
            position: notice
                .position
                .as_ref()
                .map(|position| Private::seal(vault, subject, position))
                .transpose()?,
            injury: notice.injury,
            other_property: notice.other_property,
            vehicles,
        })
    }

    /// The terms of other vehicles that are insured with us too.
    async fn others_insured_here(&self, notice: &Notice) -> Result<Vec<incident::Ask>, Failure> {
        let mut asks = vec![];
        for (index, other) in notice.others.iter().enumerate() {
            let Some(plate) = other else { continue };
            let hash = register::plate_key(self.vault(), plate);
            if let (_, Some(terms)) = self.match_policy(&hash, notice.occurred_at).await? {
                asks.push(incident::Ask::StateTerms(TermsStated {
                    vehicle: PartyId::vehicle(index + 1),
                    terms,
                }));
            }
        }
        Ok(asks)
    }

    fn warnings(
        &self,
        notice: &Notice,
        history: &claim::history::History,
        matched: &PolicyMatched,
        now: Moment,
    ) -> Vec<Warning> {
        let mut warnings = vec![];
        let late = self.tables().clock("report-late", now);
        let late =
            late.map(|clock| clock.ends(notice.occurred_at, &self.tables().rest_days, &self.tables().zone));
        if late.is_some_and(|end| now > end) {
            warnings.push(Warning::LateNotice);
        }
        if matches!(matched.fact, PolicyFact::InForce { days } if days < NEW_POLICY_DAYS) {
            warnings.push(Warning::NewPolicy);
        }
        if history.claims_within_a_year(now) >= MANY_CLAIMS {
            warnings.push(Warning::ManyClaims);
        }
        if matches!(history.relate(notice.occurred_at), Relation::Perhaps(_)) {
            warnings.push(Warning::PossibleDuplicate);
        }
        warnings
    }

    /// What the register says of the vehicle at `occurred_at`, and the terms that stand then.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(crate) async fn match_policy(
        &self,
        plate_hash: &KeyedHash,
        occurred_at: Moment,
    ) -> Result<(PolicyMatched, Option<Terms>), Failure> {
        let rows = self.policies_by_plate(plate_hash).await?;
        let mut last = None;
        for row in rows {
            let policy: lexicon::PolicyId =
                row.policy.parse().map_err(|_| Failure::Unavailable("policy id".to_owned()))?;
            let loaded = self.streams().load::<register::Policy>(&policy).await?;
            if let Some(content) = loaded.state.at(occurred_at) {
                let days = occurred_at.seconds_since(content.starts_at) / 86_400;
                let class = content.vehicle.class.clone();
                let fact = PolicyFact::InForce { days };
                let matched = PolicyMatched { policy: Some(policy.clone()), fact, class };
                return Ok((matched, Some(terms_of(policy, content))));
            }
            let class = loaded.state.versions().last().map(|version| version.content.vehicle.class.clone());
            last = Some(PolicyMatched {
                policy: Some(policy),
                fact: PolicyFact::NotInForce,
                class: class.unwrap_or_default(),
            });
        }
        let not_found = PolicyMatched { policy: None, fact: PolicyFact::NotFound, class: String::new() };
        Ok((last.unwrap_or(not_found), None))
    }

    /// A command of `request` to a claim.
    pub(crate) fn command(&self, request: &Request, ask: Ask) -> Command {
        Command { at: self.now(), by: request.principal.actor(), tables: self.tables().clone(), ask }
    }
}

/// What `content` promises, as the arithmetic takes it.
pub(crate) fn terms_of(policy: lexicon::PolicyId, content: &register::Content) -> Terms {
    let covers = &content.covers;
    let riders = covers.riders.iter().map(|rider| match rider {
        register::Rider::HolidayLimitDoubling => claim::RiderTerms::HolidayLimitDoubling,
        register::Rider::AbsoluteDeductibleRate { rate, covers } => {
            claim::RiderTerms::AbsoluteDeductibleRate {
                rate: *rate,
                covers: covers.iter().map(|cover| cover.word().to_owned()).collect(),
            }
        }
    });
    Terms {
        policy: Some(policy),
        compulsory: content.compulsory,
        starts_at: Some(content.starts_at),
        new_energy: content.vehicle.energy == register::Energy::New,
        own_damage: covers.own_damage.map(|own| (own.sum_insured, own.deductible)),
        third_party: covers.third_party,
        driver: covers.driver,
        passengers: covers.passengers,
        riders: riders.collect(),
        class: content.vehicle.class.clone(),
    }
}

/// The subject under whose key the personal text of a claim is sealed: one per claim, so that each can be erased when its time comes.
pub(crate) fn subject_of(claim: &ClaimId) -> Result<SubjectId, Failure> {
    format!("claim-{claim}").parse().map_err(|_| Failure::Unavailable("subject id".to_owned()))
}

/// The account that may follow what it reports: a customer's or a program's own, never a member of staff's.
fn own_account(request: &Request) -> Option<lexicon::AccountId> {
    let own = request.principal.has(Role::Customer) || request.principal.has(Role::Client);
    request.principal.account.clone().filter(|_| own)
}

/// The share of fault as told, as far as it can stand: of two vehicles the other's is the rest.
fn told_fault(notice: &Notice) -> Option<incident::Ask> {
    let (share, source) =
        if notice.others.is_empty() && notice.fault.is_none() && notice.cause != Cause::Parked {
            (Ratio::ONE, FaultSource::Single)
        } else {
            notice.fault?
        };
    let mut shares = std::collections::BTreeMap::from([(PartyId::vehicle(0), share)]);
    if notice.others.len() == 1 {
        shares.insert(PartyId::vehicle(1), share.rest());
    }
    Some(incident::Ask::DetermineFault(FaultDetermined { shares, source }))
}

/// What this side tells otherwise than whoever reported the accident first: the graver word counts, and on a share of fault that
/// the sides tell differently nothing is paid until a person has looked.
fn told_otherwise(notice: &Notice, known: &incident::Incident, own: &PartyId) -> Vec<incident::Ask> {
    let mut asks = vec![];
    if notice.injury > known.injury || (notice.other_property && !known.other_property) {
        asks.push(incident::Ask::Correct(CircumstancesCorrected {
            occurred_at: None,
            cause: None,
            injury: Some(notice.injury.max(known.injury)),
            other_property: Some(notice.other_property || known.other_property),
        }));
    }
    let stands =
        matches!(known.fault_source, Some(FaultSource::Police | FaultSource::Court | FaultSource::Staff));
    let fault = known.vehicle(own).and_then(|vehicle| vehicle.fault);
    let differs = notice.fault.zip(fault).is_some_and(|((told, _), fault)| told != fault);
    if differs && !stands {
        let (shares, source) = (std::collections::BTreeMap::new(), FaultSource::Stated);
        asks.push(incident::Ask::DetermineFault(FaultDetermined { shares, source }));
    }
    asks
}

fn check(notice: &Notice, now: Moment) -> Result<(), Refused> {
    let refuse = |word: &'static str, field| Err(Refused::new(word).at(field));
    if notice.occurred_at > now.plus_seconds(AHEAD_SECONDS_MAX) {
        return refuse("notice.refused.future", "occurred_at");
    }
    if notice.occurred_at < now.plus_seconds(-LONG_AGO_SECONDS) {
        return refuse("notice.refused.long-ago", "occurred_at");
    }
    if notice.place.trim().is_empty() {
        return refuse("notice.refused.no-place", "place");
    }
    if notice.contact.name.trim().is_empty() {
        return refuse("notice.refused.no-name", "name");
    }
    for (field, text, max) in [
        ("place", &notice.place, PLACE_MAX),
        ("name", &notice.contact.name, NAME_MAX),
        ("story", &notice.story, STORY_MAX),
    ] {
        if text.chars().count() > max {
            return Err(Refused::new("form.refused.too-long").at(field).with("max", max));
        }
        if text.chars().any(is_hidden) {
            return refuse("form.refused.characters", field);
        }
    }
    if notice.fault.is_some_and(|(share, _)| !share.is_share()) {
        return refuse("notice.refused.bad-share", "fault");
    }
    let mut plates: Vec<&Plate> = notice.others.iter().flatten().chain([&notice.plate]).collect();
    plates.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    if plates.windows(2).any(|pair| pair[0] == pair[1]) {
        return refuse("notice.refused.same-plate", "others");
    }
    if notice.self_claim && notice.others.is_empty() {
        return refuse("notice.refused.self-claim-alone", "self_claim");
    }
    Ok(())
}

/// Characters that show nothing, or turn what stands around them: nobody types them, and a name with them reads as another.
fn is_hidden(character: char) -> bool {
    let turns =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (character.is_control() && !character.is_whitespace())
}
