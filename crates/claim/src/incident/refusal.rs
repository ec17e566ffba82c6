//! Why an incident declined a command.

/// An ordinary answer, shown to whoever asked. When several apply, the first listed here is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.word())]
pub enum Refusal {
    /// Nothing was reported under this id.
    NotReported,
    /// It was reported before.
    AlreadyReported,
    /// No vehicle of that name.
    NoSuchVehicle,
    /// Another claim stands on that vehicle.
    VehicleHasClaim,
    /// More vehicles or people than a settlement can hold.
    TooManyParties,
    /// A vehicle or person by a name that is not its own: `A`, `B`, … and `P1`, `P2`, …
    BadParty,
    /// A share outside 0..1, or shares that sum above 1.
    BadShares,
    /// An amount below 0.00.
    NegativeAmount,
    /// A part that is larger than its whole.
    PartAboveWhole,
    /// A total loss needs the actual value.
    NoActualValue,
    /// A second driver of one vehicle.
    TwoDrivers,
}

impl Refusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(self) -> &'static str {
        match self {
            Refusal::NotReported => "incident.refused.not-reported",
            Refusal::AlreadyReported => "incident.refused.already-reported",
            Refusal::NoSuchVehicle => "incident.refused.no-such-vehicle",
            Refusal::VehicleHasClaim => "incident.refused.vehicle-has-claim",
            Refusal::BadParty => "incident.refused.bad-party",
            Refusal::TooManyParties => "incident.refused.too-many-parties",
            Refusal::BadShares => "incident.refused.bad-shares",
            Refusal::NegativeAmount => "incident.refused.negative-amount",
            Refusal::PartAboveWhole => "incident.refused.part-above-whole",
            Refusal::NoActualValue => "incident.refused.no-actual-value",
            Refusal::TwoDrivers => "incident.refused.two-drivers",
        }
    }
}
