//! What an account may act as.

use serde::{Deserialize, Serialize};

/// A role. An account can have several, except where one [stands alone](Role::stands_alone).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 车主: reports and follows their own claims.
    Customer,
    /// 客服: reports for callers and answers questions.
    ServiceDesk,
    /// 查勘员: looks at vehicles and places.
    Surveyor,
    /// 定损员: says what the damage is.
    Assessor,
    /// 高级定损员: the same for large damage and total losses.
    SeniorAssessor,
    /// 核赔员: approves up to a first limit.
    Approver,
    /// 高级核赔员: approves up to a second limit.
    SeniorApprover,
    /// 核赔负责人: approves without a limit of amount.
    ChiefApprover,
    /// 调查员: looks into what does not fit.
    Investigator,
    /// 经理: sees how the work goes and shares it out.
    Manager,
    /// 审计员: reads everything, changes nothing.
    Auditor,
    /// 管理员: keeps accounts and settings, sees no claim.
    Administrator,
    /// Another program.
    Client,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 13] = [
        Role::Customer,
        Role::ServiceDesk,
        Role::Surveyor,
        Role::Assessor,
        Role::SeniorAssessor,
        Role::Approver,
        Role::SeniorApprover,
        Role::ChiefApprover,
        Role::Investigator,
        Role::Manager,
        Role::Auditor,
        Role::Administrator,
        Role::Client,
    ];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::ServiceDesk => "service-desk",
            Role::Surveyor => "surveyor",
            Role::Assessor => "assessor",
            Role::SeniorAssessor => "senior-assessor",
            Role::Approver => "approver",
            Role::SeniorApprover => "senior-approver",
            Role::ChiefApprover => "chief-approver",
            Role::Investigator => "investigator",
            Role::Manager => "manager",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Client => "client",
        }
    }

    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether a person of the insurer has it.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Role::Customer | Role::Client)
    }

    /// Whether an account that has it has no other: who keeps the accounts, who audits, who decides and who asks are
    /// different people, and a program is no person.
    pub const fn stands_alone(self) -> bool {
        matches!(self, Role::Customer | Role::Auditor | Role::Administrator | Role::Client)
    }
}
