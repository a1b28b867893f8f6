//! Whom the owner knows, and whom the owner trusts to say who somebody is.

use authz::{Contact, Issuer, proof_text};
use consent::{Grant, Party, Proof};
use types::{ContactId, GrantId, ServerUrl};

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::grants::sentences;
use crate::open::Open;
use crate::people::checked_name;
use crate::requests::proof_of;
use crate::views::{ContactView, Sentence, TrustedIssuerView};

/// Most proofs of one contact.
const MAX_PROOFS: usize = 20;

impl Wallet {
    /// Everybody the owner knows, by name.
    pub async fn contacts(&self) -> Result<Vec<ContactView>, WalletError> {
        self.with(Open::contacts).await
    }

    /// Notes somebody down, with what proves that it is them: `did:…`, `idToken ISSUER SUBJECT`,
    /// `credential TYPE ISSUER`, `client ID`.
    pub async fn add_contact(&self, name: &str, proofs: Vec<String>) -> Result<ContactView, WalletError> {
        let name = checked_name(name)?;
        let understood = proofs
            .iter()
            .all(|text| proof_of(text).is_some_and(|proof| proof != Proof::Owner && proof_text(&proof) == *text));
        if proofs.is_empty() || proofs.len() > MAX_PROOFS || !understood {
            return Err(InputError::NotAProof.into());
        }
        self.with(move |open| {
            let id = open.decide(|doing| {
                let id = ContactId::from_random(doing.step.draw.id());
                let since = doing.step.now;
                let (blocked, compared) = (None, None);
                doing.step.ledger.contacts.put(Contact { id: id.clone(), name, proofs, since, blocked, compared });
                Ok(id)
            })?;
            let all = open.contacts()?;
            Ok(all.into_iter().find(|contact| contact.id == id.as_str()).ok_or(InputError::UnknownId)?)
        })
        .await
    }

    /// Takes somebody out. Grants they have stay as they are.
    pub async fn remove_contact(&self, id: &str) -> Result<Vec<ContactView>, WalletError> {
        let id: ContactId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            open.decide(|doing| {
                doing.step.ledger.contacts.remove(id.as_str()).ok_or(InputError::UnknownId)?;
                Ok(())
            })?;
            open.contacts()
        })
        .await
    }

    /// The owner does not want to hear of somebody again: what they ask is refused unseen.
    pub async fn block_contact(&self, id: &str) -> Result<Vec<ContactView>, WalletError> {
        let id: ContactId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            open.decide(|doing| Ok(doing.step.block_contact(&id).map_err(|_| InputError::UnknownId)?))?;
            open.contacts()
        })
        .await
    }

    /// Issuers that the owner trusts to say who somebody is.
    pub async fn trusted_issuers(&self) -> Result<Vec<TrustedIssuerView>, WalletError> {
        self.with(Open::trusted_issuers).await
    }

    /// Trusts an issuer: by its address, of `id_token`s; by its DID, of credentials. What it publishes is fetched when
    /// somebody proves themselves by it.
    pub async fn trust_issuer(&self, issuer: &str, name: &str) -> Result<Vec<TrustedIssuerView>, WalletError> {
        let name = checked_name(name)?;
        if issuer.trim().parse::<did::Did>().is_err() {
            ServerUrl::parse(issuer).map_err(InputError::Address)?;
        }
        // Issuers are compared letter by letter (OpenID Connect Discovery §4.3): it is kept as it was typed.
        let issuer = issuer.trim().to_owned();
        self.with(move |open| {
            open.decide(|doing| {
                let since = doing.step.now;
                doing.step.ledger.issuers.put(Issuer { issuer, name, since });
                Ok(())
            })?;
            open.trusted_issuers()
        })
        .await
    }

    /// Trusts an issuer no more.
    pub async fn distrust_issuer(&self, issuer: &str) -> Result<Vec<TrustedIssuerView>, WalletError> {
        let issuer = issuer.trim().to_owned();
        self.with(move |open| {
            open.decide(|doing| {
                doing.step.ledger.issuers.remove(&issuer).ok_or(InputError::UnknownId)?;
                Ok(())
            })?;
            open.trusted_issuers()
        })
        .await
    }
}

impl Open {
    fn contacts(&mut self) -> Result<Vec<ContactView>, WalletError> {
        let mut all: Vec<ContactView> = self.look(|step| step.ledger.contacts.iter().map(contact_view).collect())?;
        all.sort_by_key(|contact| contact.name.to_lowercase());
        Ok(all)
    }

    fn trusted_issuers(&mut self) -> Result<Vec<TrustedIssuerView>, WalletError> {
        self.look(|step| {
            let view = |row: &Issuer| TrustedIssuerView {
                issuer: row.issuer.clone(),
                name: row.name.clone(),
                since: row.since.to_string(),
            };
            step.ledger.issuers.iter().map(view).collect()
        })
    }
}

pub(crate) fn contact_view(contact: &Contact) -> ContactView {
    ContactView {
        id: contact.id.to_string(),
        name: contact.name.clone(),
        proofs: contact.proofs.iter().filter_map(|proof| proof_sentence(proof, &contact.name)).collect(),
        since: contact.since.to_string(),
        blocked: contact.blocked.is_some(),
        compared: contact.compared.is_some(),
    }
}

/// A proof as a sentence, with the name of whoever it is.
pub(crate) fn proof_sentence(proof: &str, name: &str) -> Option<Sentence> {
    let who = Party { name: name.to_owned(), proof: proof_of(proof)? };
    let grant = Grant { who, ..Grant::everything(GrantId::from_random([0; 16])) };
    // The first sentence of every grant says who.
    sentences(&grant, &|_| None).into_iter().next()
}
