//! What people do in a story, each act through its use case.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::{App, Failure, Notice, Request, Role};
use claim::command::Pick;
use claim::events::{BankAccount, Contact};
use claim::incident::{LossStated, PartyId};
use claim::state::{Channel, DamageGuess};
use claim::{Claim, Claims, Terms};
use lexicon::{ClaimId, Moment, Money, Ratio, Wgs84};
use rulebook::tables::Damage;
use rulebook::{AmountSource, Cause, FaultSource, Injury};

use super::director::Director;
use super::insurer::{Insured, World};
use super::people::{self, Dice, Purse};
use super::pictures::{Motif, picture};
use super::stories::Story;

/// What follows by itself is waited for at most this long, in real time.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(4);
/// Told so long after the accident, a notice would be late.
const LATE_SECONDS: i64 = 44 * 3_600;
/// A picture that several claims show.
const SHARED_PICTURE: u64 = (1 << 40) - 1;

/// Places with their position.
const PLACES: &[(&str, f64, f64)] = &[
    ("北京市朝阳区建国路与西大望路交叉口", 39.9087, 116.4716),
    ("北京市海淀区中关村大街地铁站出口外", 39.9841, 116.3165),
    ("北京市丰台区南三环中路辅路", 39.8565, 116.3980),
    ("上海市浦东新区世纪大道近张杨路", 31.2285, 121.5265),
    ("上海市静安区南京西路地下车库", 31.2304, 121.4560),
    ("广州市天河区体育东路停车场出口", 23.1353, 113.3275),
    ("深圳市南山区深南大道辅道", 22.5405, 113.9450),
    ("杭州市西湖区文三路与学院路口", 30.2767, 120.1220),
    ("南京市鼓楼区中央路小区门口", 32.0720, 118.7830),
];

/// A claim in the making: whose car, when, and the people around it.
pub(super) struct Scene {
    world: Arc<World>,
    director: Arc<Director>,
    pub(super) dice: Dice,
    car: Insured,
    hour: Moment,
}

/// What the reporter tells.
pub(super) struct Told {
    pub(super) cause: Cause,
    pub(super) story: &'static str,
    pub(super) guess: DamageGuess,
    pub(super) other: bool,
    pub(super) injury: Injury,
    pub(super) purse: Option<Purse>,
    /// The plate is that of no car insured here.
    pub(super) unknown_plate: bool,
}

impl Told {
    /// A single car, light damage, nobody hurt, and where to pay.
    pub(super) fn small(dice: &mut Dice) -> Told {
        let (cause, story) = *dice.pick(&[
            (Cause::Scrape, "出地库时右侧剐蹭立柱，漆面划伤。"),
            (Cause::Object, "掉头时碰到路边护栏，保险杠有划痕。"),
            (Cause::Reversing, "倒车入位时蹭到墙角，后保险杠掉漆。"),
            (Cause::Object, "躲避电动车时剐到隔离墩，车门划伤。"),
        ]);
        let (guess, injury) = (DamageGuess::Light, Injury::None);
        Told { cause, story, guess, other: false, injury, purse: Some(Purse::Sound), unknown_plate: false }
    }

    /// Heavy damage that a surveyor looks at.
    pub(super) fn heavy(dice: &mut Dice) -> Told {
        let (cause, story) = *dice.pick(&[
            (Cause::Object, "雨天路滑失控，车头撞上中央护栏，无法行驶。"),
            (Cause::Object, "避让行人时撞到灯杆，前部受损，已叫拖车。"),
            (Cause::Other, "路面塌陷，右前轮陷入坑中，底盘和前杠受损。"),
        ]);
        Told { cause, story, guess: DamageGuess::Heavy, ..Told::small(dice) }
    }
}

impl Scene {
    pub(super) fn new(
        world: Arc<World>,
        director: Arc<Director>,
        number: usize,
        story: &Story,
        seed: u64,
    ) -> Scene {
        let car = world.insured[story.car].clone();
        Scene { world, director, dice: Dice::new(seed, 1_000 + number as u64), car, hour: story.starts }
    }

    /// The hour since which it acts.
    pub(super) fn hour(&self) -> Moment {
        self.hour
    }

    pub(super) fn app(&self) -> &App {
        &self.world.app
    }

    /// Somebody who acts as `role`.
    pub(super) fn staff(&self, role: Role) -> Request {
        self.world.staff(role)
    }

    /// The customer, or the service desk for one who calls.
    pub(super) fn customer(&self) -> Request {
        match &self.car.customer {
            Some(principal) => Request::of(principal.clone(), app::words::Lang::Zh),
            None => self.staff(Role::ServiceDesk),
        }
    }

