//! The page of one claim.

mod live;
mod money;
mod parts;
mod reporters;
mod shape;
mod steps;

use claim::events::Event;
use claim::incident::{Incident, Incidents, PartyId, VehicleLoss};
use claim::{Claim, Claims, ball, missing_papers};
use journal::{ActorKind, Recorded};
use lexicon::{ClaimId, Moment, Money, Private};
use serde::Serialize;

pub use self::money::{FoundPage, FoundStatedPage, ReceiptPage, RetryPage, SetOffPage};
use self::parts::{
    assessment, because, covers, evidence, line, masked_phone, may_be_told, open, payment, serde_word,
    timeline, verdict, victim,
};
pub use self::reporters::ReporterPage;
pub use self::shape::{
    AccountPage, AdjudicationPage, ApprovalPage, AssessmentPage, BallPage, BecausePage, ClaimPage, ClockPage,
    CoverPage, DeclinedPage, EvidencePage, FirstAssessmentPage, LinePage, MessagePage, NotePage, OwedPage,
    PaperPage, PaymentPage, PersonPage, PolicyPage, RecoveryPage, RefusalProposedPage, StaffPage, StoryPage,
    TaskPage, TimelinePage, VehiclePage, VictimPage,
};
use super::{Time, Yuan};
use crate::app::App;
use crate::failure::Failure;
use crate::streams::Loaded;
use crate::use_cases::found::choices;
use crate::use_cases::reconciliation::{found_in, is_explained};
use crate::words::Words;

/// For whom a page is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eyes {
    Customer,
    Staff,
}

/// All that a page is made of.
struct Sources {
    claim: Loaded<Claims>,
    incident: Loaded<Incidents>,
    books: Loaded<books::Books>,
    contact: Loaded<customer::Contact>,
    entries: Vec<Recorded>,
    now: Moment,
}

