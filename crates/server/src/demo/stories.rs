//! What becomes of the claims, so that every state of one can be looked at.

use app::{Failure, Role};
use claim::Stage;
use claim::events::ReopenCause;
use claim::state::DamageGuess;
use lexicon::{ClaimId, Moment};
use rulebook::{Cause, Injury};

use super::insurer::World;
use super::people::{Dice, Purse};
use super::scene::{Scene, Told};
use super::{DAYS, Plan};

/// One claim to be told.
pub(super) struct Story {
    pub(super) kind: Kind,
    pub(super) starts: Moment,
    pub(super) car: usize,
}

/// What becomes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Small and clear: paid without a person.
    Small,
    /// The same, and the customer is pleased, more or less.
    SmallRated,
    /// A customer who has not sent the papers yet.
    WaitingForPapers,
    /// Two cars: our own side is paid, the other side is not known yet.
    WaitingForOtherSide,
    /// Two cars, both settled.
    TwoCars,
    /// A surveyor, an assessor, an approver, and paid.
    Surveyed,
    /// Just reported.
    Reported,
    /// Waits for the surveyor.
    Inspecting,
    /// Waits for the assessor.
    Assessing,
    /// Waits for the approver.
    Adjudicating,
    /// The bank takes its time.
    SlowBank,
    /// The account is closed: a person must find another.
    ClosedAccount,
    /// The bank does not answer.
    DeadBank,
    /// Declined by a person, on a clause.
    Declined,
    /// Taken back.
    Withdrawn,
    /// Closed, and the customer disagrees.
    Disputed,
    /// Closed, and more damage came up.
    Supplement,
    /// The customer asks for a person.
    PersonAsked,
    /// No policy fits the plate.
    NoPolicy,
    /// A photo that stands in another claim.
    SeenPhoto,
    /// Somebody was hurt.
    Injured,
}

/// How many of 40 claims go which way, the first customer's first; how long the way is in hours; and whether it is still open, so
/// that it began within the last days.
const CAST: &[(Kind, usize, i64, bool)] = &[
    (Kind::SmallRated, 4, 60, false),
    (Kind::WaitingForPapers, 2, 4, true),
    (Kind::Adjudicating, 2, 40, true),
    (Kind::Disputed, 1, 120, false),
    (Kind::Reported, 2, 1, true),
    (Kind::Small, 9, 6, false),
    (Kind::Surveyed, 5, 80, false),
    (Kind::TwoCars, 2, 140, false),
    (Kind::WaitingForOtherSide, 1, 6, true),
    (Kind::Inspecting, 2, 2, true),
    (Kind::Assessing, 1, 26, true),
    (Kind::SlowBank, 1, 6, true),
    (Kind::ClosedAccount, 1, 6, false),
    (Kind::DeadBank, 1, 6, true),
    (Kind::Declined, 1, 80, false),
    (Kind::Withdrawn, 1, 30, false),
    (Kind::Supplement, 1, 140, false),
    (Kind::PersonAsked, 1, 6, true),
    (Kind::NoPolicy, 1, 4, true),
    (Kind::SeenPhoto, 1, 6, false),
    (Kind::Injured, 1, 30, true),
];

/// The claims of `plan`, in no order; the last of their acts lies before `end`.
pub(super) fn cast(plan: Plan, end: Moment, world: &World) -> Vec<Story> {
    let mut dice = Dice::new(plan.seed, 1);
    let mut deck = CAST.to_vec();
    let extra = CAST.iter().flat_map(|card| std::iter::repeat_n(*card, card.1 - 1));
    deck.extend(extra);
    let cars = world.insured.len();
    let mut stories = vec![];
    for number in 0..plan.claims {
        let (kind, _, hours, open) = deck[number % deck.len()];
        let latest = hours + 3;
        let earliest = if open { latest + 60 } else { DAYS * 24 - 12 };
        let starts = end.plus_seconds(-60 * dice.between(latest * 60, earliest * 60));
        stories.push(Story { kind, starts, car: number % cars });
    }
    stories
}

