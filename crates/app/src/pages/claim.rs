//! The page of one claim.

use claim::events::Event;
use claim::incident::{Incident, Incidents, PartyId, Seat, VehicleLoss};
use claim::{Claim, Claims, ball, missing_papers};
use journal::{ActorKind, Recorded};
use lexicon::{ClaimId, Moment, Money, Opened, Private, Reason, Vault};
use rulebook::{Because, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Time, Yuan};
use crate::app::App;
use crate::failure::Failure;
use crate::streams::Loaded;
use crate::words::Words;

/// A claim as its customer sees it; `staff` holds the rest, for staff alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimPage {
    /// The claim's number.
    pub claim: String,
    /// Version of the claim: the ETag.
    pub version: u64,
    /// How far it is: `reported`, `inspecting`, `assessing`, `adjudicating`, `paying`, `closed`, `declined`, `withdrawn`.
    pub stage: String,
    /// `minor`, `general` or `major`; null before triage.
    pub severity: Option<String>,
    /// `own-photos` or `inspection`; null before triage.
    pub route: Option<String>,
    /// Who has to move, what with, until when.
    pub ball: BallPage,
    /// Plate of the vehicle.
    pub plate: String,
    /// When the notice came.
    pub notified_at: Time,
    /// What was told.
    pub story: StoryPage,
    /// Which of the vehicles below is the claim's own.
    pub vehicle: String,
    /// All vehicles of the accident.
    pub vehicles: Vec<VehiclePage>,
    /// People and outside property.
    pub victims: Vec<VictimPage>,
    /// Whether all sides agreed on mutual self-claim.
    pub self_claim_agreed: bool,
    /// Papers asked for and not there, complete.
    pub papers_missing: Vec<PaperPage>,
    /// Papers and photos that were accepted.
    pub evidence: Vec<EvidencePage>,
    /// Damage picked by the customer and not assessed yet.
    pub proposed: Vec<LinePage>,
    /// The last assessment of each vehicle that concerns this page.
    pub assessments: Vec<AssessmentPage>,
    /// What is owed, once it is computed and, for the customer, approved.
    pub adjudication: Option<AdjudicationPage>,
    /// What was approved in all.
    pub approved: Option<ApprovalPage>,
    /// A refusal.
    pub declined: Option<DeclinedPage>,
    /// Payees and whether their account is known.
    pub accounts: Vec<AccountPage>,
    /// Payments.
    pub payments: Vec<PaymentPage>,
    /// What happened, the first first.
    pub timeline: Vec<TimelinePage>,
    /// Messages to the customer, the first first.
    pub messages: Vec<MessagePage>,
    /// The rating, 1 to 5.
    pub stars: Option<u8>,
    /// Whether a person was asked for and has not answered yet.
    pub person_asked: bool,
    /// What staff see beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffPage>,
}

/// Who has the ball.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BallPage {
    /// `you`, `us`, `bank`, `other` or `nobody`.
    pub holder: String,
    /// Code of what is to be done.
    pub what: String,
    /// Until when.
    pub until: Option<Time>,
}

/// What was told of the accident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryPage {
    /// When it happened.
    pub occurred_at: Time,
    /// How it came about.
    pub cause: String,
    /// Where; null once erased.
    pub place: Option<String>,
    /// WGS-84 latitude and longitude.
    pub position: Option<(f64, f64)>,
    /// `none`, `light`, `serious` or `death`.
    pub injury: String,
    /// Whether outside property was damaged.
    pub other_property: bool,
    /// In words; null once erased.
    pub text: Option<String>,
    /// Name of who gave notice; null once erased.
    pub contact_name: Option<String>,
    /// Phone of who gave notice, masked; null once erased.
    pub contact_phone: Option<String>,
}

/// A vehicle.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VehiclePage {
    /// `A`, `B`, …
    pub id: String,
    /// Its plate; null when not known.
    pub plate: Option<String>,
    /// Whether it is insured with us.
    pub ours: bool,
    /// Our claim for it, if there is one; staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Share of fault, `0.7`.
    pub fault: Option<String>,
    /// `unknown`, `waived`, `repair` or `total-loss`.
    pub loss: String,
    /// Repair cost, or actual value of a total loss.
    pub amount: Option<Yuan>,
    /// Agreed salvage, of a total loss.
    pub salvage_kept: Option<Yuan>,
    /// Rescue and towing.
    pub rescue: Option<Yuan>,
    /// Received from parties that are no vehicles of this accident.
    pub third_party_received: Option<Yuan>,
    /// Its covers; for the customer those of their own vehicle alone.
    pub covers: Option<CoverPage>,
}

