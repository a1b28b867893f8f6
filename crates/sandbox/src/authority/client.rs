use std::collections::HashMap;

use crypto::Jwks;
use url::Url;

/// How a client proves who it is at the token endpoint.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// A public client: PKCE is all there is.
    None,
    /// `private_key_jwt` with keys given inline.
    Keys(Jwks),
    /// `private_key_jwt` with keys at an address.
    KeysAt(Url),
}

/// One program that may ask for access.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) redirects: Vec<String>,
    pub(super) proof: Proof,
}

/// All clients, by id.
#[derive(Debug)]
pub(super) struct Clients {
    by_id: HashMap<String, Client>,
}

impl Clients {
    /// Those that need no registration: the wallet, as a public native client.
    pub(super) fn standing() -> Self {
        let redirects = ["http://127.0.0.1/callback", "http://[::1]/callback"].map(str::to_owned).to_vec();
        let id = "satchel".to_owned();
        let wallet = Client { id: id.clone(), name: "Satchel".to_owned(), redirects, proof: Proof::None };
        Self { by_id: HashMap::from([(id, wallet)]) }
    }

    pub(super) fn find(&self, id: &str) -> Option<Client> {
        self.by_id.get(id).cloned()
    }

    pub(super) fn add(&mut self, client: Client) {
        self.by_id.insert(client.id.clone(), client);
    }
}

impl Client {
    /// Whether a redirect address is one of this client's: equal in every byte, except that the port of a registered
    /// loopback address may be any (RFC 8252, section 7.3).
    pub(super) fn allows(&self, redirect: &str) -> bool {
        self.redirects.iter().any(|own| own == redirect || same_but_port(own, redirect))
    }
}

fn same_but_port(own: &str, asked: &str) -> bool {
    let (Ok(mut own), Ok(mut asked_url)) = (Url::parse(own), Url::parse(asked)) else { return false };
    let loopback = own.scheme() == "http" && matches!(own.host_str(), Some("127.0.0.1" | "[::1]"));
    // What the URL parser would tidy up (dots, case, user names) is refused instead.
    loopback
        && asked_url.as_str() == asked
        && asked_url.port().is_some()
        && own.set_port(None).is_ok()
        && asked_url.set_port(None).is_ok()
        && own == asked_url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_port_of_a_loopback_address_will_do_and_nothing_else() {
        let wallet = Clients::standing().find("satchel").unwrap();
        for good in ["http://127.0.0.1:49152/callback", "http://[::1]:8000/callback", "http://127.0.0.1/callback"] {
            assert!(wallet.allows(good), "{good}");
        }
        for bad in [
            "http://127.0.0.1:49152/callback/",
            "http://127.0.0.1:49152/callback?next=1",
            "http://127.0.0.1:49152/x/../callback",
            "http://localhost:49152/callback",
            "https://127.0.0.1:49152/callback",
            "http://evil@127.0.0.1:49152/callback",
            "http://127.0.0.1.evil.example:80/callback",
        ] {
            assert!(!wallet.allows(bad), "{bad}");
        }
    }
}
