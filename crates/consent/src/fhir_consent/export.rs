//! Writing a grant as a `Consent`, and reading it back.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{ACT_CODE, ACT_REASON, ACTION, ConsentError, PARTICIPATION, PRIVACY, RESOURCE_TYPES, SCOPE, SHOWN, WHOLE};
use crate::{Detail, Details, Grant, Permit, Proof, RecordAccess, Selector};

/// Who reads a `Consent` that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The owner: it says all, what is excluded too.
    Owner,
    /// The other side: it says what a token says, and reads the same whatever was excluded.
    OtherSide,
}

impl Grant {
    /// The grant as a FHIR R4 `Consent` of this patient (`Patient/…`), given at this instant.
    pub fn to_consent(&self, patient: &str, given: Timestamp, reader: Reader) -> Value {
        let shown = RecordAccess::shown(self);
        let (permits, exclusions, url, whole) = match reader {
            Reader::Owner => (&self.what.permits, self.what.exclusions.as_slice(), WHOLE, self.to_json()),
            Reader::OtherSide => {
                let details = Details(vec![Detail::RecordAccess(shown.clone())]);
                (&shown.what.permits, [].as_slice(), SHOWN, details.to_value().to_string())
            }
        };
        let policy = if exclusions.is_empty() { "OPTIN" } else { "OPTINR" };
        json!({
            "resourceType": "Consent",
            "modifierExtension": [{ "url": url, "valueString": whole }],
            "identifier": [{ "system": "urn:satchel:grant", "value": self.id.as_str() }],
            "status": "active",
            "scope": { "coding": [{ "system": SCOPE, "code": PRIVACY }] },
            "category": [{ "coding": [{ "system": ACT_CODE, "code": "IDSCL" }] }],
            "patient": { "reference": patient },
            "dateTime": given.to_string(),
            "performer": [{ "reference": patient }],
            "policyRule": { "coding": [{ "system": ACT_CODE, "code": policy }] },
            "provision": self.provision(permits, exclusions),
        })
    }

    /// Reads back what [`Grant::to_consent`] wrote for the owner. A foreign one is read by
    /// [`Directive`](super::Directive).
    ///
    /// # Errors
    /// [`ConsentError::Mismatch`] when the FHIR around the grant says something else than it.
    pub fn from_consent(consent: &Value) -> Result<Self, ConsentError> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let extensions = consent.get("modifierExtension").and_then(Value::as_array).ok_or(ConsentError::Modifier)?;
        let [extension] = extensions.as_slice() else { return Err(ConsentError::Modifier) };
        if extension.get("url").and_then(Value::as_str) != Some(WHOLE) {
            return Err(ConsentError::Modifier);
        }
        let json = text(extension.get("valueString")).ok_or(ConsentError::Form)?;
        let grant = Self::parse(json.as_bytes())?;
        let patient = text(consent.pointer("/patient/reference")).ok_or(ConsentError::Form)?;
        let given = text(consent.get("dateTime")).and_then(|at| at.parse().ok()).ok_or(ConsentError::Period)?;
        let same = grant.to_consent(&patient, given, Reader::Owner) == *consent;
        if same { Ok(grant) } else { Err(ConsentError::Mismatch) }
    }

    fn provision(&self, permits: &[Permit], exclusions: &[Selector]) -> Value {
        let mut root = Map::new();
        let mut period = Map::new();
        period.extend(self.term.start.map(|at| ("start".to_owned(), Value::from(at.to_string()))));
        period.extend(self.term.end.map(|at| ("end".to_owned(), Value::from(at.to_string()))));
        let recipient = json!({
            "role": { "coding": [{ "system": PARTICIPATION, "code": "PRCP" }] },
            "reference": self.recipient(),
        });
        let purposes = self.purposes.iter().map(|code| json!({ "system": ACT_REASON, "code": code })).collect();
        put(&mut root, "period", (!period.is_empty()).then_some(Value::Object(period)));
        put(&mut root, "actor", Some(json!([recipient])));
        put_list(&mut root, "purpose", purposes);
        let denials: Vec<Value> = exclusions.iter().filter(|select| is_sayable(select)).map(denial).collect();
        let within = permits.iter().map(|permit| {
            let mut rule = part(&permit.select);
            let mut actions = Vec::new();
            actions.extend((permit.actions.read || permit.actions.search).then_some("access"));
            actions.extend(permit.actions.create.then_some("collect"));
            let coded = |code: &str| json!({ "coding": [{ "system": ACTION, "code": code }] });
            put(&mut rule, "type", Some("permit".into()));
            put_list(&mut rule, "action", actions.into_iter().map(coded).collect());
            put_list(&mut rule, "provision", denials.clone());
            Value::Object(rule)
        });
        put_list(&mut root, "provision", within.collect());
        Value::Object(root)
    }

    /// The other side as a logical reference: it has no resource here.
    fn recipient(&self) -> Value {
        let (system, value) = match &self.who.proof {
            Proof::Owner => return json!({ "display": self.who.name }),
            Proof::Did(did) => ("urn:ietf:rfc:3986".to_owned(), did),
            Proof::IdToken { issuer, subject } => (issuer.clone(), subject),
            Proof::Credential { kind, issuer } => (issuer.clone(), kind),
            Proof::Client(id) => ("urn:satchel:client".to_owned(), id),
        };
        json!({ "display": self.who.name, "identifier": { "system": system, "value": value } })
    }
}

