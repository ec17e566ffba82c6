//! The derivation of a line: rule codes with the numbers they used.

use lexicon::{Money, Ratio};

use crate::{Allocation, Bucket, Exact};

/// One step of a derivation. It carries what the rule was given; [`Step::value`] is what the rule makes of it, so that a
/// stranger can check every step and the whole chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The vehicle is repaired.
    Repair {
        /// Cost of the repair.
        repair: Money,
    },
    /// The vehicle is lost: its value less the salvage kept, never below 0.
    TotalLoss {
        /// Value just before.
        actual_value: Money,
        /// Salvage kept by the owner.
        salvage_kept: Money,
    },
    /// The part of the rescue fee that fell on the vehicle: fee × insured ÷ (insured + other).
    RescuePart {
        /// The fee.
        rescue: Money,
        /// Value of the rescued vehicle.
        insured: Money,
        /// Value of other things rescued with it.
        other: Money,
    },
    /// The loss as claimed for a person or a thing.
    Claimed {
        /// The loss.
        loss: Money,
    },
    /// Mutual self-claim: the vehicle's own compulsory insurance pays its own items, which are within `limit` together.
    MutualSelfClaim {
        /// All items of the vehicle.
        own: Exact,
        /// The most they may be.
        limit: Money,
    },
    /// The limit of law that applies to the payer.
    Limit {
        /// Its kind.
        bucket: Bucket,
        /// Whether the payer is at fault.
        at_fault: bool,
        /// The limit.
        limit: Money,
    },
    /// The payer's share of the loss: loss × weight ÷ weights.
    Share {
        /// By which rule the payers were chosen.
        allocation: Allocation,
        /// The loss.
        loss: Exact,
        /// The payer's own limit.
        weight: Money,
        /// The limits of all payers of the item.
        weights: Money,
    },
    /// All shares of the payer exceed its limit: share × limit ÷ shares.
    Capped {
        /// This share.
        share: Exact,
        /// All shares of the payer in this bucket.
        shares: Exact,
        /// Its limit.
        limit: Money,
    },
    /// A further round: short × left ÷ lefts, and where the payer is asked for more than it has left, × left ÷ asked.
    Round {
        /// Its number, from 1.
        number: u8,
        /// What the item was short of.
        short: Exact,
        /// What the payer had left.
        left: Exact,
        /// What all payers of the item had left.
        lefts: Exact,
        /// What all items asked of the payer.
        asked: Exact,
    },
    /// Payment on behalf (无责代赔): min(unpaid, vehicles without fault × limit ÷ vehicles at fault) ÷ vehicles without fault.
    OnBehalf {
        /// What the damage was still short of.
        unpaid: Exact,
        /// Motor vehicles without fault.
        without_fault: usize,
        /// Their property limit.
        limit: Money,
        /// Motor vehicles at fault.
        at_fault: usize,
    },
    /// The payer claims the amount back from its driver.
    Recourse {
        /// The amount.
        amount: Money,
    },
    /// The payer steps in for an uninsured vehicle: min(share, lefts) × left ÷ lefts, rounded among those who step in.
    Shift {
        /// The uninsured vehicle.
        uninsured: usize,
        /// What it would have paid.
        share: Money,
        /// What the payer had left of its limit.
        left: Money,
        /// What all who step in had left.
        lefts: Money,
        /// What the payer steps in with.
        amount: Money,
    },
    /// What liability is counted on: loss − outside − what compulsory insurance absorbed of it.
    Base {
        /// The loss.
        loss: Exact,
        /// Its part outside the standard, or for mental distress.
        outside: Money,
        /// All compulsory shares of the item.
        ctpl: Money,
        /// Whether they absorb the outside part first.
        outside_first: bool,
    },
    /// × the vehicle's share of the fault.
    FaultShare {
        /// What is shared.
        base: Exact,
        /// The share.
        share: Ratio,
    },
    /// × the vehicle's share towards this person.
    LiabilityShare {
        /// What is shared.
        base: Exact,
        /// The share.
        share: Ratio,
    },
    /// The third-party limit is doubled.
    HolidayDoubling {
        /// The limit before.
        limit: Money,
    },
    /// Tractor and trailer share what is owed once: due × limit ÷ limits.
    TogetherWithTrailer {
        /// What both owe.
        due: Exact,
        /// The payer's own limit.
        limit: Money,
        /// The limits of all.
        limits: Money,
    },
    /// All dues exceed the third-party limit: due × limit ÷ dues.
    ThirdPartyLimit {
        /// This due.
        due: Exact,
        /// All dues of the payer.
        dues: Exact,
        /// The limit.
        limit: Money,
    },
    /// At most the seat's limit.
    SeatLimit {
        /// What is due.
        due: Exact,
        /// The limit.
        limit: Money,
    },
    /// W2014: × (1 − duty deductible).
    Duty {
        /// Before.
        pay: Exact,
        /// The deductible by fault.
        rate: Ratio,
    },
    /// The rider: × (1 − rate).
    DeductibleRate {
        /// Before.
        pay: Exact,
        /// The rider's rate.
        rate: Ratio,
    },
    /// What others pay for the damage and is deducted from it first; what is above the damage goes to the rescue fee.
    Received {
        /// From parties outside the file.
        third_party: Money,
        /// From the covers of other vehicles.
        covers: Money,
        /// The damage without rescue.
        damage: Money,
    },
    /// Repair − received − deductible, never below 0.
    PartialLoss {
        /// Cost of the repair.
        repair: Money,
        /// Deducted of what was received.
        received: Money,
        /// The agreed deductible.
        deductible: Money,
    },
    /// Sum insured − received − deductible − salvage kept, never below 0.
    SumInsuredLoss {
        /// The sum insured.
        sum_insured: Money,
        /// Deducted of what was received.
        received: Money,
        /// The agreed deductible.
        deductible: Money,
        /// Salvage kept by the owner.
        salvage_kept: Money,
    },
    /// W2014: (base − received) × (1 − duty) × (1 − rate) − deductible, never below 0.
    DutyFormula {
        /// Cost of the repair, or sum insured − salvage kept.
        base: Money,
        /// Deducted of what was received.
        received: Money,
        /// The deductible by fault.
        duty: Ratio,
        /// The rider's rate.
        rate: Ratio,
        /// The agreed deductible.
        deductible: Money,
    },
    /// The rescue fee's part − what others paid above the damage.
    RescueLeft {
        /// The part.
        part: Exact,
        /// Paid by others above the damage.
        received: Money,
    },
    /// At most the sum insured.
    SumInsured {
        /// Before.
        pay: Exact,
        /// The sum insured.
        sum_insured: Money,
    },
    /// The own-damage insurer took over a part of this line by subrogation.
    TakenOver {
        /// The line before.
        amount: Money,
        /// The part taken over.
        taken: Money,
    },
    /// To the fen: alone half up; in a group its sum half up, split by largest remainder.
    Rounded {
        /// This amount.
        exact: Exact,
        /// The exact sum of its group.
        group: Exact,
        /// What it became.
        amount: Money,
    },
}

