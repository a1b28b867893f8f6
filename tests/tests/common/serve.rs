//! A wallet's server in this process, on loopback.

use url::Url;
use wallet::{ServiceSetting, Wallet};

/// The server, until it is closed.
pub(crate) struct Open {
    wallet: Wallet,
    /// The FHIR base that others are given.
    pub(crate) base: String,
    pub(crate) port: u16,
}

/// Opens the server of an unlocked wallet; port 0 is any that is free.
pub(crate) async fn open(wallet: &Wallet, port: u16) -> Open {
    let setting = ServiceSetting { port: Some(port), ..ServiceSetting::default() };
    let base = wallet.open_service(setting).await.unwrap().fhir.unwrap();
    let port = Url::parse(&base).unwrap().port().unwrap();
    Open { wallet: wallet.clone(), base, port }
}

impl Open {
    /// Closes it.
    pub(crate) async fn close(self) {
        self.wallet.close_service().await.unwrap();
    }
}