/// Tells one story.
pub(super) async fn tell(scene: &mut Scene, kind: Kind) -> Result<(), Failure> {
    match kind {
        Kind::Small => small(scene, Purse::Sound, Stage::Closed).await.map(|_| ()),
        Kind::SlowBank | Kind::DeadBank => {
            let purse = if kind == Kind::SlowBank { Purse::Slow } else { Purse::Dead };
            small(scene, purse, Stage::Paying).await.map(|_| ())
        }
        Kind::ClosedAccount => small(scene, Purse::Closed, Stage::Paying).await.map(|_| ()),
        Kind::SmallRated => rated(scene).await,
        Kind::Disputed => disputed(scene).await,
        Kind::Reported | Kind::Inspecting | Kind::NoPolicy => reported(scene, kind).await,
        Kind::WaitingForPapers | Kind::PersonAsked | Kind::SeenPhoto => half(scene, kind).await,
        Kind::TwoCars | Kind::WaitingForOtherSide => two_cars(scene, kind).await,
        Kind::Assessing | Kind::Adjudicating | Kind::Surveyed | Kind::Declined | Kind::Supplement => {
            surveyed(scene, kind).await
        }
        Kind::Withdrawn => withdrawn(scene).await,
        Kind::Injured => injured(scene).await,
    }
}

/// Reported with all photos and papers, damage picked on the drawing, and on to `end` by itself.
async fn small(scene: &mut Scene, purse: Purse, end: Stage) -> Result<ClaimId, Failure> {
    let told = Told { purse: Some(purse), ..Told::small(&mut scene.dice) };
    let claim = scene.report(told).await?;
    scene.wait(5, 90).await;
    let kinds = ["photo-scene", "photo-scene", "plate", "driving-licence", "vehicle-licence"];
    scene.uploads(&claim, &kinds).await?;
    scene.pick_light(&claim).await?;
    scene.until(&claim, end.word(), |claim| claim.stage == end).await?;
    Ok(claim)
}

async fn rated(scene: &mut Scene) -> Result<(), Failure> {
    let claim = small(scene, Purse::Sound, Stage::Closed).await?;
    scene.wait(600, 2_800).await;
    let (stars, comment) = *scene.dice.pick(&[
        (5, "很快，手机上就办好了。"),
        (5, ""),
        (4, "流程清楚。"),
        (4, ""),
        (3, "照片要求有点多。"),
    ]);
    scene.app().rate(&scene.customer(), &claim, stars, comment).await
}

async fn disputed(scene: &mut Scene) -> Result<(), Failure> {
    let claim = small(scene, Purse::Sound, Stage::Closed).await?;
    scene.wait(900, 5_000).await;
    scene
        .app()
        .ask_person(&scene.customer(), &claim, "修理厂说车门需要更换，金额不够，请人工再看一下。")
        .await
}

async fn reported(scene: &mut Scene, kind: Kind) -> Result<(), Failure> {
    let told = match kind {
        Kind::Inspecting => Told::heavy(&mut scene.dice),
        _ => Told::small(&mut scene.dice),
    };
    let told = Told { purse: None, unknown_plate: kind == Kind::NoPolicy, ..told };
    scene.report(told).await.map(|_| ())
}

/// Reported and begun, but not clear.
async fn half(scene: &mut Scene, kind: Kind) -> Result<(), Failure> {
    let told = Told::small(&mut scene.dice);
    let claim = scene.report(told).await?;
    scene.wait(5, 90).await;
    match kind {
        Kind::WaitingForPapers => {
            scene.uploads(&claim, &["photo-scene", "photo-scene", "plate"]).await?;
            scene.pick_light(&claim).await
        }
        Kind::SeenPhoto => {
            scene.uploads(&claim, &["photo-scene", "plate", "driving-licence", "vehicle-licence"]).await?;
            scene.upload_shared(&claim, "photo-scene").await?;
            scene.pick_light(&claim).await?;
            let known = scene.until(&claim, "known", |_| true).await?;
            // The first claim that shows the picture is a claim like any other.
            if known.warnings.is_empty() { Ok(()) } else { scene.assess_light(&claim).await }
        }
        _ => {
            scene.uploads(&claim, &["photo-scene", "plate"]).await?;
            scene.app().ask_person(&scene.customer(), &claim, "不会拍行驶证，能打电话教我吗？").await
        }
    }
}

