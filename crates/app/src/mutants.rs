//! Planted bugs, by which it is proved that the simulator and the conformance suite see. Only in builds with the feature
//! `mutants`, which no product has; one of them at most is at work, named by the environment variable `ANPEI_MUTANT`.

use std::sync::OnceLock;

/// The environment variable that names the bug at work.
pub const VARIABLE: &str = "ANPEI_MUTANT";

/// Declares the bugs: what each does stands in its line, and nowhere else.
macro_rules! mutants {
    ($($(#[doc = $doc:literal])+ $mutant:ident = $name:literal,)*) => {
        /// A planted bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant {
            $($(#[doc = $doc])+ $mutant,)*
        }

        impl Mutant {
            /// Every bug.
            pub const ALL: &[Mutant] = &[$(Mutant::$mutant,)*];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Mutant::$mutant => $name,)* }
            }

            /// What it does.
            pub const fn what(self) -> &'static str {
                match self { $(Mutant::$mutant => concat!($($doc),+),)* }
            }
        }
    };
}

mutants! {
    /// The store does not look for the answer kept for a key.
    KeyNotLookedUp = "key-not-looked-up",
    /// The answer to a request is not kept with its events.
    AnswerNotKept = "answer-not-kept",
    /// A key that was used for another request gets that one's answer.
    OtherRequestReplayed = "other-request-replayed",
    /// Versions are checked before the key.
    OrderOfChecks = "order-of-checks",
    /// A write that is one version behind is admitted.
    VersionOffByOne = "version-off-by-one",
    /// Guards across streams are not checked.
    GuardNotChecked = "guard-not-checked",
    /// The second entry of an append does not stand on the first.
    ChainLinkSkipped = "chain-link-skipped",
    /// The log is linked without the hash before.
    LogLinkSkipped = "log-link-skipped",
    /// Now and then an inline view does not hear of a commit.
    ViewNotInCommit = "view-not-in-commit",
    /// Now and then an append is acknowledged and not recorded.
    AnswerBeforeCommit = "answer-before-commit",
    /// Of an append to several streams the last is left out.
    HalfRecorded = "half-recorded",
    /// An erased subject's key stays in memory.
    ErasureRemembers = "erasure-remembers",
    /// New keys are not kept before what they seal is acknowledged.
    KeysNotFlushed = "keys-not-flushed",
    /// What was decided is taken for recorded before it is.
    CacheBeforeCommit = "cache-before-commit",
    /// The checkpoint of the reactor stands above what is unfinished.
    CheckpointTooFar = "checkpoint-too-far",
    /// A reaction that meets a conflict is dropped.
    ConflictDropsReaction = "conflict-drops-reaction",
    /// A reaction that finds the store unavailable is dropped.
    UnavailableDropsReaction = "unavailable-drops-reaction",
    /// A payment is named by chance instead of by its approval.
    ReferenceByChance = "reference-by-chance",
    /// A bank that does not answer is taken to have declined.
    TimeoutIsRejection = "timeout-is-rejection",
    /// The bank is asked before it stands on disk that it will be.
    BankBeforeMark = "bank-before-mark",
    /// A set-off is recorded on the taking side alone.
    SetOffOneSided = "set-off-one-sided",
    /// Nobody asks the bank what became of a payment.
    NobodyAsksTheBank = "nobody-asks-the-bank",
    /// Clocks ring for nobody.
    NoEscalation = "no-escalation",
    /// A message that the provider did not take counts as sent.
    UnsentIsSent = "unsent-is-sent",
    /// A request that was overtaken by its own repeat gets another answer than the repeat.
    RepeatAnsweredAnew = "repeat-answered-anew",
}

/// Whether `mutant` is at work in this process.
pub fn at_work(mutant: Mutant) -> bool {
    static AT_WORK: OnceLock<Option<String>> = OnceLock::new();
    AT_WORK.get_or_init(|| std::env::var(VARIABLE).ok()).as_deref() == Some(mutant.name())
}
