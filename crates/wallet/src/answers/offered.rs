//! Resources that third parties want to have in the record.

use audit::{Access as Told, Action};
use authz::{ErrorCode, OAuthError, Presented};
use consent::{Interaction, Need, Rights};
use types::{OfferId, Secret};
use vault::OfferRow;

use super::{entry, opens_nothing};
use crate::Wallet;
use crate::authority::Care;
use crate::error::WalletError;

/// Most resources that wait under one grant.
const MAX_WAITING: u32 = 100;

impl Wallet {
    /// Puts a resource into the inbox. Blocks.
    pub(super) fn offered_now(
        &self,
        presented: &Presented,
        resource_type: String,
        json: Vec<u8>,
    ) -> Result<Result<(), OAuthError>, WalletError> {
        let admitted = match self.with_now(|open| open.admit(presented))? {
            Ok(admitted) => admitted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let need = Need { interaction: Interaction::Create, resource_type: Some(&resource_type) };
        let only = admitted.access.only.as_ref().is_none_or(|only| {
            only.iter().any(|one| {
                (one.resource == "*" || one.resource == resource_type)
                    && one.scopes.iter().any(|scope| scope == "create")
            })
        });
        let may = only && Rights::of(&admitted.row.grant.what).allows(need);
        let told = |status: u16| Told { status: Some(status), ..Told::default() }.asked("POST", &resource_type);
        let grant = &admitted.row.grant.id;
        self.with_now(|open| {
            open.decide_with(Care::Step, Secret::new(crypto::random()?), |doing| {
                let holds = doing.step.ledger.grants.find(grant.as_str()).is_some_and(|row| row.holds(doing.step.now));
                let refusal = if !holds {
                    opens_nothing()
                } else if !may {
                    OAuthError::new(ErrorCode::InsufficientScope, "this may not be created")
                } else if doing.writing.offers_under(grant)? >= MAX_WAITING {
                    OAuthError::new(ErrorCode::SlowDown, "too many resources wait for the owner")
                } else {
                    let id = OfferId::from_random(doing.step.draw.id());
                    doing.writing.add_offer(&OfferRow {
                        id,
                        person: admitted.row.person.clone(),
                        grant: grant.clone(),
                        client: admitted.access.client.clone(),
                        resource_type: resource_type.clone(),
                        received: doing.step.now,
                        json,
                    })?;
                    doing.told.push(entry(&admitted, Action::Offered, told(202)));
                    return Ok(Ok(()));
                };
                doing.told.push(entry(&admitted, Action::Denied, told(refusal.code.status())));
                Ok(Err(refusal))
            })
        })
    }
}
