//! Checking cards with what the caller brings: no vault, no network, as of any moment.

use credentials::{Card, CardInput, Crl, IssuerKeys, KeySet, ReadError, Standing, Unverified, Verdict};
use crypto::Jwks;
use jiff::Timestamp;
use thiserror::Error;

use crate::cards::{card_view, verdict_view};
use crate::error::WalletError;
use crate::now;
use crate::views::{CardView, VerdictView};

/// What is brought for an offline check: an issuer's keys and lists, and the moment that counts.
#[derive(Debug)]
pub struct OfflineKeys {
    at: Timestamp,
    keys: Option<(Jwks, Option<String>)>,
    lists: Vec<Crl>,
}

/// What is brought cannot be used.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum OfflineKeysError {
    /// Not a JWKS with a key.
    #[error("the file is not a set of keys")]
    NotKeys,
    /// Not a list of withdrawn cards.
    #[error("the file is not a list of withdrawn cards")]
    NotAList,
}

/// Cards with their verdicts, and what stood beside them.
#[derive(Debug)]
pub struct OfflineCheck {
    /// The cards that could be read.
    pub cards: Vec<CardView>,
    /// What could not; [`WalletError::card_verdict`] says what that means for the card.
    pub unreadable: Vec<WalletError>,
}

impl OfflineKeys {
    /// Nothing but the moment; `None` is now.
    pub fn at(at: Option<Timestamp>) -> Self {
        Self { at: at.unwrap_or_else(now), keys: None, lists: Vec::new() }
    }

    /// With the keys of the issuer of that address, or, without one, of the issuer that each card names.
    ///
    /// # Errors
    /// [`OfflineKeysError::NotKeys`].
    pub fn with_keys(self, jwks: &[u8], issuer: Option<String>) -> Result<Self, OfflineKeysError> {
        let jwks = Jwks::parse(jwks).ok().filter(|jwks| !jwks.keys.is_empty()).ok_or(OfflineKeysError::NotKeys)?;
        Ok(Self { keys: Some((jwks, issuer)), ..self })
    }

    /// With a list of withdrawn cards, as it stood then.
    ///
    /// # Errors
    /// [`OfflineKeysError::NotAList`].
    pub fn with_list(mut self, list: &[u8], dated: Timestamp) -> Result<Self, OfflineKeysError> {
        self.lists.push(Crl::parse(list, dated).map_err(|_| OfflineKeysError::NotAList)?);
        Ok(self)
    }

    /// Checks every card in a file or a text.
    ///
    /// # Errors
    /// [`WalletError::Card`] when there is not one card in it.
    pub fn check(&self, bytes: &[u8]) -> Result<OfflineCheck, WalletError> {
        let read = Card::read(CardInput::Bytes(bytes))?;
        Ok(OfflineCheck {
            cards: read.cards.iter().map(|card| card_view(card, &self.verdict(card), None)).collect(),
            unreadable: read.unreadable.into_iter().map(WalletError::from).collect(),
        })
    }

    fn verdict(&self, card: &Unverified) -> Verdict {
        let claims = card.claims();
        let list = self.lists.iter().find(|list| claims.kid.as_deref() == Some(list.kid()));
        let Some((jwks, issuer)) = &self.keys else { return card.verify(IssuerKeys::Unavailable, self.at, list) };
        let issuer = issuer.as_deref().unwrap_or(&claims.issuer);
        let keys = KeySet::new(issuer, jwks, self.at, Standing::Address);
        // When the keys were fetched is not known: they were brought as a file.
        Verdict { keys_date: None, ..card.verify(IssuerKeys::Known(&keys), self.at, list) }
    }
}

impl WalletError {
    /// What the error means for the card that could not be read; `None` where it is about something else.
    pub fn card_verdict(&self) -> Option<VerdictView> {
        let Self::Card(error) = self else { return None };
        let error: &ReadError = error;
        Some(verdict_view(&Verdict::unreadable(error)))
    }
}
