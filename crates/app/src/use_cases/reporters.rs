//! Second reporters of an accident: staff call them, then admit them to the claim or turn them away.

use claim::state::{Reporter, Standing};
use claim::{Ask, Claims};
use lexicon::{AccountId, ClaimId, Phone, Reason};

use crate::app::App;
use crate::decisions::{again, read_answer, write_answer};
use crate::failure::Failure;
use crate::principal::Request;
use crate::streams::{Outcome, Unit};

/// A second reporter who was admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The account that follows the claim from now on.
    pub account: AccountId,
    /// The token of a one-time link, where the account was opened for them. It is told once and kept nowhere.
    pub link: Option<String>,
}

impl App {
    /// Lets a second reporter follow `claim`: by the account through which they reported, else by the customer's account of their
    /// phone, which is opened where there is none. Admitting them again changes nothing.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn admit_reporter(
        &self,
        request: &Request,
        claim: &ClaimId,
        reporter: u32,
    ) -> Result<Admitted, Failure> {
        let mut tries = 0;
        loop {
            match self.try_admit(request, claim, reporter).await {
                Err(failure) if request.expected_version.is_none() && again(&mut tries, &failure) => {}
                Err(failure) => {
                    // A repeat finds them admitted, or turned away since.
                    let account = self.or_answered(request, Err(failure)).await?;
                    return Ok(Admitted { account, link: None });
                }
                admitted => return admitted,
            }
        }
    }

    async fn try_admit(
        &self,
        request: &Request,
        claim: &ClaimId,
        reporter: u32,
    ) -> Result<Admitted, Failure> {
        let loaded = self.streams().load::<Claims>(claim).await?;
        if request.expected_version.is_some_and(|expected| expected != loaded.version) {
            return Err(Failure::Conflict);
        }
        let mut unit = Unit::new(self.streams());
        let (account, link) = match loaded.state.reporter(reporter) {
            Some(Reporter { standing: Standing::Admitted(account), .. }) => (account.clone(), None),
            Some(Reporter { joined, standing: Standing::Waits }) => match &joined.asks {
                Some(account) => (account.clone(), None),
                None => {
                    // Who was erased cannot be called either.
                    let contact = joined.contact.open(self.vault(), Reason::ClaimHandling)?.known();
                    let contact = contact.ok_or_else(|| Failure::refused("privacy.refused.erased"))?;
                    let phone: Phone =
                        contact.phone.parse().map_err(|_| Failure::refused("reporter.refused.no-phone"))?;
                    self.customer_of(&mut unit, &contact.name, &phone).await?
                }
            },
            Some(Reporter { standing: Standing::TurnedAway, .. }) => {
                return Err(claim::Refusal::ReporterDecided.into());
            }
            None if loaded.version == 0 => return Err(Failure::NotFound),
            None => return Err(claim::Refusal::NobodyWaits.into()),
        };
        let ask = Ask::AdmitReporter { reporter, account: account.clone() };
        unit.decide(&loaded, [self.command(request, ask)])?;
        match unit.commit(request, self.now(), None, &write_answer(&account)?).await? {
            Outcome::Done => Ok(Admitted { account, link }),
            Outcome::Replayed(first) => Ok(Admitted { account: read_answer(&first)?, link: None }),
        }
    }

    /// Turns a second reporter away: they may not follow `claim`. Turning them away again changes nothing.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn turn_away_reporter(
        &self,
        request: &Request,
        claim: &ClaimId,
        reporter: u32,
    ) -> Result<(), Failure> {
        self.run::<Claims, _, _>(request, claim, None, |_| {
            Ok((vec![self.command(request, Ask::TurnAwayReporter { reporter })], ()))
        })
        .await
    }
}
