//! Grants that the owner approved: looked at, ended, saved.

use authz::{DecideError, WhyEnded};
use consent::Reader;
use types::GrantId;

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::views::{GrantExport, ShareView};

/// For whom a grant is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentFor {
    /// The owner: with all that it leaves out.
    Owner,
    /// The other side: nothing of what is left out.
    OtherSide,
}

impl ConsentFor {
    fn reader(self) -> Reader {
        match self {
            Self::Owner => Reader::Owner,
            Self::OtherSide => Reader::OtherSide,
        }
    }
}

impl Wallet {
    /// Ends a grant, for ever. When this returns, not one more answer of it leaves this process, and every other one
    /// looks the grant up before it lets an answer go.
    pub async fn end_grant(&self, id: &str) -> Result<ShareView, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            wallet.end_now(&id)?;
            wallet.with_now(|open| open.share_view(&id))
        })
        .await
    }

    /// Saves a grant: as FHIR `Consent`, and as the receipt for the other side.
    pub async fn export_grant(&self, id: &str, reader: ConsentFor) -> Result<GrantExport, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let made = open.look(|step| {
                let row = step.ledger.grants.find(id.as_str()).ok_or(DecideError::NoGrant)?;
                let patient = row.patient.clone().unwrap_or_else(|| row.person.to_string());
                let patient = format!("Patient/{patient}");
                let consent = row.grant.to_consent(&patient, row.approved, reader.reader());
                let receipt = step.receipt(&id)?;
                Ok::<_, DecideError>((row.person.clone(), consent, receipt))
            })?;
            let (person, consent, receipt) = made?;
            open.record(audit::Draft {
                person: Some(person),
                subject: Some(id.to_string()),
                ..audit::Draft::done(audit::Action::GrantExported)
            })?;
            Ok(GrantExport {
                consent: format!("{consent:#}"),
                receipt: format!("{:#}", receipt.said),
                signed: receipt.signed,
            })
        })
        .await
    }

    /// Ends a grant while nobody answers from its view. Blocks.
    pub(crate) fn end_now(&self, id: &GrantId) -> Result<(), WalletError> {
        let shown = self.with_now(|open| Ok(open.shown.clone()))?;
        let slot = shown.slot(id);
        let mut place = slot.write();
        self.with_now(|open| open.decide(|doing| Ok(doing.step.end(id, WhyEnded::Owner)?)))?;
        *place = None;
        drop(place);
        shown.drop_view(id);
        Ok(())
    }
}