/// A number that a step used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// An amount, in fen.
    Amount(Exact),
    /// A share, a rate.
    Rate(Ratio),
    /// A count.
    Count(usize),
    /// A vehicle.
    Vehicle(usize),
}

impl Step {
    /// Every rule code there is. Never renamed once released.
    pub const CODES: &[&str] = &[
        "loss.repair",
        "loss.total",
        "loss.rescue",
        "loss.claimed",
        "mutual.own",
        "ctpl.limit.death-disability.at-fault",
        "ctpl.limit.death-disability.no-fault",
        "ctpl.limit.medical.at-fault",
        "ctpl.limit.medical.no-fault",
        "ctpl.limit.property.at-fault",
        "ctpl.limit.property.no-fault",
        "ctpl.share.court",
        "ctpl.share.practice",
        "ctpl.cap",
        "ctpl.round",
        "ctpl.on-behalf",
        "ctpl.recourse",
        "ctpl.shift",
        "liability.base",
        "liability.base.outside-first",
        "liability.fault",
        "liability.given",
        "third-party.holiday",
        "third-party.trailer",
        "third-party.limit",
        "seat.limit",
        "duty.deductible",
        "rider.absolute-deductible-rate",
        "own-damage.received",
        "own-damage.partial",
        "own-damage.total",
        "own-damage.w2014",
        "own-damage.rescue",
        "own-damage.limit",
        "subrogation.taken-over",
        "rounding.fen",
    ];

