//! The steps of one launch, in order.

use std::time::Duration;

use audit::Action;
use fetch::{Accept, Limits};
use smart::{Granted, Identity, KeysAt, Launch, Redirect, Scopes, UncheckedIdentity};
use types::{ConnectionId, Secret};
use vault::Connected;

use super::discover::{Discovered, answer_of};
use super::{Aim, LaunchError, Run};
use crate::connections::{ClientKey, Details, state_code};
use crate::error::WalletError;
use crate::loopback::{Loopback, Shown};
use crate::tokens::{ClientOf, vault_tokens};
use crate::views::{ConnectionState, Kind, LaunchStage};
use crate::{Wallet, now};

impl Wallet {
    /// From the address to the connection.
    pub(super) async fn connect(&self, run: &Run, aim: &Aim) -> Result<ConnectionId, WalletError> {
        let found = self.discover(&aim.base).await?;
        let name = aim.name.clone().or_else(|| found.capability.as_ref().and_then(|c| c.name.clone()));
        let name = name.unwrap_or_else(|| aim.base.host().to_owned());
        run.change(|view| view.name.clone_from(&name));

        let loopback = Loopback::open().await.map_err(LaunchError::Port)?;
        let redirect = Redirect::loopback(loopback.port());
        let client = self.client_for(&found, aim.client_id.as_deref(), &redirect).await?;
        let scopes = Scopes::for_launch(&found.configuration);
        let (asks, asks_offline) = asked(&scopes);
        let random = Secret::new(crypto::random::<96>()?);
        let begun = Launch::begin(&found.configuration, client.client.clone(), redirect, scopes, &random, now());
        let (url, waiting) = begun.map_err(LaunchError::Client)?;
        run.waits(&url, waiting.ends(), asks, asks_offline);
        if let Err(error) = (self.shared.open_browser)(&url) {
            // The address can still be copied and opened by hand: the launch goes on waiting.
            run.change(|view| view.error = Some(WalletError::from(LaunchError::Browser(error)).view()));
        }

        let left = waiting.ends().duration_since(now());
        let comes_back = loopback.wait(|query| match waiting.callback(query, now()) {
            Err(error) if error.is_foreign() => None,
            answer => Some(answer),
        });
        let left = Duration::try_from(left).unwrap_or_default();
        let came = tokio::time::timeout(left, comes_back).await.map_err(|_| LaunchError::TimedOut)?;
        let (answer, caller) = came.map_err(LaunchError::Port)?;
        caller.answer(if answer.is_ok() { Shown::Done } else { Shown::Failed }).await;
        drop(loopback);
        let code = answer.map_err(LaunchError::Callback)?;

        run.change(|view| {
            view.stage = LaunchStage::Exchanging;
            view.error = None;
        });
        let proof = self.proof(&client, waiting.token_endpoint()).await?;
        let (request, redeeming) = waiting.redeem(code, &proof).map_err(LaunchError::Client)?;
        let response = self.fetch().send(request, Limits::token()).await?;
        let mut granted = redeeming.answer(&response, now()).map_err(LaunchError::Token)?;
        self.prove(granted.identity.take()).await?;
        self.keep(aim, name, &found, client, granted).await
    }

    /// Verifies who signed in, where the system says it.
    async fn prove(&self, identity: Option<UncheckedIdentity>) -> Result<Option<Identity>, WalletError> {
        let Some(mut identity) = identity else { return Ok(None) };
        let keys = loop {
            match identity.keys_at().map_err(LaunchError::Identity)? {
                KeysAt::Keys(url) => break url,
                KeysAt::Discovery(url) => {
                    let answer = self.fetch().get(&url, Accept::Json, None, Limits::document()).await?;
                    identity = identity.discovered(&answer_of(&answer)).map_err(LaunchError::Identity)?;
                }
            }
        };
        let answer = self.fetch().get(&keys, Accept::Json, None, Limits::document()).await?;
        Ok(Some(identity.verify(&answer_of(&answer), now()).map_err(LaunchError::Identity)?))
    }

    /// Keeps the connection with its tokens. Connecting the same patient of the same system once more is signing in
    /// again: nothing stands twice.
    async fn keep(
        &self,
        aim: &Aim,
        name: String,
        found: &Discovered,
        client: ClientOf,
        granted: Granted,
    ) -> Result<ConnectionId, WalletError> {
        let details = Details {
            patient: granted.tokens.patient.clone(),
            client_id: client.client.id().to_owned(),
            client_key: client.key.map(|(entry, kid)| ClientKey { entry, kid }),
            token_endpoint: found.configuration.token.clone(),
            revocation_endpoint: found.configuration.revocation.clone(),
            issues_cards: found.capability.as_ref().is_some_and(|c| c.issues_health_cards())
                || found.configuration.can("health-cards"),
            mandate: None,
        };
        let text = serde_json::to_string(&details).map_err(|e| WalletError::Disk(e.into()))?;
        let (person, base, again) = (aim.person.clone(), aim.base.clone(), aim.again.clone());
        let scopes = granted.tokens.scopes.to_string();
        let tokens = vault_tokens(granted.tokens);
        self.with(move |open| {
            let mut before = None;
            for row in open.vault.connections(&person)? {
                let link = open.link(&person, &row.id)?;
                if again.as_ref() == Some(&row.id) && link.details.patient != details.patient {
                    return Err(LaunchError::OtherPatient.into());
                }
                if row.address == base.as_str() && link.details.patient == details.patient {
                    before = Some(link);
                }
            }
            let state = state_code(&ConnectionState::Ready).to_owned();
            let (id, action) = match before {
                Some(link) => {
                    let id = link.row.id.clone();
                    if let Some(key) = &link.details.client_key {
                        open.forget_key(&key.entry)?;
                    }
                    let row = Connected { state, scopes, details: text, ..link.row };
                    open.vault.update_connection(&person, &row)?;
                    (id, Action::SignedInAgain)
                }
                None => {
                    let id = ConnectionId::from_random(crypto::random()?);
                    let row = Connected {
                        id: id.clone(),
                        name,
                        address: base.to_string(),
                        state,
                        scopes,
                        details: text,
                        created: now(),
                        last_pull: None,
                    };
                    open.vault.add_connection(&person, &row)?;
                    (id, Action::Connected)
                }
            };
            open.vault.set_tokens(&person, &id, Some(&tokens))?;
            let draft =
                audit::Draft { person: Some(person), subject: Some(id.to_string()), ..audit::Draft::done(action) };
            open.record(draft)?;
            Ok(id)
        })
        .await
    }
}

/// What is asked for, as kinds a person knows; every kind when everything is asked for.
fn asked(scopes: &Scopes) -> (Vec<Kind>, bool) {
    let mut kinds: Vec<Kind> = match scopes.resource_types() {
        None => fhir::Kind::ALL.into_iter().map(Kind::from).collect(),
        Some(types) => types
            .iter()
            .flat_map(|name| match *name {
                "Observation" => vec![Kind::Lab, Kind::Vital, Kind::Other],
                other => vec![fhir::Kind::of_type(other).into()],
            })
            .collect(),
    };
    kinds.sort();
    kinds.dedup();
    (kinds, scopes.has("offline_access"))
}