/// Covers of a vehicle.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CoverPage {
    /// Our policy's number.
    pub policy: Option<String>,
    /// Compulsory cover.
    pub compulsory: bool,
    /// Own damage: sum insured.
    pub own_damage: Option<Yuan>,
    /// Own damage: agreed deductible.
    pub deductible: Option<Yuan>,
    /// Third-party limit.
    pub third_party: Option<Yuan>,
    /// Driver's seat limit.
    pub driver: Option<Yuan>,
    /// Limit per passenger seat.
    pub passengers: Option<Yuan>,
}

/// A person, or outside property.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VictimPage {
    /// `P1`, …
    pub id: String,
    /// Vehicle whose occupant it is.
    pub vehicle: Option<String>,
    /// `driver` or `passenger`.
    pub seat: Option<String>,
    /// Death and disability.
    pub death_disability: Yuan,
    /// Of these, mental distress.
    pub mental: Yuan,
    /// Medical.
    pub medical: Yuan,
    /// Of these, beyond the catalogue.
    pub medical_outside: Yuan,
    /// Property.
    pub property: Yuan,
}

/// A paper that is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaperPage {
    /// Code of the requirement.
    pub code: String,
    /// Kinds of paper or photo that serve.
    pub kinds: Vec<String>,
    /// How many pictures in all.
    pub count: u32,
    /// How many are there.
    pub have: u32,
}

/// A file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidencePage {
    /// Its number within the claim.
    pub number: u32,
    /// Its kind.
    pub kind: String,
    /// When it came.
    pub at: Time,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A line of damage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinePage {
    /// The part.
    pub part: String,
    /// What is seen.
    pub damage: String,
    /// What is done.
    pub operation: String,
    /// What it costs.
    pub price: Yuan,
    /// Version of the price table; null where a person set the price.
    pub table: Option<String>,
    /// The photo that shows it.
    pub photo: Option<u32>,
}

/// An assessment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssessmentPage {
    /// The vehicle.
    pub vehicle: String,
    /// The lines.
    pub lines: Vec<LinePage>,
    /// Their sum.
    pub total: Yuan,
    /// Actual value, of a total loss.
    pub actual_value: Option<Yuan>,
    /// Agreed salvage, of a total loss.
    pub salvage_kept: Option<Yuan>,
    /// Rescue and towing.
    pub rescue: Yuan,
    /// `price-table` or `person`.
    pub source: String,
    /// Whether no person was needed.
    pub automatic: bool,
    /// When.
    pub at: Time,
}

/// What is owed, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdjudicationPage {
    /// Number of the adjudication.
    pub number: u32,
    /// The sum.
    pub total: Yuan,
    /// By exposure.
    pub owed: Vec<OwedPage>,
    /// Why it was ruled so: rules with their values.
    pub because: Vec<BecausePage>,
    /// `approve`, `ask` or `refer`; staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// When.
    pub at: Time,
}

/// What one exposure is owed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwedPage {
    /// The exposure.
    pub exposure: String,
    /// The cover.
    pub cover: String,
    /// Whose policy owes.
    pub payer: String,
    /// Who receives.
    pub payee: String,
    /// Kind of loss.
    pub bucket: String,
    /// How much.
    pub amount: Yuan,
    /// How it was computed, step by step, in the viewer's language.
    pub steps: Vec<String>,
}

/// A rule that spoke.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BecausePage {
    /// Its code.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// Values of its sentence.
    pub values: Vec<(String, String)>,
}

/// An approval.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApprovalPage {
    /// Its number.
    pub number: u32,
    /// The sum approved in all.
    pub total: Yuan,
    /// Whether a rule approved it.
    pub automatic: bool,
    /// When.
    pub at: Time,
}

/// A refusal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeclinedPage {
    /// The clause.
    pub clause: String,
    /// The reason; null once erased.
    pub reason: Option<String>,
    /// Name of the person.
    pub by: String,
    /// When.
    pub at: Time,
}

