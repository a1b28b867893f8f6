//! What others may have: a grant looked at, and the record asked as a FHIR server would be.

use std::path::Path;

use serde_json::{Value, json};
use wallet::{ConsentFor, FhirAnswer, FhirRequest};

use crate::args::{Fhir, GrantsVerb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render;
use crate::session::{Session, aside};
use crate::shown::Shown;

/// Largest grant that is read.
pub(super) const MAX_GRANT: u64 = 1 << 20;
/// Largest body that is sent.
const MAX_BODY: u64 = 16 << 20;

/// Grants.
pub(super) async fn grants(session: &Session, verb: GrantsVerb) -> Result<Shown, Failure> {
    let wallet = &session.wallet;
    match verb {
        GrantsVerb::Preview { grant } => {
            let grant = file(&grant, MAX_GRANT).await?;
            session.open().await?;
            session.show(&wallet.grant_preview(&grant).await?, render::grant)
        }
        GrantsVerb::List => {
            session.open().await?;
            session.show(&wallet.grants().await?, |words, all| render::shares(words, all))
        }
        GrantsVerb::Show { grant } => {
            session.open().await?;
            session.show(&wallet.grant(&grant).await?, render::share_detail)
        }
        GrantsVerb::End { grant, ask_erase } => {
            session.open().await?;
            let ended = match ask_erase {
                true => wallet.end_grant_and_ask_to_erase(&grant).await?,
                false => wallet.end_grant(&grant).await?,
            };
            session.show(&ended, render::share)
        }
        GrantsVerb::Narrow { grant, to } => {
            let to = file(&to, MAX_GRANT).await?;
            session.open().await?;
            session.show(&wallet.narrow_grant(&grant, to).await?, render::share)
        }
        GrantsVerb::Export { grant, for_other_side } => {
            let reader = if for_other_side { ConsentFor::OtherSide } else { ConsentFor::Owner };
            session.open().await?;
            let saved = wallet.export_grant(&grant, reader).await?;
            let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
            let whole = json!({
                "consent": read(&saved.consent), "receipt": read(&saved.receipt), "signed": saved.signed,
            });
            Ok(Shown::document(format!("{whole:#}")))
        }
    }
}

/// Asks the record.
pub(super) async fn fhir(session: &Session, ask: Fhir) -> Result<Shown, Failure> {
    let grant = match &ask.grant {
        Some(path) => Some(file(path, MAX_GRANT).await?),
        None => None,
    };
    let body = match &ask.body {
        Some(path) => file(path, MAX_BODY).await?,
        None => Vec::new(),
    };
    let headers: Option<Vec<_>> = ask.header.iter().map(|text| header(text)).collect();
    let headers = headers.ok_or(Failure::Usage { code: "cli.header" })?;
    let request = FhirRequest { method: ask.method.as_str().to_owned(), target: ask.target, headers, body };
    session.open().await?;
    let answer = session.wallet.fhir(request, grant.as_deref()).await?;
    let exit = if answer.status < 400 { Exit::Yes } else { Exit::No };
    let shown = match session.wants_json() {
        true => Shown::json(&whole(&answer))?,
        false => Shown::document(said(&answer, ask.include)),
    };
    Ok(shown.ending(exit))
}

pub(super) async fn file(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let path = path.to_owned();
    aside(move || Ok(input::read(&path, limit)?)).await
}

fn header(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name.to_owned(), value.trim().to_owned()))
}

/// Status, headers and body as one document. A body that is not JSON is a text.
fn whole(answer: &FhirAnswer) -> Value {
    let text = || String::from_utf8_lossy(&answer.body).into_owned();
    let body = match answer.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&answer.body).unwrap_or_else(|_| Value::from(text())),
    };
    let headers: serde_json::Map<String, Value> =
        answer.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.clone()))).collect();
    json!({ "status": answer.status, "headers": headers, "body": body })
}

/// As it would come over HTTP; JSON is laid out to be read.
fn said(answer: &FhirAnswer, include: bool) -> String {
    let mut out = String::new();
    if include {
        out.push_str(&format!("HTTP/1.1 {}\n", answer.status));
        for (name, value) in &answer.headers {
            out.push_str(&format!("{name}: {value}\n"));
        }
        out.push('\n');
    }
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(body) => out.push_str(&format!("{body:#}")),
        Err(_) => out.push_str(&String::from_utf8_lossy(&answer.body)),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_a_name_and_a_value() {
        assert_eq!(header("Prefer: handling=strict"), Some(("Prefer".into(), "handling=strict".into())));
        assert_eq!(header("If-None-Match:W/\"1\""), Some(("If-None-Match".into(), "W/\"1\"".into())));
        assert_eq!((header("Prefer"), header(": x")), (None, None));
    }

    #[test]
    fn an_answer_is_said_as_it_would_come() {
        let answer = FhirAnswer {
            status: 200,
            headers: vec![("etag".into(), "W/\"1\"".into())],
            body: br#"{"value":1.10}"#.to_vec(),
        };
        assert_eq!(said(&answer, true), "HTTP/1.1 200\netag: W/\"1\"\n\n{\n  \"value\": 1.10\n}");
        assert_eq!(whole(&answer)["body"].to_string(), r#"{"value":1.10}"#);
    }
}
