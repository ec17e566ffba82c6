//! Why a use case did not do what was asked. Three kinds, by who must act: the person, a retry, the operator.

use std::borrow::Cow;

use journal::{AppendError, DecodeError, Unavailable};
use lexicon::VaultError;

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The person must act: an ordinary answer with a sentence.
    #[error("refused: {0}")]
    Refused(Refused),
    /// There is no such thing, or the person may not know of it.
    #[error("not found")]
    NotFound,
    /// The person may not do this.
    #[error("denied")]
    Denied,
    /// Somebody else was faster: look again and ask again.
    #[error("conflict: the version read is not the current one")]
    Conflict,
    /// The idempotency key was used for another request.
    #[error("idempotency key reused for another request")]
    KeyReused,
    /// The operator must act; asking again later may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

/// A refusal as doors show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The key of its sentence; stable.
    pub word: Cow<'static, str>,
    /// Values of the sentence, by name.
    pub values: Vec<(&'static str, String)>,
    /// The field of the form that it is about, if one.
    pub field: Option<&'static str>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.word)
    }
}

impl Refused {
    /// A refusal by its word.
    pub fn new(word: impl Into<Cow<'static, str>>) -> Refused {
        Refused { word: word.into(), values: vec![], field: None }
    }

    /// About a field.
    pub fn at(mut self, field: &'static str) -> Refused {
        self.field = Some(field);
        self
    }

    /// With a value.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Refused {
        self.values.push((name, value.to_string()));
        self
    }
}

impl Failure {
    /// A refusal by its word.
    pub fn refused(word: impl Into<Cow<'static, str>>) -> Failure {
        Failure::Refused(Refused::new(word))
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        Failure::Refused(refused)
    }
}

impl From<claim::Refusal> for Failure {
    fn from(refusal: claim::Refusal) -> Failure {
        match refusal {
            claim::Refusal::NotFound => Failure::NotFound,
            claim::Refusal::NoAuthority => Failure::Denied,
            refusal => Refused { word: refusal.word().into(), values: refusal.values(), field: None }.into(),
        }
    }
}

impl From<claim::incident::Refusal> for Failure {
    fn from(refusal: claim::incident::Refusal) -> Failure {
        match refusal {
            claim::incident::Refusal::NotReported => Failure::NotFound,
            refusal => Failure::refused(refusal.word()),
        }
    }
}

impl From<books::Refusal> for Failure {
    fn from(refusal: books::Refusal) -> Failure {
        Refused { word: refusal.word().into(), values: refusal.values(), field: None }.into()
    }
}

impl From<register::Refusal> for Failure {
    fn from(refusal: register::Refusal) -> Failure {
        Failure::refused(refusal.word())
    }
}

impl From<std::convert::Infallible> for Failure {
    fn from(never: std::convert::Infallible) -> Failure {
        match never {}
    }
}

impl From<Unavailable> for Failure {
    fn from(problem: Unavailable) -> Failure {
        Failure::Unavailable(problem.0)
    }
}

impl From<DecodeError> for Failure {
    fn from(problem: DecodeError) -> Failure {
        Failure::Unavailable(problem.to_string())
    }
}

impl From<VaultError> for Failure {
    fn from(problem: VaultError) -> Failure {
        match problem {
            VaultError::Erased => Failure::refused("privacy.refused.erased"),
            problem => Failure::Unavailable(problem.to_string()),
        }
    }
}

impl From<insight::view::FoldError> for Failure {
    fn from(problem: insight::view::FoldError) -> Failure {
        Failure::Unavailable(problem.to_string())
    }
}

impl From<AppendError> for Failure {
    fn from(problem: AppendError) -> Failure {
        match problem {
            AppendError::KeyReused => Failure::KeyReused,
            AppendError::Conflict { .. } | AppendError::Guard(_) => Failure::Conflict,
            AppendError::Unavailable(problem) => problem.into(),
        }
    }
}
