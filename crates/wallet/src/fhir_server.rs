//! FHIR requests, answered as the server would: from the view of a grant and from nothing else.

use consent::{Grant, Interaction, Need, Rights};
use jiff::Timestamp;
use search::{Method, Needs, Request, Response, Right};
use types::GrantId;

use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::served::{Ground, Served, Terms};
use crate::{Wallet, now};

/// The address in links and `fullUrl`s. Requests may name what lies below it.
pub(crate) const BASE: &str = "http://localhost/fhir";

/// A FHIR request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FhirRequest {
    /// `GET`, `HEAD` or `POST`.
    pub method: String,
    /// What stands behind the base, or the whole address: `Observation?code=4548-4`.
    pub target: String,
    /// Names and values of headers.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there is none.
    pub body: Vec<u8>,
}

/// A FHIR answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirAnswer {
    /// HTTP status.
    pub status: u16,
    /// Names and values of headers.
    pub headers: Vec<(String, String)>,
    /// FHIR JSON; empty where there is none.
    pub body: Vec<u8>,
}

impl Wallet {
    /// Answers a request about the record of the person shown, under a grant given as its JSON; without one as the owner
    /// may ask: everything. The owner's own view stays in memory while the vault is open.
    pub async fn fhir(&self, request: FhirRequest, grant: Option<&[u8]>) -> Result<FhirAnswer, WalletError> {
        let request = read(request)?;
        let grant = grant.map(Grant::parse).transpose()?;
        self.with(move |open| match grant {
            Some(grant) => open.answer_under(&request, grant),
            None => Ok(open.own(now())?.answer(&request, now(), |_| true).into()),
        })
        .await
    }
}

impl Open {
    fn answer_under(&self, request: &Request, grant: Grant) -> Result<FhirAnswer, WalletError> {
        let at = now();
        if !grant.term.holds(at) {
            return Ok(ended());
        }
        let terms = Terms::of(self, self.current.clone(), grant, BASE);
        Ok(Served::new(terms, Ground::of(self, &self.current)?, at)?.answer(request, at, |_| true).into())
    }

    /// The owner's own view: everything, as it is now.
    pub(crate) fn own(&mut self, at: Timestamp) -> Result<&Served, WalletError> {
        let stamp = self.vault.record_stamp()?;
        let before = self.own.take().filter(|served| served.is_of(&self.current));
        let followed = match before {
            Some(served) if served.stamp() == stamp => Some(served),
            Some(served) => served.followed(Ground::of(self, &self.current)?, at)?,
            None => None,
        };
        let served = match followed {
            Some(served) => served,
            None => {
                let grant = Grant::everything(GrantId::from_random([0; 16]));
                let terms = Terms::of(self, self.current.clone(), grant, BASE);
                Served::new(terms, Ground::of(self, &self.current)?, at)?
            }
        };
        Ok(self.own.insert(served))
    }
}

impl From<Response> for FhirAnswer {
    fn from(response: Response) -> Self {
        let headers = response.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { status: response.status, headers, body: response.body }
    }
}

/// Whether a grant allows what a request needs. What cannot be told of it the engine refuses by itself.
pub(crate) fn may(rights: &Rights, request: &Request) -> bool {
    let need = |need: &search::Need| -> bool {
        let interaction = match need.right {
            Right::Read => Interaction::Read,
            Right::Search => Interaction::Search,
        };
        rights.allows(Need { interaction, resource_type: need.resource_type.as_deref() })
    };
    match request.needs() {
        Ok(Needs::All(all)) => all.iter().all(need),
        // Each entry is asked for by itself.
        Ok(Needs::Each(_)) | Err(_) => true,
    }
}

fn read(request: FhirRequest) -> Result<Request, InputError> {
    let method = match request.method.as_str() {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "POST" => Method::Post,
        _ => return Err(InputError::NotOffered),
    };
    let target = request.target.strip_prefix(BASE).unwrap_or(&request.target);
    let headers = request.headers.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    Ok(Request { method, headers, body: request.body, ..Request::get(target) })
}

/// A grant that does not hold gives no token: there is nothing that could be answered.
fn ended() -> FhirAnswer {
    let outcome = serde_json::json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "login", "diagnostics": "no grant holds for this request" }],
    });
    FhirAnswer {
        status: 401,
        headers: vec![("content-type".to_owned(), "application/fhir+json; charset=utf-8".to_owned())],
        body: outcome.to_string().into_bytes(),
    }
}