async fn two_cars(scene: &mut Scene, kind: Kind) -> Result<(), Failure> {
    let told = Told {
        cause: Cause::RearEnd,
        story: "低速跟车时追尾前车，双方轻微受损，已在线签署协议，我方全责。",
        other: true,
        ..Told::small(&mut scene.dice)
    };
    let claim = scene.report(told).await?;
    scene.wait(10, 120).await;
    let kinds =
        ["photo-scene", "photo-scene", "plate", "driving-licence", "vehicle-licence", "joint-statement"];
    scene.uploads(&claim, &kinds).await?;
    scene.pick_light(&claim).await?;
    scene.until(&claim, "paid on our own side", |claim| claim.is_approved() && claim.is_paid()).await?;
    if kind == Kind::WaitingForOtherSide {
        return Ok(());
    }
    scene.wait(1_400, 5_000).await;
    let before = scene.until(&claim, "computed", |claim| claim.adjudicated.is_some()).await?;
    let before = before.adjudicated.as_ref().map_or(0, |adjudicated| adjudicated.number);
    scene.hear_the_other_side(&claim).await?;
    let again = |claim: &claim::Claim| claim.adjudicated.as_ref().is_some_and(|now| now.number > before);
    scene.until(&claim, "computed again", again).await?;
    scene.wait(60, 900).await;
    let open = scene.until(&claim, "computed", |_| true).await?;
    if !open.is_approved() {
        scene.approve(&claim).await?;
    }
    scene.until(&claim, "closed", |claim| claim.stage == Stage::Closed).await.map(|_| ())
}

/// The way over people, as far as `kind` goes.
async fn surveyed(scene: &mut Scene, kind: Kind) -> Result<(), Failure> {
    let told = Told::heavy(&mut scene.dice);
    let claim = scene.report(told).await?;
    scene.wait(60, 500).await;
    scene.uploads(&claim, &["photo-scene", "plate"]).await?;
    scene.inspect(&claim).await?;
    if kind == Kind::Assessing {
        return Ok(());
    }
    scene.wait(60, 900).await;
    scene.uploads(&claim, &["vin-plate", "driving-licence", "vehicle-licence", "id-card"]).await?;
    scene.assess(&claim).await?;
    scene.until(&claim, "computed", |claim| claim.adjudicated.is_some()).await?;
    if kind == Kind::Adjudicating {
        return Ok(());
    }
    scene.wait(60, 1_400).await;
    if kind == Kind::Declined {
        let approver = scene.staff(Role::SeniorApprover);
        let clause = "机动车损失保险条款 第九条";
        let reason = "经核实，事故发生时车辆正在参加竞赛，属于责任免除。可在收到通知后申请复议。";
        return scene.app().decline(&approver, &claim, clause, reason).await;
    }
    scene.approve(&claim).await?;
    scene.until(&claim, "closed", |claim| claim.stage == Stage::Closed).await?;
    if kind == Kind::Supplement {
        scene.wait(1_400, 4_300).await;
        let assessor = scene.staff(Role::Assessor);
        let reason = "拆检后发现水箱框架变形，申请追加。";
        return scene.app().reopen(&assessor, &claim, ReopenCause::Supplement, reason).await;
    }
    Ok(())
}

async fn withdrawn(scene: &mut Scene) -> Result<(), Failure> {
    let told = Told::small(&mut scene.dice);
    let claim = scene.report(told).await?;
    scene.wait(120, 1_400).await;
    scene.app().withdraw(&scene.customer(), &claim).await
}

async fn injured(scene: &mut Scene) -> Result<(), Failure> {
    let told = Told {
        cause: Cause::Crash,
        story: "路口与直行车辆相撞，对方驾驶员手腕扭伤，已送医检查，交警已到场。",
        guess: DamageGuess::Some,
        other: true,
        injury: Injury::Light,
        ..Told::small(&mut scene.dice)
    };
    let claim = scene.report(told).await?;
    scene.wait(120, 1_200).await;
    scene.uploads(&claim, &["photo-scene", "photo-scene", "plate", "accident-certificate"]).await?;
    scene.inspect(&claim).await
}
