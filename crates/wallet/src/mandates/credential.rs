//! A mandate as a credential: W3C Verifiable Credentials 2.0, secured as a JWT (`vc+jwt`), issued by the key that its
//! giver made for the contact and about the key that the contact made for the giver. It says where, what, why and until
//! when; never what is left out.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use types::{GrantId, ServerUrl};

use super::MandateError;
use crate::pairs::signed::{self, NotSigned, plain};

/// `typ` (Securing Verifiable Credentials using JOSE and COSE, §3.1.1).
pub(crate) const TYPE: &str = "vc+jwt";
/// Type of the credential.
const KIND: &str = "SatchelMandate";
/// Longest mandate, in bytes.
pub(crate) const MAX_MANDATE: usize = 64 << 10;
/// By how much two clocks may differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(10);

/// A mandate whose signature holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mandate {
    /// The giver's DID.
    pub(crate) issuer: String,
    /// The holder's.
    pub(crate) subject: String,
    pub(crate) grant: GrantId,
    /// The giver's authorization server, and their FHIR base below it.
    pub(crate) server: ServerUrl,
    /// Id of the Patient there.
    pub(crate) patient: Option<String>,
    /// What it gives, as scopes say it.
    pub(crate) scope: String,
    /// Codes of v3 PurposeOfUse.
    pub(crate) purposes: Vec<String>,
    pub(crate) until: Option<Timestamp>,
    /// As it came.
    pub(crate) text: String,
}

/// What a grant's credential says. `said` are the members of its receipt, which hold nothing of what is left out.
pub(crate) fn claims(
    said: &Value,
    from: (&str, Timestamp),
    to: &str,
    patient: Option<&str>,
    purposes: &[Box<str>],
) -> Value {
    let of = |name: &str| said.get(name).cloned().unwrap_or(Value::Null);
    let mut subject = Map::from_iter([
        ("id".to_owned(), json!(to)),
        ("grant".to_owned(), of("jti")),
        ("server".to_owned(), of("iss")),
        ("scope".to_owned(), of("scope")),
        ("authorization_details".to_owned(), of("authorization_details")),
        ("purposeOfUse".to_owned(), json!(purposes)),
    ]);
    if let Some(patient) = patient {
        subject.insert("patient".to_owned(), json!(patient));
    }
    let (issuer, approved) = from;
    let mut claims = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", { "@vocab": "urn:satchel:mandate:1#" }],
        "type": ["VerifiableCredential", KIND],
        "issuer": issuer,
        "validFrom": approved.to_string(),
        "credentialSubject": subject,
    });
    let until = said.get("exp").and_then(Value::as_i64).and_then(|second| Timestamp::from_second(second).ok());
    if let (Some(until), Some(members)) = (until, claims.as_object_mut()) {
        members.insert("validUntil".to_owned(), json!(until.to_string()));
    }
    claims
}