/// A payee.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountPage {
    /// Vehicle or person.
    pub payee: String,
    /// The number's last four digits; null when no account is known.
    pub account: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentPage {
    /// Its reference.
    pub payment: String,
    /// The exposure.
    pub exposure: String,
    /// Who receives.
    pub payee: String,
    /// How much.
    pub amount: Yuan,
    /// `ordered`, `sent`, `confirmed`, `rejected` or `cancelled`.
    pub status: String,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelinePage {
    /// When.
    pub at: Time,
    /// Name of the event.
    pub event: String,
    /// `customer`, `staff`, `client` or `system`.
    pub by: String,
    /// An amount, where the event has one.
    pub amount: Option<Yuan>,
}

/// A message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// When.
    pub at: Time,
    /// What it says.
    pub text: String,
    /// `queued`, `waiting`, `sent` or `given-up`.
    pub status: String,
}

/// What staff see beside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffPage {
    /// The accident.
    pub incident: String,
    /// What the register says.
    pub policy: PolicyPage,
    /// What gave rise to a closer look.
    pub warnings: Vec<String>,
    /// Tasks, the first first.
    pub tasks: Vec<TaskPage>,
    /// Clocks.
    pub clocks: Vec<ClockPage>,
    /// By what the shares of fault stand.
    pub fault_source: Option<String>,
    /// What is to be claimed back.
    pub recoveries: Vec<RecoveryPage>,
    /// Reserve lines in all.
    pub reserved: Yuan,
    /// Notes and what surveyors found.
    pub notes: Vec<NotePage>,
    /// Whether a first approval waits for a second.
    pub first_approved: bool,
    /// The phone of who gave notice, in full.
    pub contact_phone: Option<String>,
    /// Version of the accident.
    pub incident_version: u64,
}

/// What the register says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyPage {
    /// The policy.
    pub policy: Option<String>,
    /// `in-force`, `not-in-force` or `not-found`.
    pub fact: String,
    /// Days from the start of cover to the accident.
    pub days: Option<i64>,
}

/// A task.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskPage {
    /// Its number.
    pub task: u32,
    /// What.
    pub kind: String,
    /// Which team.
    pub team: String,
    /// Name of the person, if somebody has it.
    pub assignee: Option<String>,
    /// When it must be done.
    pub due: Time,
    /// When it was done.
    pub done_at: Option<Time>,
    /// 1 warned, 2 ran over.
    pub escalations: u8,
    /// Codes that say more.
    pub details: Vec<(String, String)>,
}

/// A clock.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClockPage {
    /// Its code.
    pub code: String,
    /// The article, clause or promise.
    pub source: String,
    /// Whether a law sets it.
    pub legal: bool,
    /// When it ends.
    pub due: Time,
    /// Whether it stands still.
    pub stopped: bool,
    /// When it was met.
    pub met_at: Option<Time>,
}

/// Something to be claimed back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryPage {
    /// From whom.
    pub from: String,
    /// On what ground.
    pub cover: String,
    /// How much.
    pub expected: Yuan,
    /// What came.
    pub received: Yuan,
}

/// A note, or what a surveyor found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotePage {
    /// When.
    pub at: Time,
    /// Name of the writer.
    pub by: String,
    /// `note`, `inspection`, `message`, `reopening`, `rating`.
    pub kind: String,
    /// The text; null once erased.
    pub text: Option<String>,
}

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
    entries: Vec<Recorded>,
    now: Moment,
}

impl App {
    /// The page of `claim` for its customer.
    pub async fn claim_page(&self, claim: &ClaimId, words: &Words) -> Result<ClaimPage, Failure> {
        self.page(claim, words, Eyes::Customer).await
    }

    /// The page of `claim` for staff.
    pub async fn staff_claim_page(&self, claim: &ClaimId, words: &Words) -> Result<ClaimPage, Failure> {
        self.page(claim, words, Eyes::Staff).await
    }