    /// Lets between `least` and `most` minutes go by.
    pub(super) async fn wait(&mut self, least: i64, most: i64) {
        let began = self.hour;
        self.hour = self.hour.plus_seconds(60 * self.dice.between(least, most));
        self.director.wait_until(began, self.hour).await;
    }

    /// Waits until what follows by itself has made `fits` true of the claim.
    pub(super) async fn until(
        &self,
        claim: &ClaimId,
        what: &'static str,
        fits: impl Fn(&Claim) -> bool,
    ) -> Result<Arc<Claim>, Failure> {
        let look = async {
            loop {
                let state = self.app().streams().load::<Claims>(claim).await?.state;
                if fits(&state) {
                    return Ok(state);
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        let missing = || Failure::Unavailable(format!("claim {claim} did not come to be {what}"));
        tokio::time::timeout(PATIENCE, look).await.map_err(|_| missing())?
    }

    /// When the accident was. A story that is told late, because the system has to be ready, is told of the last two days.
    fn occurred_at(&mut self) -> Moment {
        let now = self.app().now();
        let planned = self.hour.plus_seconds(-60 * self.dice.between(15, 240));
        let late = now.seconds_since(planned) >= LATE_SECONDS;
        let occurred_at = if late { now.plus_seconds(-60 * self.dice.between(15, 2_000)) } else { planned };
        self.car.plate = self.world.crash(&self.car.plate, occurred_at);
        occurred_at
    }

    /// Gives notice.
    pub(super) async fn report(&mut self, told: Told) -> Result<ClaimId, Failure> {
        let occurred_at = self.occurred_at();
        let (place, latitude, longitude) = *self.dice.pick(PLACES);
        let near = |coordinate: f64, dice: &mut Dice| coordinate + dice.between(-400, 400) as f64 / 100_000.0;
        let position = Wgs84::new(near(latitude, &mut self.dice), near(longitude, &mut self.dice)).ok();
        let drawn = self.dice.below(90_000) as usize;
        let mut strange = || {
            let plate = people::plate(&mut self.dice, false, drawn % 10_000);
            plate.parse().map_err(|_| Failure::Unavailable("a drawn plate is not sound".to_owned()))
        };
        let others = if told.other { vec![Some(strange()?)] } else { vec![] };
        let plate = if told.unknown_plate { strange()? } else { self.car.plate.clone() };
        let account = told.purse.map(|purse| self.account(purse));
        let channel = if self.car.customer.is_some() { Channel::Page } else { Channel::Phone };
        let notice = Notice {
            occurred_at,
            cause: told.cause,
            place: place.to_owned(),
            position,
            injury: told.injury,
            other_property: false,
            plate,
            others,
            story: told.story.to_owned(),
            contact: Contact { name: self.car.holder.clone(), phone: self.car.phone.clone() },
            guess: told.guess,
            fault: told.other.then_some((Ratio::ONE, FaultSource::Agreed)),
            self_claim: false,
            account,
            channel,
        };
        let taken = self.app().take_notice(&self.customer(), notice).await?;
        self.until(&taken.claim, "graded", |claim| claim.severity.is_some()).await?;
        Ok(taken.claim)
    }

    fn account(&mut self, purse: Purse) -> BankAccount {
        BankAccount { name: self.car.holder.clone(), number: purse.card(&mut self.dice) }
    }

    /// Uploads a picture of `kind`; its number within the claim.
    pub(super) async fn upload(&self, claim: &ClaimId, kind: &str) -> Result<u32, Failure> {
        self.show(claim, kind, self.world.pictures.fetch_add(1, Ordering::Relaxed)).await
    }

    /// Uploads a picture that other claims show too.
    pub(super) async fn upload_shared(&self, claim: &ClaimId, kind: &str) -> Result<u32, Failure> {
        self.show(claim, kind, SHARED_PICTURE).await
    }

    async fn show(&self, claim: &ClaimId, kind: &str, number: u64) -> Result<u32, Failure> {
        let motif = match kind {
            "photo-scene" | "photo-whole-car" => Motif::Scene,
            "photo-damage" => Motif::Damage,
            "plate" => Motif::Plate,
            _ => Motif::Paper,
        };
        let bytes = picture(motif, number).map_err(|problem| Failure::Unavailable(problem.to_string()))?;
        Ok(self.app().add_evidence(&self.customer(), claim, kind, None, bytes).await?.evidence)
    }

    /// Uploads pictures of `kinds`, one after the other.
    pub(super) async fn uploads(&self, claim: &ClaimId, kinds: &[&str]) -> Result<(), Failure> {
        for kind in kinds {
            self.upload(claim, kind).await?;
        }
        Ok(())
    }

    /// The customer shows light damage and picks it on the drawing.
    pub(super) async fn pick_light(&mut self, claim: &ClaimId) -> Result<(), Failure> {
        let part = *self.dice.pick(&[
            "front-bumper",
            "rear-bumper",
            "front-door-left",
            "front-door-right",
            "rear-door-left",
            "front-fender-right",
        ]);
        let photo = Some(self.upload(claim, "photo-damage").await?);
        let picks = vec![pick(part, Damage::Scratch, photo)];
        self.app().propose_damage(&self.customer(), claim, picks).await
    }

    /// The surveyor looks at the car.
    pub(super) async fn inspect(&self, claim: &ClaimId) -> Result<(), Failure> {
        let findings = "现场与描述一致，前部碰撞痕迹新鲜，气囊未弹出，里程表读数已拍照。";
        self.app().inspect(&self.staff(Role::Surveyor), claim, findings, None).await
    }

    /// The assessor puts light damage at an amount, where the price table may not do so alone.
    pub(super) async fn assess_light(&self, claim: &ClaimId) -> Result<(), Failure> {
        let picks = vec![pick("rear-bumper", Damage::Scratch, Some(1))];
        let assessor = self.staff(Role::Assessor);
        self.app().assess(&assessor, claim, PartyId::vehicle(0), picks, None, Money::ZERO).await
    }

    /// The assessor puts heavy damage at an amount.
    pub(super) async fn assess(&mut self, claim: &ClaimId) -> Result<(), Failure> {
        let photo = Some(self.upload(claim, "photo-damage").await?);
        let mut picks = vec![
            pick("front-bumper", Damage::Broken, photo),
            pick("hood", Damage::Dent, photo),
            pick("headlamp-left", Damage::Broken, photo),
            pick("radiator", Damage::Broken, photo),
            pick("front-fender-left", Damage::Broken, photo),
        ];
        if self.dice.below(2) == 0 {
            picks.push(pick("condenser", Damage::Broken, photo));
            picks.push(pick("headlamp-right", Damage::Broken, photo));
        }
        let assessor = self.staff(Role::Assessor);
        self.app().assess(&assessor, claim, PartyId::vehicle(0), picks, None, Money::ZERO).await
    }

    /// Whoever may approve so much does.
    pub(super) async fn approve(&self, claim: &ClaimId) -> Result<(), Failure> {
        let claims = self.until(claim, "computed", |claim| claim.adjudicated.is_some()).await?;
        let total = claims.adjudicated.as_ref().map_or(Money::ZERO, |adjudicated| adjudicated.total);
        let above = |yuan| total > Money::from_yuan(yuan);
        let roles: &[Role] = match () {
            () if above(100_000) => &[Role::ChiefApprover],
            () if above(50_000) => &[Role::SeniorApprover, Role::ChiefApprover],
            () if above(20_000) => &[Role::SeniorApprover],
            () => &[Role::Approver],
        };
        let seen = claims.adjudicated.as_ref().map_or(0, |adjudicated| adjudicated.number);
        for role in roles {
            self.app().approve(&self.staff(*role), claim, seen).await?;
        }
        Ok(())
    }

    /// The service desk finds out about the other side: insured elsewhere, and what its damage is.
    pub(super) async fn hear_the_other_side(&mut self, claim: &ClaimId) -> Result<(), Failure> {
        let (desk, other) = (self.staff(Role::ServiceDesk), PartyId::vehicle(1));
        let terms = Terms { compulsory: true, ..Terms::default() };
        self.app().state_terms(&desk, claim, other.clone(), terms).await?;
        let stated = LossStated {
            vehicle: other.clone(),
            repair: Money::from_yuan(self.dice.between(6, 18) * 100),
            total_loss: None,
            rescue: Money::ZERO,
            third_party_received: Money::ZERO,
            source: AmountSource::Person,
        };
        self.app().state_loss(&desk, claim, stated).await?;
        let account =
            BankAccount { name: people::name(&mut self.dice), number: Purse::Sound.card(&mut self.dice) };
        self.app().choose_account(&desk, claim, Some(other), &account).await
    }
}

fn pick(part: &str, damage: Damage, photo: Option<u32>) -> Pick {
    Pick { part: part.to_owned(), damage, operation: None, photo, price: None }
}
