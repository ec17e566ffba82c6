//! The insurer whose pages these are.

/// What pages tell of the insurer. What is not known is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insurer {
    /// Its name, as customers know it.
    pub name: Option<String>,
    /// The number of its service desk.
    pub service_phone: Option<String>,
    /// The number of its roadside rescue.
    pub rescue_phone: Option<String>,
}