    async fn page(&self, id: &ClaimId, words: &Words, eyes: Eyes) -> Result<ClaimPage, Failure> {
        let loaded = self.streams().load::<Claims>(id).await?;
        let notice = loaded.state.notice.clone().ok_or(Failure::NotFound)?;
        let sources = Sources {
            incident: self.streams().load::<Incidents>(&notice.incident).await?,
            books: self.streams().load::<books::Books>(id).await?,
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
            evidence: claim.evidence.iter().map(evidence).collect(),
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
            accounts: self.accounts_of(claim, &notice.vehicle)?,
            payments: sources.books.state.payments().iter().map(payment).collect(),
            timeline: sources.entries.iter().filter_map(|entry| timeline(entry, eyes)).collect(),
            messages: self.message_pages(id).await?,
            stars: claim.stars,
            person_asked: claim.person_asked,
            staff: match eyes {
                Eyes::Customer => None,
                Eyes::Staff => Some(self.staff(&sources, phone).await?),
            },
        })
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
        let steps = self.steps(sources, adjudicated.incident_version, words).await?;
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

    /// The arithmetic run again on the accident as it stood, with each line's steps in words.
    async fn steps(
        &self,
        sources: &Sources,
        version: u64,
        words: &Words,
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
            let says = line.because.iter().map(|step| crate::settlement::sentence(step, &accident, words));
            (exposure, says.collect())
        };
        Ok(statement.lines.iter().map(line_steps).collect())
    }

    async fn declined(&self, claim: &Claim) -> Result<Option<DeclinedPage>, Failure> {
        let Some(declined) = &claim.declined else { return Ok(None) };
        Ok(Some(DeclinedPage {
            clause: declined.clause.clone(),
            reason: self.reveal(&declined.reason)?,
            by: self.actor_name(&declined.by).await?,
            at: Time(declined.at),
        }))
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
            recoveries: books.recoveries().iter().map(recovery).collect(),
            reserved: Yuan(reserved),
            notes: self.notes(&sources.entries).await?,
            first_approved: claim.first_approval.is_some(),
            contact_phone: phone,
            incident_version: sources.incident.version,
        })
    }

    async fn notes(&self, entries: &[Recorded]) -> Result<Vec<NotePage>, Failure> {
        let mut notes = vec![];
        for entry in entries {
            let (kind, text) = match entry.decode::<Event>()? {
                Event::NoteAdded(note) => ("note", Some(note.text)),
                Event::Inspected(inspected) => ("inspection", Some(inspected.findings)),
                Event::PersonAsked(asked) => ("message", asked.message),
                Event::Reopened(reopened) => ("reopening", Some(reopened.reason)),
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

fn open<T: Serialize + serde::de::DeserializeOwned>(
    vault: &dyn Vault,
    private: &Private<T>,
) -> Result<Opened<T>, Failure> {
    Ok(private.open(vault, Reason::ClaimHandling)?)
}

fn covers(terms: &claim::Terms) -> CoverPage {
    CoverPage {
        policy: terms.policy.as_ref().map(ToString::to_string),
        compulsory: terms.compulsory,
        own_damage: terms.own_damage.map(|(sum_insured, _)| Yuan(sum_insured)),
        deductible: terms.own_damage.map(|(_, deductible)| Yuan(deductible)),
        third_party: terms.third_party.map(Yuan),
        driver: terms.driver.map(Yuan),
        passengers: terms.passengers.map(Yuan),
    }
}

fn victim(victim: &claim::incident::Victim) -> VictimPage {
    let seat = victim.seat.as_ref().map(|(_, seat)| match seat {
        Seat::Driver => "driver",
        Seat::Passenger => "passenger",
    });
    VictimPage {
        id: victim.id.to_string(),
        vehicle: victim.seat.as_ref().map(|(vehicle, _)| vehicle.to_string()),
        seat: seat.map(str::to_owned),
        death_disability: Yuan(victim.death_disability),
        mental: Yuan(victim.mental),
        medical: Yuan(victim.medical),
        medical_outside: Yuan(victim.medical_outside),
        property: Yuan(victim.property),
    }
}

fn evidence(accepted: &claim::events::EvidenceAccepted) -> EvidencePage {
    EvidencePage {
        number: accepted.evidence,
        kind: accepted.kind.clone(),
        at: Time(accepted.at),
        bytes: accepted.bytes,
        width: accepted.width,
        height: accepted.height,
    }
}

fn line(line: &claim::events::DamageLine) -> LinePage {
    LinePage {
        part: line.part.clone(),
        damage: line.damage.word().to_owned(),
        operation: line.operation.word().to_owned(),
        price: Yuan(line.price),
        table: line.table.clone(),
        photo: line.photo,
    }
}

fn assessment(assessed: &claim::events::Assessed) -> AssessmentPage {
    AssessmentPage {
        vehicle: assessed.vehicle.to_string(),
        lines: assessed.lines.iter().map(line).collect(),
        total: Yuan(assessed.total),
        actual_value: assessed.total_loss.map(|(value, _)| Yuan(value)),
        salvage_kept: assessed.total_loss.map(|(_, salvage)| Yuan(salvage)),
        rescue: Yuan(assessed.rescue),
        source: serde_word(&assessed.source),
        automatic: assessed.by.kind == ActorKind::System,
        at: Time(assessed.at),
    }
}

fn payment(payment: &books::Payment) -> PaymentPage {
    PaymentPage {
        payment: payment.id.to_string(),
        exposure: payment.exposure.to_string(),
        payee: payment.payee.clone(),
        amount: Yuan(payment.amount),
        status: payment.status.word().to_owned(),
    }
}

fn recovery(recovery: &books::Recovery) -> RecoveryPage {
    RecoveryPage {
        from: recovery.from.clone(),
        cover: recovery.cover.clone(),
        expected: Yuan(recovery.expected),
        received: Yuan(recovery.received),
    }
}

fn because(because: &Because) -> BecausePage {
    let values = because.values.iter().map(|(name, value)| (name.to_string(), value.clone()));
    BecausePage {
        rule: because.rule.to_string(),
        version: because.version.to_string(),
        values: values.collect(),
    }
}

/// A customer reads why something was decided, never that somebody wondered.
fn may_be_told(because: &Because) -> bool {
    because.rule != rulebook::rules::warnings::RULE.code
}

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approve",
        Verdict::Ask { .. } => "ask",
        Verdict::Refer { .. } => "refer",
    }
}

fn timeline(entry: &Recorded, eyes: Eyes) -> Option<TimelinePage> {
    let event: Event = entry.decode().ok()?;
    if eyes == Eyes::Customer && !is_for_customers(&event) {
        return None;
    }
    let amount = match &event {
        Event::Assessed(assessed) => Some(assessed.total_loss.map_or(assessed.total, |(value, _)| value)),
        Event::DamageProposed(proposed) if eyes == Eyes::Staff => Some(proposed.total),
        Event::Adjudicated(adjudicated) => Some(adjudicated.total),
        Event::Approved(approved) => Some(approved.total),
        Event::Paid(paid) => Some(paid.amount),
        Event::Closed(closed) => Some(closed.paid),
        _ => None,
    };
    Some(TimelinePage {
        at: Time(entry.at),
        event: entry.name.to_string(),
        by: entry.actor.kind.word().to_owned(),
        amount: amount.map(Yuan),
    })
}

/// What a customer's timeline tells. Everything else is how the insurer works inside.
fn is_for_customers(event: &Event) -> bool {
    match event {
        Event::Notified(_)
        | Event::ReporterJoined(_)
        | Event::Triaged(_)
        | Event::PapersRequested(_)
        | Event::EvidenceAccepted(_)
        | Event::PapersCompleted(_)
        | Event::Inspected(_)
        | Event::DamageProposed(_)
        | Event::Assessed(_)
        | Event::Approved(_)
        | Event::Declined(_)
        | Event::AccountChosen(_)
        | Event::Paid(_)
        | Event::Closed(_)
        | Event::Withdrawn(_)
        | Event::Reopened(_)
        | Event::PersonAsked(_)
        | Event::Rated(_) => true,
        Event::PolicyMatched(_)
        | Event::WarningRaised(_)
        | Event::Adjudicated(_)
        | Event::FirstApproved(_)
        | Event::NoteAdded(_)
        | Event::TaskOpened(_)
        | Event::TaskAssigned(_)
        | Event::TaskDone(_)
        | Event::TaskEscalated(_) => false,
    }
}

/// The word under which a plain enum is stored.
fn serde_word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `138****1234`; a number in another form keeps its last two digits.
fn masked_phone(phone: &str) -> String {
    match phone.parse::<lexicon::Phone>() {
        Ok(phone) => phone.masked(),
        Err(_) => format!(
            "****{}",
            phone.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<String>()
        ),
    }
}