    /// The code of the rule.
    pub const fn code(&self) -> &'static str {
        match self {
            Step::Repair { .. } => "loss.repair",
            Step::TotalLoss { .. } => "loss.total",
            Step::RescuePart { .. } => "loss.rescue",
            Step::Claimed { .. } => "loss.claimed",
            Step::MutualSelfClaim { .. } => "mutual.own",
            Step::Limit { bucket: Bucket::DeathDisability, at_fault: true, .. } => {
                "ctpl.limit.death-disability.at-fault"
            }
            Step::Limit { bucket: Bucket::DeathDisability, .. } => "ctpl.limit.death-disability.no-fault",
            Step::Limit { bucket: Bucket::Medical, at_fault: true, .. } => "ctpl.limit.medical.at-fault",
            Step::Limit { bucket: Bucket::Medical, .. } => "ctpl.limit.medical.no-fault",
            Step::Limit { bucket: Bucket::Property, at_fault: true, .. } => "ctpl.limit.property.at-fault",
            Step::Limit { bucket: Bucket::Property, .. } => "ctpl.limit.property.no-fault",
            Step::Share { allocation: Allocation::Court, .. } => "ctpl.share.court",
            Step::Share { allocation: Allocation::Practice, .. } => "ctpl.share.practice",
            Step::Capped { .. } => "ctpl.cap",
            Step::Round { .. } => "ctpl.round",
            Step::OnBehalf { .. } => "ctpl.on-behalf",
            Step::Recourse { .. } => "ctpl.recourse",
            Step::Shift { .. } => "ctpl.shift",
            Step::Base { outside_first: false, .. } => "liability.base",
            Step::Base { .. } => "liability.base.outside-first",
            Step::FaultShare { .. } => "liability.fault",
            Step::LiabilityShare { .. } => "liability.given",
            Step::HolidayDoubling { .. } => "third-party.holiday",
            Step::TogetherWithTrailer { .. } => "third-party.trailer",
            Step::ThirdPartyLimit { .. } => "third-party.limit",
            Step::SeatLimit { .. } => "seat.limit",
            Step::Duty { .. } => "duty.deductible",
            Step::DeductibleRate { .. } => "rider.absolute-deductible-rate",
            Step::Received { .. } => "own-damage.received",
            Step::PartialLoss { .. } => "own-damage.partial",
            Step::SumInsuredLoss { .. } => "own-damage.total",
            Step::DutyFormula { .. } => "own-damage.w2014",
            Step::RescueLeft { .. } => "own-damage.rescue",
            Step::SumInsured { .. } => "own-damage.limit",
            Step::TakenOver { .. } => "subrogation.taken-over",
            Step::Rounded { .. } => "rounding.fen",
        }
    }

    /// What the rule makes of its terms, in fen.
    pub fn value(&self) -> Exact {
        match self {
            Step::Repair { repair } => Exact::from(*repair),
            Step::TotalLoss { actual_value, salvage_kept } => Exact::from(actual_value.less(*salvage_kept)),
            Step::RescuePart { rescue, insured, other } => rescue_part(*rescue, *insured, *other),
            Step::Claimed { loss } => Exact::from(*loss),
            Step::MutualSelfClaim { own, .. } => own.clone(),
            Step::Limit { limit, .. } => Exact::from(*limit),
            Step::Share { loss, weight, weights, .. } => loss.pro_rata(&(*weight).into(), &(*weights).into()),
            Step::Capped { share, shares, limit } => share.pro_rata(&(*limit).into(), shares),
            Step::Round { short, left, lefts, asked, .. } => {
                let share = short.pro_rata(left, lefts);
                if asked > left { share.pro_rata(left, asked) } else { share }
            }
            Step::OnBehalf { unpaid, without_fault, limit, at_fault } => {
                let count = |number: usize| Exact::whole(i64::try_from(number).unwrap_or(i64::MAX));
                let most = Exact::from(*limit).pro_rata(&count(*without_fault), &count(*at_fault));
                unpaid.min(&most) / &count(*without_fault)
            }
            Step::Base { loss, outside, ctpl, outside_first } => base(loss, *outside, *ctpl, *outside_first),
            Step::FaultShare { base, share } | Step::LiabilityShare { base, share } => {
                base * &Exact::from(*share)
            }
            Step::HolidayDoubling { limit } => &Exact::from(*limit) + &Exact::from(*limit),
            Step::TogetherWithTrailer { due, limit, limits } => {
                due.pro_rata(&(*limit).into(), &(*limits).into())
            }
            Step::ThirdPartyLimit { due, dues, limit } => due.pro_rata(&(*limit).into(), dues),
            Step::SeatLimit { due, limit } => due.clone().min(Exact::from(*limit)),
            Step::Duty { pay, rate } | Step::DeductibleRate { pay, rate } => pay * &Exact::from(rate.rest()),
            Step::Received { third_party, covers, damage } => {
                (&Exact::from(*third_party) + &Exact::from(*covers)).min(Exact::from(*damage))
            }
            Step::PartialLoss { repair, received, deductible } => {
                Exact::from(repair.less(*received).less(*deductible))
            }
            Step::SumInsuredLoss { sum_insured, received, deductible, salvage_kept } => {
                Exact::from(sum_insured.less(*received).less(*deductible).less(*salvage_kept))
            }
            Step::DutyFormula { base, received, duty, rate, deductible } => {
                let kept = &Exact::from(duty.rest()) * &Exact::from(rate.rest());
                (&Exact::from(base.less(*received)) * &kept).less(&Exact::from(*deductible))
            }
            Step::RescueLeft { part, received } => part.less(&Exact::from(*received)),
            Step::SumInsured { pay, sum_insured } => pay.clone().min(Exact::from(*sum_insured)),
            Step::TakenOver { amount, taken } => Exact::from(amount.less(*taken)),
            Step::Recourse { amount } | Step::Shift { amount, .. } | Step::Rounded { amount, .. } => {
                Exact::from(*amount)
            }
        }
    }

    /// Appends this to a derivation and hands on its value.
    pub(crate) fn onto(self, because: &mut Vec<Step>) -> Exact {
        let value = self.value();
        because.push(self);
        value
    }

    /// The numbers that the rule used, each with the name that doors and sentences give it.
    pub fn terms(&self) -> Vec<(&'static str, Term)> {
        let money = |name, amount: &Money| (name, Term::Amount(Exact::from(*amount)));
        let exact = |name, amount: &Exact| (name, Term::Amount(amount.clone()));
        let rate = |name, rate: &Ratio| (name, Term::Rate(*rate));
        match self {
            Step::Repair { repair } => vec![money("repair", repair)],
            Step::TotalLoss { actual_value, salvage_kept } => {
                vec![money("actual_value", actual_value), money("salvage_kept", salvage_kept)]
            }
            Step::RescuePart { rescue, insured, other } => {
                vec![money("rescue", rescue), money("insured", insured), money("other", other)]
            }
            Step::Claimed { loss } => vec![money("loss", loss)],
            Step::MutualSelfClaim { own, limit } => vec![exact("own", own), money("limit", limit)],
            Step::Limit { limit, .. } => vec![money("limit", limit)],
            Step::Share { loss, weight, weights, .. } => {
                vec![exact("loss", loss), money("weight", weight), money("weights", weights)]
            }
            Step::Capped { share, shares, limit } => {
                vec![exact("share", share), exact("shares", shares), money("limit", limit)]
            }
            Step::Round { number, short, left, lefts, asked } => vec![
                ("number", Term::Count(usize::from(*number))),
                exact("short", short),
                exact("left", left),
                exact("lefts", lefts),
                exact("asked", asked),
            ],
            Step::OnBehalf { unpaid, without_fault, limit, at_fault } => vec![
                exact("unpaid", unpaid),
                ("without_fault", Term::Count(*without_fault)),
                money("limit", limit),
                ("at_fault", Term::Count(*at_fault)),
            ],
            Step::Recourse { amount } => vec![money("amount", amount)],
            Step::Shift { uninsured, share, left, lefts, amount } => vec![
                ("uninsured", Term::Vehicle(*uninsured)),
                money("share", share),
                money("left", left),
                money("lefts", lefts),
                money("amount", amount),
            ],
            Step::Base { loss, outside, ctpl, .. } => {
                vec![exact("loss", loss), money("outside", outside), money("ctpl", ctpl)]
            }
            Step::FaultShare { base, share } | Step::LiabilityShare { base, share } => {
                vec![exact("base", base), rate("share", share)]
            }
            Step::HolidayDoubling { limit } => vec![money("limit", limit)],
            Step::TogetherWithTrailer { due, limit, limits } => {
                vec![exact("due", due), money("limit", limit), money("limits", limits)]
            }
            Step::ThirdPartyLimit { due, dues, limit } => {
                vec![exact("due", due), exact("dues", dues), money("limit", limit)]
            }
            Step::SeatLimit { due, limit } => vec![exact("due", due), money("limit", limit)],
            Step::Duty { pay, rate: deducted } | Step::DeductibleRate { pay, rate: deducted } => {
                vec![exact("pay", pay), rate("rate", deducted)]
            }
            Step::Received { third_party, covers, damage } => {
                vec![money("third_party", third_party), money("covers", covers), money("damage", damage)]
            }
            Step::PartialLoss { repair, received, deductible } => {
                vec![money("repair", repair), money("received", received), money("deductible", deductible)]
            }
            Step::SumInsuredLoss { sum_insured, received, deductible, salvage_kept } => vec![
                money("sum_insured", sum_insured),
                money("received", received),
                money("deductible", deductible),
                money("salvage_kept", salvage_kept),
            ],
            Step::DutyFormula { base, received, duty, rate: rider, deductible } => vec![
                money("base", base),
                money("received", received),
                rate("duty", duty),
                rate("rate", rider),
                money("deductible", deductible),
            ],
            Step::RescueLeft { part, received } => vec![exact("part", part), money("received", received)],
            Step::SumInsured { pay, sum_insured } => {
                vec![exact("pay", pay), money("sum_insured", sum_insured)]
            }
            Step::TakenOver { amount, taken } => vec![money("amount", amount), money("taken", taken)],
            Step::Rounded { exact: before, group, amount } => {
                vec![exact("exact", before), exact("group", group), money("amount", amount)]
            }
        }
    }
}

/// Rescue fee × insured ÷ (insured + other); all of it where nothing was valued.
pub(crate) fn rescue_part(rescue: Money, insured: Money, other: Money) -> Exact {
    let whole = &Exact::from(insured) + &Exact::from(other);
    if whole.is_zero() {
        Exact::from(rescue)
    } else {
        Exact::from(rescue).pro_rata(&Exact::from(insured), &whole)
    }
}

/// Loss − outside − what compulsory insurance absorbed of it, never below 0.
pub(crate) fn base(loss: &Exact, outside: Money, ctpl: Money, outside_first: bool) -> Exact {
    let absorbed = if outside_first { ctpl.less(outside) } else { ctpl };
    loss.less(&Exact::from(outside)).less(&Exact::from(absorbed))
}
