//! Passwords of the owner's own tools.

use authz::{AppPassword, Decided, TokenFormat};
use consent::Grant;
use types::{AppPasswordId, GrantId, Secret};

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::people::checked_name;
use crate::views::AppPasswordView;

impl Wallet {
    /// All of them, newest first.
    pub async fn app_passwords(&self) -> Result<Vec<AppPasswordView>, WalletError> {
        self.with(Open::app_passwords).await
    }

    /// Makes one, for a grant, or else for everything that the person shown has here, to read. The password is given
    /// back once.
    pub async fn make_app_password(
        &self,
        name: &str,
        share: Option<&str>,
    ) -> Result<(AppPasswordView, Secret<String>), WalletError> {
        let name = checked_name(name)?;
        let share: Option<GrantId> = share.map(str::parse).transpose().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let person = open.current.clone();
            let patient = open.own_patient()?;
            let made = open.decide(|doing| {
                let grant = match share {
                    Some(grant) => grant,
                    None => {
                        let grant = Grant::everything(GrantId::from_random([0; 16]));
                        let decided = Decided {
                            grant,
                            person,
                            patient,
                            format: TokenFormat::Opaque,
                            scope: String::new(),
                            contact: None,
                            permissions: Vec::new(),
                        };
                        doing.step.grant_by_owner(decided, None)?
                    }
                };
                Ok(doing.step.make_app_password(&name, &grant)?)
            })?;
            let (id, password) = made;
            let view = open.app_passwords()?.into_iter().find(|view| view.id == id.as_str());
            Ok((view.ok_or(InputError::UnknownId)?, password))
        })
        .await
    }

    /// Takes one back. The grant it opened stays, unless it was made for it alone: then it ends.
    pub async fn remove_app_password(&self, id: &str) -> Result<Vec<AppPasswordView>, WalletError> {
        let id: AppPasswordId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let grant = wallet.with_now(|open| {
                let grant = open.look(|step| {
                    let row = step.ledger.app_passwords.find(id.as_str())?;
                    let grant = step.ledger.grants.find(row.grant.as_str());
                    Some(
                        grant
                            .filter(|row| row.client.is_none() && row.request.is_none())
                            .map(|row| row.grant.id.clone()),
                    )
                })?;
                let grant = grant.ok_or(InputError::UnknownId)?;
                open.decide(|doing| {
                    doing.step.remove_app_password(&id);
                    Ok(())
                })?;
                let mut others =
                    |grant: &GrantId| open.look(|step| step.ledger.app_passwords.iter().any(|row| row.grant == *grant));
                Ok(match grant {
                    Some(grant) if !others(&grant)? => Some(grant),
                    _ => None,
                })
            })?;
            if let Some(grant) = grant {
                wallet.end_now(&grant)?;
            }
            wallet.with_now(Open::app_passwords)
        })
        .await
    }
}

impl Open {
    fn app_passwords(&mut self) -> Result<Vec<AppPasswordView>, WalletError> {
        self.look(|step| {
            let mut all: Vec<&AppPassword> = step.ledger.app_passwords.iter().collect();
            all.sort_by_key(|row| std::cmp::Reverse(row.made));
            let view = |row: &AppPassword| AppPasswordView {
                id: row.id.to_string(),
                name: row.name.clone(),
                share: row.grant.to_string(),
                made: row.made.to_string(),
            };
            all.into_iter().map(view).collect()
        })
    }

    /// The id of the Patient that is the person shown, when a source brought one.
    fn own_patient(&self) -> Result<Option<String>, WalletError> {
        Ok(self.record_of(&self.current)?.record.patients.first().map(ToString::to_string))
    }
}
