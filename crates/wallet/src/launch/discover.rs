//! Reading how a system lets an app in.

use fetch::{Accept, Limits, Response};
use smart::{Answer, Capability, Configuration};
use types::ServerUrl;

use super::LaunchError;
use crate::Wallet;
use crate::error::WalletError;

/// Largest number of redirects on the way to a public document.
const HOPS: u8 = 3;

/// What a system says of itself.
pub(crate) struct Discovered {
    pub(crate) configuration: Configuration,
    /// `None` when `/metadata` could not be read: the launch does not need it.
    pub(crate) capability: Option<Capability>,
}

impl Wallet {
    /// Reads `.well-known/smart-configuration`, and `/metadata` beside it or, for older systems, instead of it.
    pub(crate) async fn discover(&self, base: &ServerUrl) -> Result<Discovered, WalletError> {
        // The owner typed this host, or picked it: it may be on their own network.
        self.fetch().allow_host(base.host());
        let address = Configuration::address(base).map_err(LaunchError::Configuration)?;
        let answer = self.fetch().get_following(&address, Accept::Json, None, Limits::document(), HOPS).await?;
        let read = Configuration::read(&answer_of(&answer), base);
        let capability = self.capability(base).await;
        let configuration = match (read, &capability) {
            (Err(error), Some(capability)) if error.may_be_in_metadata() => {
                // The first error is what a person can act on; the older way is only tried.
                Configuration::from_capability(capability, base).map_err(|_| LaunchError::Configuration(error))?
            }
            (read, _) => read.map_err(LaunchError::Configuration)?,
        };
        let configuration = self.confirm(configuration).await?;
        Ok(Discovered { configuration, capability })
    }

    /// Where the browser goes to one server and the code to another, the first is asked whether the second is its own.
    async fn confirm(&self, configuration: Configuration) -> Result<Configuration, WalletError> {
        let Some(address) = configuration.to_confirm() else { return Ok(configuration) };
        let answer = self.fetch().get(&address, Accept::Json, None, Limits::document()).await?;
        Ok(configuration.confirm(&answer_of(&answer)).map_err(LaunchError::Configuration)?)
    }

    pub(crate) async fn capability(&self, base: &ServerUrl) -> Option<Capability> {
        let address = Capability::address(base)?;
        let answer =
            self.fetch().get_following(&address, Accept::FhirJson, None, Limits::document(), HOPS).await.ok()?;
        Capability::read(&answer_of(&answer)).ok()
    }
}

/// What the network brought, as the protocol crate reads it.
pub(crate) fn answer_of(response: &Response) -> Answer<'_> {
    Answer::new(response.status, response.content_type.as_deref(), &response.body)
}
