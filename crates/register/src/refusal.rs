//! Why the register declines.

/// Why a command was declined. When several apply, the first listed here is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The number is taken.
    #[error("{}", self.word())]
    AlreadyRegistered,
    /// There is no such policy.
    #[error("{}", self.word())]
    NotRegistered,
    /// The policy was cancelled.
    #[error("{}", self.word())]
    Cancelled,
    /// Its cover would end before it begins.
    #[error("{}", self.word())]
    PeriodEmpty,
    /// It would cover nothing.
    #[error("{}", self.word())]
    NothingCovered,
    /// An amendment or cancellation would take effect outside the time of cover.
    #[error("{}", self.word())]
    OutsidePeriod,
    /// An amendment or cancellation would take effect before one that was made earlier.
    #[error("{}", self.word())]
    OutOfOrder,
}

impl Refusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(self) -> &'static str {
        match self {
            Refusal::AlreadyRegistered => "register.refused.already-registered",
            Refusal::NotRegistered => "register.refused.not-registered",
            Refusal::Cancelled => "register.refused.cancelled",
            Refusal::PeriodEmpty => "register.refused.period-empty",
            Refusal::NothingCovered => "register.refused.nothing-covered",
            Refusal::OutsidePeriod => "register.refused.outside-period",
            Refusal::OutOfOrder => "register.refused.out-of-order",
        }
    }
}
