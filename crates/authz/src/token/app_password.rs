//! Passwords of the owner's own tools, each for one grant.

use types::{AppPasswordId, GrantId, Secret};

use crate::{AppPassword, DecideError, Step, fingerprint};

impl Step<'_> {
    /// A password that opens one grant at the wallet's own FHIR server, by HTTP Basic under its id. It is shown once;
    /// only its hash is kept. It goes when the grant ends.
    ///
    /// # Errors
    /// [`DecideError::NoGrant`], [`DecideError::Ended`].
    pub fn make_app_password(
        &mut self,
        name: &str,
        grant: &GrantId,
    ) -> Result<(AppPasswordId, Secret<String>), DecideError> {
        self.ledger.grants.find(grant.as_str()).ok_or(DecideError::NoGrant)?;
        self.holding(grant).ok_or(DecideError::Ended)?;
        let (id, password) = (AppPasswordId::from_random(self.draw.id()), self.draw.text());
        self.ledger.app_passwords.put(AppPassword {
            id: id.clone(),
            name: name.to_owned(),
            hash: fingerprint(password.expose()),
            grant: grant.clone(),
            made: self.now,
            failed: 0,
            failed_at: None,
        });
        Ok((id, password))
    }

    /// Takes a password back; whether there was one.
    pub fn remove_app_password(&mut self, id: &AppPasswordId) -> bool {
        self.ledger.app_passwords.remove(id.as_str()).is_some()
    }
}
