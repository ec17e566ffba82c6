//! The derivation of a line: rule codes with the numbers they used.

mod terms;
mod value;

use lexicon::{Money, Ratio};

pub(crate) use value::{base, rescue_part};

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
}