impl App {
    /// The page of `claim` for its customer.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn claim_page(&self, claim: &ClaimId, words: &Words) -> Result<ClaimPage, Failure> {
        self.page(claim, words, Eyes::Customer).await
    }

    /// The page of `claim` for staff.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn staff_claim_page(&self, claim: &ClaimId, words: &Words) -> Result<ClaimPage, Failure> {
        self.page(claim, words, Eyes::Staff).await
    }

    async fn page(&self, id: &ClaimId, words: &Words, eyes: Eyes) -> Result<ClaimPage, Failure> {
        let loaded = self.streams().load::<Claims>(id).await?;
        let notice = loaded.state.notice.clone().ok_or(Failure::NotFound)?;
        let sources = Sources {
            incident: self.streams().load::<Incidents>(&notice.incident).await?,
            books: self.streams().load::<books::Books>(id).await?,
            contact: self.streams().load::<customer::Contact>(id).await?,
            entries: self.streams().entries::<Event>(id).await?,
            now: self.now(),
            claim: loaded,
        };
        let claim = &*sources.claim.state;
        let incident = &*sources.incident.state;
        let ball = ball(claim, incident);
        let contact = self.reveal(&notice.contact)?;
        let phone = contact.as_ref().map(|contact| contact.phone.clone());
        Ok(ClaimPage {
            claim: id.to_string(),
            version: sources.claim.version,
            told: sources.told(),
            stage: claim.stage.word().to_owned(),
            severity: claim.severity.map(|severity| severity.word().to_owned()),
            route: claim.route.map(|route| route.word().to_owned()),
            ball: BallPage {
                holder: serde_word(&ball.holder),
                what: ball.what.to_owned(),
                until: ball.until.map(Time),
            },
            plate: self.reveal(&notice.plate)?.unwrap_or_default(),
            notified_at: Time(notice.at),
            story: StoryPage {
                occurred_at: Time(incident.occurred_at.unwrap_or(notice.occurred_at)),
                cause: incident.cause.map_or("other", |cause| cause.word()).to_owned(),
                place: self.reveal_some(incident.place.as_ref())?,
                position: self
                    .reveal_some(incident.position.as_ref())?
                    .map(|position| (position.latitude(), position.longitude())),
                injury: incident.injury.word().to_owned(),
                other_property: incident.other_property,
                text: self.reveal(&notice.story)?,
                contact_name: contact.map(|contact| contact.name),
                contact_phone: phone.as_deref().map(masked_phone),
            },
            vehicle: notice.vehicle.to_string(),
            vehicles: self.vehicles(claim, incident, eyes)?,
            victims: incident.victims.iter().map(victim).collect(),
            self_claim_agreed: incident.self_claim_agreed,
            papers_missing: self.papers(claim, incident, sources.now),
            evidence: claim.evidence.iter().map(|accepted| evidence(accepted)).collect(),
            proposed: claim.proposed.iter().flat_map(|proposed| &proposed.lines).map(line).collect(),
            assessments: claim
                .assessments
                .values()
                .filter(|assessed| eyes == Eyes::Staff || assessed.vehicle == notice.vehicle)
                .map(assessment)
                .collect(),
            adjudication: self.adjudication(&sources, words, eyes).await?,
            approved: claim.approvals.last().map(|approved| ApprovalPage {
                number: approved.approval,
                total: Yuan(approved.total),
                automatic: approved.by.iter().all(|by| by.kind == ActorKind::System),
                at: Time(approved.at),
            }),
            declined: self.declined(claim).await?,
            offers: self.offers(claim, incident),
            accounts: self.accounts_of(claim, &notice.vehicle)?,
            payments: sources.books.state.payments().iter().map(payment).collect(),
            timeline: self.timeline(&sources, eyes).await?,
            messages: self.message_pages(id).await?,
            stars: claim.stars,
            person_asked: claim.person_asked,
            staff: match eyes {
                Eyes::Customer => None,
                Eyes::Staff => Some(self.staff(&sources, phone).await?),
            },
        })
    }

    /// What happened, as far as `eyes` may see it. Staff see the money that went wrong or came back too.
    async fn timeline(&self, sources: &Sources, eyes: Eyes) -> Result<Vec<TimelinePage>, Failure> {
        let mut told: Vec<_> = sources.entries.iter().filter_map(|entry| timeline(entry, eyes)).collect();
        if eyes == Eyes::Staff {
            let books = self.streams().entries::<books::Event>(sources.books.stream.id()).await?;
            told.extend(money::timeline(&books)?);
            // Stable: what happened at once stays in its order.
            told.sort_by_key(|entry| entry.at.0);
        }
        Ok(told)
    }

    fn reveal<T: Serialize + serde::de::DeserializeOwned>(
        &self,
        private: &Private<T>,
    ) -> Result<Option<T>, Failure> {
        Ok(open(self.vault(), private)?.known())
    }

    fn reveal_some<T: Serialize + serde::de::DeserializeOwned>(
        &self,
        private: Option<&Private<T>>,
    ) -> Result<Option<T>, Failure> {
        private.map_or(Ok(None), |private| self.reveal(private))
    }

    fn vehicles(&self, claim: &Claim, incident: &Incident, eyes: Eyes) -> Result<Vec<VehiclePage>, Failure> {
        let page = |vehicle: &claim::incident::Vehicle| {
            let own = claim.vehicle() == Some(&vehicle.id);
            let (loss, amount) = match &vehicle.loss {
                VehicleLoss::Unknown => ("unknown", None),
                VehicleLoss::Waived => ("waived", None),
                VehicleLoss::Stated(stated) => match &stated.total_loss {
                    Some(total) => ("total-loss", Some(Yuan(total.actual_value))),
                    None => ("repair", Some(Yuan(stated.repair))),
                },
            };
            let stated = match &vehicle.loss {
                VehicleLoss::Stated(stated) => Some(stated),
                VehicleLoss::Unknown | VehicleLoss::Waived => None,
            };
            let terms = vehicle.terms.as_ref().filter(|_| own || eyes == Eyes::Staff);
            Ok(VehiclePage {
                id: vehicle.id.to_string(),
                plate: self.reveal_some(vehicle.plate.as_ref())?,
                ours: vehicle.terms.as_ref().is_some_and(|terms| terms.policy.is_some()),
                claim: incident
                    .claims
                    .get(&vehicle.id)
                    .filter(|_| eyes == Eyes::Staff)
                    .map(ToString::to_string),
                fault: vehicle.fault.map(|fault| fault.to_string()),
                loss: loss.to_owned(),
                amount,
                salvage_kept: stated
                    .and_then(|stated| stated.total_loss.as_ref())
                    .map(|total| Yuan(total.salvage_kept)),
                rescue: stated.map(|stated| Yuan(stated.rescue)),
                third_party_received: stated.map(|stated| Yuan(stated.third_party_received)),
                covers: terms.map(covers),
            })
        };
        incident.vehicles.iter().map(page).collect()
    }

    fn papers(&self, claim: &Claim, incident: &Incident, now: Moment) -> Vec<PaperPage> {
        let missing = missing_papers(claim, incident, now, self.tables());
        let required = claim::required_papers(claim, incident, now, self.tables()).into_iter();
        let page = |(requirement, count): (&rulebook::tables::Requirement, u32)| PaperPage {
            code: requirement.code.clone(),
            kinds: requirement.kind.iter().chain(&requirement.any_of).cloned().collect(),
            count,
            have: claim.evidence.iter().filter(|accepted| requirement.takes(&accepted.kind)).count() as u32,
        };
        required.map(page).filter(|paper| missing.contains(&paper.code)).collect()
    }

    /// The last adjudication. A customer sees it once people or a rule have approved it: before that it is not a decision.
    async fn adjudication(
        &self,
        sources: &Sources,
        words: &Words,
        eyes: Eyes,
    ) -> Result<Option<AdjudicationPage>, Failure> {
        let claim = &*sources.claim.state;
        let Some(adjudicated) =
            claim.adjudicated.as_ref().filter(|_| eyes == Eyes::Staff || claim.is_approved())
        else {
            return Ok(None);
        };
        let steps = self.steps(sources, adjudicated.incident_version, words, eyes).await?;
        let owed = adjudicated.owed.iter().map(|owed| OwedPage {
            exposure: owed.exposure.to_string(),
            cover: owed.cover.clone(),
            payer: owed.payer.to_string(),
            payee: owed.payee.to_string(),
            bucket: owed.bucket.clone(),
            amount: Yuan(owed.amount),
            steps: steps
                .iter()
                .find(|(exposure, _)| *exposure == owed.exposure)
                .map(|(_, steps)| steps.clone())
                .unwrap_or_default(),
        });
        Ok(Some(AdjudicationPage {
            number: adjudicated.number,
            total: Yuan(adjudicated.total),
            owed: owed.collect(),
            because: adjudicated
                .because
                .iter()
                .filter(|because| eyes == Eyes::Staff || may_be_told(because))
                .map(because)
                .collect(),
            verdict: (eyes == Eyes::Staff).then(|| verdict(&adjudicated.verdict).to_owned()),
            at: Time(adjudicated.at),
        }))
    }

    /// The arithmetic run again on the accident as it stood, with each line's steps in words. Staff see the whole proof, customers
    /// what changed the amount.
    async fn steps(
        &self,
        sources: &Sources,
        version: u64,
        words: &Words,
        eyes: Eyes,
    ) -> Result<Vec<(lexicon::ExposureId, Vec<String>)>, Failure> {
        let then = if sources.incident.version == version {
            sources.incident.clone()
        } else {
            self.streams().load_at::<Incidents>(sources.incident.stream.id(), version).await?
        };
        let Some(accident) = claim::accident_of(&then.state, self.tables()) else { return Ok(vec![]) };
        let Ok(statement) = coverage::settle(&accident) else { return Ok(vec![]) };
        let line_steps = |line: &coverage::Line| {
            let payer = PartyId::from_text(&accident.vehicles[line.payer].id);
            let payee = PartyId::from_text(line.payee.id(&accident));
            let bucket = line.bucket.map_or("all", coverage::Bucket::word);
            let exposure = claim::exposure_id(line.cover.word(), &payer, &payee, bucket);
            let shown =
                line.because.iter().filter(|step| eyes == Eyes::Staff || !steps::changes_nothing(step));
            let says = shown.map(|step| match eyes {
                Eyes::Staff => crate::settlement::sentence(step, &accident, words),
                Eyes::Customer => crate::settlement::sentence_as(steps::code(step), step, &accident, words),
            });
            (exposure, says.collect())
        };
        Ok(statement.lines.iter().map(line_steps).collect())
    }

    async fn declined(&self, claim: &Claim) -> Result<Option<DeclinedPage>, Failure> {
        let Some(declined) = &claim.declined else { return Ok(None) };
        Ok(Some(DeclinedPage {
            clause: declined.clause.clone(),
            reason: self.reveal(&declined.reason)?,
            by: {
                let mut by = vec![];
                for actor in &declined.by {
                    by.push(self.actor_name(actor).await?);
                }
                by
            },
            at: Time(declined.at),
            served: claim.refusal_served.as_ref().map(|served| served.way.word().to_owned()),
            served_at: claim.refusal_served.as_ref().map(|served| Time(served.at)),
        }))
    }

    /// What the grade of the claim offers to the parties, where there are several.
    fn offers(&self, claim: &Claim, incident: &Incident) -> Vec<String> {
        if incident.vehicles.len() < 2 && incident.victims.is_empty() {
            return vec![];
        }
        let at = claim.notice.as_ref().map(|notice| notice.at);
        let handling = claim.severity.zip(at).and_then(|(severity, at)| self.tables().handling(severity, at));
        handling.map(|handling| handling.offers.clone()).unwrap_or_default()
    }

    async fn person(&self, actor: &journal::Actor) -> Result<PersonPage, Failure> {
        Ok(PersonPage { account: actor.id.to_string(), name: self.actor_name(actor).await? })
    }

    async fn refusal_proposed(&self, claim: &Claim) -> Result<Option<RefusalProposedPage>, Failure> {
        let Some(proposed) = &claim.refusal_proposed else { return Ok(None) };
        Ok(Some(RefusalProposedPage {
            refusal: proposed.refusal,
            clause: proposed.clause.clone(),
            reason: self.reveal(&proposed.reason)?,
            amount: Yuan(proposed.amount),
            by: self.person(&proposed.by).await?,
            at: Time(proposed.at),
        }))
    }

    async fn first_assessments(&self, claim: &Claim) -> Result<Vec<FirstAssessmentPage>, Failure> {
        let mut pages = vec![];
        for first in claim.first_assessments.values() {
            pages.push(FirstAssessmentPage {
                number: first.number,
                assessment: assessment(&first.assessed),
                by: self.person(&first.assessed.by).await?,
            });
        }
        Ok(pages)
    }

    async fn actor_name(&self, actor: &journal::Actor) -> Result<String, Failure> {
        match (actor.kind, actor.id.parse()) {
            (ActorKind::System, _) | (_, Err(_)) => Ok(String::new()),
            (_, Ok(account)) => self.account_name(&account).await,
        }
    }

    fn accounts_of(&self, claim: &Claim, own: &PartyId) -> Result<Vec<AccountPage>, Failure> {
        let mut payees: Vec<&PartyId> = vec![own];
        let owed = claim.approvals.last().map_or(&[][..], |approved| &approved.owed);
        payees.extend(owed.iter().map(|owed| &owed.payee).chain(claim.accounts.keys()));
        payees.sort();
        payees.dedup();
        let page = |payee: &PartyId| {
            let account = self.reveal_some(claim.accounts.get(payee))?;
            let last = account.map(|account| {
                let digits: Vec<char> = account.number.chars().collect();
                digits[digits.len().saturating_sub(4)..].iter().collect()
            });
            Ok(AccountPage { payee: payee.to_string(), account: last })
        };
        payees.into_iter().map(page).collect()
    }

    async fn message_pages(&self, id: &ClaimId) -> Result<Vec<MessagePage>, Failure> {
        let messages = self.messages(id).await?.into_iter();
        Ok(messages
            .map(|(at, text, status)| MessagePage { at: Time(at), text, status: status.to_owned() })
            .collect())
    }

    async fn staff(&self, sources: &Sources, phone: Option<String>) -> Result<StaffPage, Failure> {
        let claim = &*sources.claim.state;
        let mut tasks = vec![];
        for (number, task) in &claim.tasks {
            let assignee = match &task.assignee {
                Some(account) => Some(self.account_name(account).await?),
                None => None,
            };
            tasks.push(TaskPage {
                task: *number,
                kind: task.kind.word().to_owned(),
                team: task.team.word().to_owned(),
                assignee,
                due: Time(task.due),
                done_at: task.done_at.map(Time),
                escalations: task.escalations,
                ends_by_word: claim.ends_by_word(task.kind),
                details: task.details.clone().into_iter().collect(),
            });
        }
        let clocks =
            claim::clocks::clocks(claim, sources.now, self.tables()).into_iter().map(|clock| ClockPage {
                code: clock.code,
                source: clock.source,
                legal: clock.nature == rulebook::tables::Nature::Legal,
                due: Time(clock.due),
                stopped: clock.stopped,
                met_at: clock.met_at.map(Time),
            });
        let (fact, days) = match claim.policy.as_ref().map(|(_, fact)| *fact) {
            Some(rulebook::PolicyFact::InForce { days }) => ("in-force", Some(days)),
            Some(rulebook::PolicyFact::NotInForce) => ("not-in-force", None),
            Some(rulebook::PolicyFact::NotFound) | None => ("not-found", None),
        };
        let books = &sources.books.state;
        let reserved: Money = books.exposures().map(|exposure| books.reserve(exposure)).sum();
        Ok(StaffPage {
            incident: sources.incident.stream.id().to_owned(),
            policy: PolicyPage {
                policy: claim
                    .policy
                    .as_ref()
                    .and_then(|(policy, _)| policy.as_ref())
                    .map(ToString::to_string),
                fact: fact.to_owned(),
                days,
            },
            warnings: claim.warnings.iter().map(|warning| warning.word().to_owned()).collect(),
            tasks,
            clocks: clocks.collect(),
            fault_source: sources.incident.state.fault_source.map(|source| source.word().to_owned()),
            reporters: self.reporters(claim)?,
            retries: money::retries(claim, books),
            found: self.found_payments(sources).await?,
            recoveries: money::recoveries(books),
            set_offs: money::set_offs(books),
            reserved: Yuan(reserved),
            notes: self.notes(&sources.entries).await?,
            first_approval: match &claim.first_approval {
                Some((_, by)) => Some(self.person(by).await?),
                None => None,
            },
            refusal_proposed: self.refusal_proposed(claim).await?,
            first_assessments: self.first_assessments(claim).await?,
            contact_phone: phone,
            incident_version: sources.incident.version,
        })
    }

    async fn found_payments(&self, sources: &Sources) -> Result<Vec<FoundPage>, Failure> {
        let (claim, books, incident) = (&*sources.claim.state, &sources.books.state, &sources.incident.state);
        let Ok(id) = sources.claim.stream.id().parse() else { return Ok(vec![]) };
        let mut pages = vec![];
        for found in found_in(claim).filter(|found| !is_explained(books, found)) {
            let stated = match books.stated(&found.payment) {
                Some(stated) => {
                    let (exposure, reason) = match &stated.meaning {
                        books::Meaning::Paid { exposure, .. } => (Some(exposure.to_string()), None),
                        books::Meaning::SetAside { reason } => (None, self.reveal(reason)?),
                    };
                    Some(FoundStatedPage { exposure, reason, by: self.person(&stated.by).await? })
                }
                None => None,
            };
            let exposures = choices(&id, claim, books, incident, &found.payment);
            pages.push(FoundPage {
                payment: found.payment.to_string(),
                amount: Yuan(found.amount),
                two: found.amount > self.four_eyes_above(rulebook::tables::Act::Pay),
                bank_reference: found.bank_reference,
                exposures: exposures.iter().map(ToString::to_string).collect(),
                stated,
            });
        }
        Ok(pages)
    }

    async fn notes(&self, entries: &[Recorded]) -> Result<Vec<NotePage>, Failure> {
        let mut notes = vec![];
        for entry in entries {
            let (kind, text) = match entry.decode::<Event>()? {
                Event::NoteAdded(note) => ("note", Some(note.text)),
                Event::Inspected(inspected) => ("inspection", Some(inspected.findings)),
                Event::PersonAsked(asked) => ("message", asked.message),
                Event::Reopened(reopened) => ("reopening", Some(reopened.reason)),
                Event::RefusalReturned(returned) => ("refusal-returned", Some(returned.reason)),
                Event::AssessmentReturned(returned) => ("assessment-returned", Some(returned.reason)),
                Event::Rated(rated) => ("rating", rated.comment),
                _ => continue,
            };
            let Some(text) = text else { continue };
            let by = self.actor_name(&entry.actor).await?;
            notes.push(NotePage { at: Time(entry.at), by, kind: kind.to_owned(), text: self.reveal(&text)? });
        }
        Ok(notes)
    }
}