/// Whether `Consent` has words for all of it.
fn is_sayable(select: &Selector) -> bool {
    let Selector { query, value_sets, topics, sources, elements, codes, .. } = select;
    query.is_none()
        && value_sets.is_empty()
        && topics.is_empty()
        && sources.is_empty()
        && elements.is_empty()
        && codes.iter().all(|code| code.code.is_some())
}

fn denial(select: &Selector) -> Value {
    let mut rule = part(select);
    put(&mut rule, "type", Some("deny".into()));
    Value::Object(rule)
}

/// What `Consent` has words for. The rest stands in the `modifierExtension` only.
fn part(select: &Selector) -> Map<String, Value> {
    let mut rule = Map::new();
    let class = select.types.iter().map(|name| json!({ "system": RESOURCE_TYPES, "code": name })).collect();
    let whole_codes = select.codes.iter().filter_map(|filter| Some((&filter.system, filter.code.as_ref()?)));
    let code = whole_codes.map(|(system, code)| json!({ "coding": [{ "system": system, "code": code }] })).collect();
    let label = select.labels.iter().map(|code| json!({ "system": system_of(code), "code": code })).collect();
    let data = |path: &str| json!({ "meaning": "instance", "reference": { "reference": path } });
    put_list(&mut rule, "class", class);
    put_list(&mut rule, "code", code);
    put_list(&mut rule, "securityLabel", label);
    put_list(&mut rule, "data", select.resources.iter().map(|path| data(path)).collect());
    put(
        &mut rule,
        "dataPeriod",
        select.dates.map(|range| {
            let mut period = Map::new();
            period.extend(range.from.map(|day| ("start".to_owned(), Value::from(day.to_string()))));
            period.extend(range.to.map(|day| ("end".to_owned(), Value::from(day.to_string()))));
            Value::Object(period)
        }),
    );
    rule
}

/// The two systems that labels are of: how confidential, and why.
fn system_of(label: &str) -> &'static str {
    match label {
        "U" | "L" | "M" | "N" | "R" | "V" => "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        _ => ACT_CODE,
    }
}

fn put(rule: &mut Map<String, Value>, member: &str, value: Option<Value>) {
    rule.extend(value.map(|value| (member.to_owned(), value)));
}

fn put_list(rule: &mut Map<String, Value>, member: &str, values: Vec<Value>) {
    put(rule, member, (!values.is_empty()).then_some(Value::Array(values)));
}
