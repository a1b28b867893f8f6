//! The connection doctor: looks at an address step by step and says what is wrong, whose side, what helps.

use std::collections::BTreeMap;

use fetch::{Accept, FetchError, Limits, Response};
use smart::doctor::{Brought, Finding, Layer, Looked, Outcome, examine, server_name};
use smart::{Capability, Configuration};
use types::ServerUrl;
use url::Url;

use crate::error::{InputError, WalletError};
use crate::launch::answer_of;
use crate::views::{DoctorStep, DoctorView, ErrorView, StepOutcome};
use crate::{Wallet, now};

/// Redirects followed on the way to a public document.
const HOPS: u8 = 3;

impl Wallet {
    /// Checks an address. Needs no vault; nothing is kept.
    pub async fn doctor(&self, address: String) -> Result<DoctorView, WalletError> {
        let base = ServerUrl::parse(&address).map_err(InputError::Address)?;
        self.fetch().allow_host(base.host());
        let configuration = self.look(Configuration::address(&base).ok(), Accept::Json).await;
        let metadata = self.look(Capability::address(&base), Accept::FhirJson).await;
        let clock = [&configuration, &metadata].into_iter().filter_map(|l| l.as_ref().ok()).find_map(|r| r.date);
        let looked = Looked {
            base: &base,
            configuration: brought(&configuration),
            metadata: brought(&metadata),
            server_clock: clock,
            now: now(),
        };
        let findings = examine(&looked);
        let bad = findings.iter().find(|f| f.outcome == Outcome::Bad);
        let name = server_name(looked.metadata);
        Ok(DoctorView {
            address: base.to_string(),
            finding: bad.map(|bad| finding_view(&base, name.as_deref(), bad)),
            message: bad.map(|bad| message(&base, bad, &findings)),
            steps: findings.iter().map(step_view).collect(),
            name,
        })
    }

    async fn look(&self, url: Option<Url>, accept: Accept) -> Result<Response, FetchError> {
        let Some(url) = url else { return Err(FetchError::Address) };
        self.fetch().get_following(&url, accept, None, Limits::document(), HOPS).await
    }
}

fn brought(looked: &Result<Response, FetchError>) -> Brought<'_> {
    match looked {
        Ok(response) => Brought::Answer(answer_of(response)),
        Err(error) => Brought::Nothing {
            code: error.code(),
            whose: error.whose(),
            at: if matches!(error, FetchError::Tls { .. }) { Layer::Tls } else { Layer::Reach },
        },
    }
}

fn step_view(finding: &Finding) -> DoctorStep {
    DoctorStep {
        step: finding.step.as_str().to_owned(),
        outcome: match finding.outcome {
            Outcome::Good => StepOutcome::Good,
            Outcome::Note => StepOutcome::Note,
            Outcome::Bad => StepOutcome::Bad,
            Outcome::Skipped => StepOutcome::Skipped,
        },
        evidence: match finding.evidence.is_empty() {
            true => finding.code.to_owned(),
            false => format!("{}: {}", finding.code, finding.evidence),
        },
    }
}

fn finding_view(base: &ServerUrl, name: Option<&str>, finding: &Finding) -> ErrorView {
    let host = base.host();
    ErrorView {
        code: finding.code.to_owned(),
        whose: finding.whose.into(),
        details: BTreeMap::from([
            ("host".to_owned(), host.to_owned()),
            ("name".to_owned(), name.unwrap_or(host).to_owned()),
        ]),
        evidence: finding.evidence.clone(),
    }
}

/// A message for the people who run the system: facts, no names, no secrets. In English, since they are technicians.
fn message(base: &ServerUrl, bad: &Finding, findings: &[Finding]) -> String {
    let mut text = format!(
        "A patient could not connect their own app (Satchel {}, SMART App Launch 2.2 standalone launch) to\n{base}\n\n\
         What failed: {} ({})\nSeen: {}\n\nAll steps:\n",
        env!("CARGO_PKG_VERSION"),
        bad.step.as_str(),
        bad.code,
        bad.evidence,
    );
    for finding in findings {
        let mark = match finding.outcome {
            Outcome::Good => "ok",
            Outcome::Note => "note",
            Outcome::Bad => "fails",
            Outcome::Skipped => "not looked at",
        };
        text.push_str(&format!("- {}: {mark} {}\n", finding.step.as_str(), finding.evidence));
    }
    text
}