/// Reads a mandate and checks its signature and its time. Whether its giver is known is for the caller.
pub(crate) fn read(bytes: &[u8], now: Timestamp) -> Result<Mandate, MandateError> {
    if bytes.len() > MAX_MANDATE {
        return Err(MandateError::TooLong);
    }
    let bad = || MandateError::NotAMandate;
    let text = std::str::from_utf8(bytes).map_err(|_| bad())?.trim();
    let signed = signed::read(text, TYPE, MAX_MANDATE).map_err(|error| match error {
        NotSigned::Kind => MandateError::NotAMandate,
        NotSigned::Changed => MandateError::Changed,
    })?;
    let kinds = signed.claims.get("type").and_then(Value::as_array);
    let is_mandate = kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == KIND));
    // The signature is the issuer's own: another key speaks for nobody.
    if !is_mandate || signed.text("issuer", 512) != Some(&signed.did) {
        return Err(bad());
    }
    let instant = |name: &str| match signed.claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map(Some).ok_or_else(bad),
    };
    let begins = instant("validFrom")?.ok_or_else(bad)?;
    let until = instant("validUntil")?;
    let subject = signed.claims.get("credentialSubject").and_then(Value::as_object).ok_or_else(bad)?;
    let of = |name: &str, longest: usize| subject.get(name).and_then(|value| plain(value, longest));
    let purposes = match subject.get("purposeOfUse").and_then(Value::as_array) {
        Some(all) => all.iter().filter_map(|code| plain(code, 64)).take(20).map(str::to_owned).collect(),
        None => Vec::new(),
    };
    let mandate = Mandate {
        subject: of("id", 512).ok_or_else(bad)?.to_owned(),
        grant: of("grant", 64).and_then(|id| id.parse().ok()).ok_or_else(bad)?,
        server: of("server", 2_048).and_then(|server| ServerUrl::parse(server).ok()).ok_or_else(bad)?,
        patient: of("patient", 64).map(str::to_owned),
        scope: of("scope", 8_192).unwrap_or_default().to_owned(),
        purposes,
        until,
        text: text.to_owned(),
        issuer: signed.did,
    };
    if now.saturating_add(LEEWAY).is_ok_and(|latest| latest < begins) {
        return Err(MandateError::Early);
    }
    if mandate.until.is_some_and(|until| until <= now) {
        return Err(MandateError::Over);
    }
    Ok(mandate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pairs::signed::testing::{key, now, signed_by};

    fn good() -> Value {
        let said = json!({
            "iss": "http://127.0.0.1:8731", "jti": GrantId::from_random([1; 16]), "scope": "patient/*.rs",
            "exp": now().as_second() + 86_400, "authorization_details": [],
        });
        claims(&said, (&key(1).1, now()), &key(2).1, Some("p1"), &["FAMRQT".into()])
    }

    fn read_now(text: &str) -> Result<Mandate, MandateError> {
        read(text.as_bytes(), now())
    }

    #[test]
    fn a_mandate_reads_back() {
        let mandate = read_now(&signed_by(1, TYPE, &good())).unwrap();
        assert_eq!((mandate.issuer, mandate.subject), (key(1).1, key(2).1));
        assert_eq!((mandate.scope.as_str(), mandate.patient.as_deref()), ("patient/*.rs", Some("p1")));
        assert_eq!(mandate.purposes, ["FAMRQT"]);
        assert_eq!(mandate.until, Timestamp::from_second(now().as_second() + 86_400).ok());
    }

    #[test]
    fn a_mandate_that_was_changed_or_signed_by_another_is_refused() {
        let text = signed_by(1, TYPE, &good());
        let (head, signature) = text.rsplit_once('.').unwrap();
        let (header, _) = head.split_once('.').unwrap();
        let mut other = good();
        other["credentialSubject"]["scope"] = json!("system/*.cruds");
        let forged = format!("{header}.{}.{signature}", crypto::b64u::encode(other.to_string().as_bytes()));
        assert!(matches!(read_now(&forged), Err(MandateError::Changed)));
        assert!(matches!(read_now(&signed_by(3, TYPE, &good())), Err(MandateError::NotAMandate)));
        for typ in ["JWT", "satchel-contact+jwt"] {
            assert!(matches!(read_now(&signed_by(1, typ, &good())), Err(MandateError::NotAMandate)), "{typ}");
        }
    }

    #[test]
    fn a_mandate_holds_in_its_time() {
        let text = signed_by(1, TYPE, &good());
        let at = |hours: i64| read(text.as_bytes(), now().checked_add(SignedDuration::from_hours(hours)).unwrap());
        assert!(at(23).is_ok());
        assert!(matches!(at(24), Err(MandateError::Over)));
        assert!(matches!(at(-1), Err(MandateError::Early)), "the clock was set back");
    }

    #[test]
    fn what_says_what_cannot_be_is_no_mandate() {
        for (name, value) in [
            ("id", json!(null)),
            ("grant", json!("1")),
            ("server", json!("http://clinic.example")),
            ("server", json!(7)),
        ] {
            let mut claims = good();
            claims["credentialSubject"][name] = value.clone();
            assert!(read_now(&signed_by(1, TYPE, &claims)).is_err(), "{name}: {value}");
        }
        for (name, value) in [("type", json!(["VerifiableCredential"])), ("validFrom", json!("soon"))] {
            let mut claims = good();
            claims[name] = value;
            assert!(read_now(&signed_by(1, TYPE, &claims)).is_err(), "{name}");
        }
        assert!(matches!(read(&[b'a'; 70_000], now()), Err(MandateError::TooLong)));
    }

    proptest! {
        #[test]
        fn no_change_of_one_character_of_a_mandate_is_taken(at in 0_usize..1_000, to in "[A-Za-z0-9_.-]") {
            let text = signed_by(1, TYPE, &good());
            let mut changed: Vec<char> = text.chars().collect();
            let at = at % changed.len();
            let to = to.chars().next().unwrap();
            prop_assume!(changed[at] != to);
            changed[at] = to;
            let changed: String = changed.into_iter().collect();
            prop_assert!(read_now(&changed).is_err());
        }

        #[test]
        fn no_bytes_make_the_reader_of_mandates_fall(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(read(&bytes, now()).is_err());
        }
    }
}
