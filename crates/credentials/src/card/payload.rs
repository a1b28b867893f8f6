use std::borrow::Cow;

use jiff::Timestamp;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use serde::Deserialize;
use serde::de::Error as _;
use serde_json::error::Category;
use types::nests_within;

use super::{Claims, ReadError};
use crate::{Evidence, HEALTH_CARD_TYPE, Reason};

/// Bytes of an inflated payload. The largest published example has 7,000; a whole record without pictures stays below
/// a million. Deflate can promise a thousand times its size, so the limit is on what comes out.
const MAX_INFLATED: usize = 2 * 1024 * 1024;

/// Levels of nesting. FHIR resources use about a dozen.
const MAX_DEPTH: usize = 64;

/// Entries of the bundle.
const MAX_ENTRIES: usize = 5_000;

/// What reading found out about the shape of the content, for the verdict.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Findings {
    /// What keeps it from being a card that holds, whoever signed it.
    pub(crate) fault: Option<(Reason, Evidence)>,
    /// What is worth a note.
    pub(crate) notes: Vec<Evidence>,
}

/// Inflates raw DEFLATE (RFC 1951), to its very end, within the limit.
pub(super) fn inflate(packed: &[u8]) -> Result<String, ReadError> {
    let mut inflater = Box::<DecompressorOxide>::default();
    // Cards shrink two- to fourfold; what shrinks more is inflated again with more room.
    let mut room = (packed.len() * 5 + 512).min(MAX_INFLATED);
    loop {
        let mut out = vec![0; room];
        inflater.init();
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, written) = decompress(&mut inflater, packed, &mut out, 0, flags);
        match status {
            TINFLStatus::Done if read == packed.len() => {
                out.truncate(written);
                return String::from_utf8(out).map_err(|_| ReadError::NotJson);
            }
            TINFLStatus::HasMoreOutput if room < MAX_INFLATED => room = (room * 8).min(MAX_INFLATED),
            TINFLStatus::HasMoreOutput => return Err(ReadError::InflatesTooLarge),
            _ => return Err(ReadError::Damaged),
        }
    }
}

/// Reads the claims and looks over the bundle, in one pass that copies only what is kept.
pub(super) fn claims(payload: &str, kid: Option<&str>) -> Result<(Claims, Findings), ReadError> {
    if !nests_within(payload.as_bytes(), MAX_DEPTH) {
        return Err(ReadError::TooDeep);
    }
    let raw: Raw<'_> = serde_json::from_str(payload).map_err(|error| match error.classify() {
        Category::Data => ReadError::Claims,
        _ => ReadError::NotJson,
    })?;
    let credential = raw.vc.unwrap_or_default();
    let subject = credential.subject.unwrap_or_default();
    let bundle = subject.bundle.unwrap_or_default();
    if bundle.entry.len() > MAX_ENTRIES {
        return Err(ReadError::TooManyEntries);
    }
    let not_before = instant(raw.nbf)?;
    let expires = raw.exp.map(instant).transpose()?;
    let mut findings = look_over(&bundle);
    let version = subject.version.as_deref().unwrap_or_default();
    // Whether it is a health card at all is said before what is wrong with its parts.
    if !credential.types.iter().any(|name| *name == HEALTH_CARD_TYPE) {
        findings.fault = Some((Reason::UnknownKind, Evidence::TypeMissing));
    } else if bundle.resource_type.is_none() {
        findings.fault = Some((Reason::NotWhole, Evidence::BundleMissing));
    } else if !(version.starts_with("4.0.") && version.len() > 4) {
        findings.fault = Some((Reason::UnknownKind, Evidence::FhirVersion));
    } else if expires.is_some_and(|expires| expires < not_before) {
        findings.fault = Some((Reason::NotWhole, Evidence::ExpBeforeNbf));
    } else if credential.rid.as_deref().is_some_and(|rid| !is_rid(rid)) {
        findings.fault = Some((Reason::NotWhole, Evidence::RidMalformed));
    }
    let kept = Claims {
        issuer: raw.iss.into_owned(),
        kid: kid.map(str::to_owned),
        not_before,
        expires,
        rid: credential.rid.map(Cow::into_owned),
        types: credential.types.into_iter().map(|name| name.0.into_owned()).collect(),
        resources: bundle.entry.iter().filter_map(Entry::resource_type).map(str::to_owned).collect(),
    };
    Ok((kept, findings))
}

/// Whether the shape of the bundle is that of a card's (SMART Health Cards, "Modeling Verifiable Credentials in FHIR").
fn look_over(bundle: &Bundle<'_>) -> Findings {
    let mut findings = Findings::default();
    let mut fault = |evidence| {
        findings.fault.get_or_insert((Reason::NotWhole, evidence));
    };
    match bundle.kind.as_deref() {
        Some("collection") => {}
        // One of the published examples carries a whole document.
        Some("document") => findings.notes.push(Evidence::BundleIsDocument),
        _ => fault(Evidence::BundleType),
    }
    if bundle.resource_type.as_deref() != Some("Bundle") {
        fault(Evidence::BundleMissing);
    }
    if bundle.entry.is_empty() {
        fault(Evidence::BundleEmpty);
    }
    if bundle.entry.iter().any(|entry| entry.resource_type().is_none_or(str::is_empty)) {
        fault(Evidence::EntryWithoutResource);
    }
    // Most cards number their entries in order, which is unique without looking further.
    let in_order = bundle.entry.iter().enumerate().all(|(at, entry)| entry.number() == Some(at));
    if !in_order {
        let mut addresses: Vec<&str> = bundle.entry.iter().filter_map(|entry| entry.full_url.as_deref()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        if addresses.len() != bundle.entry.len() {
            fault(Evidence::EntryAddress);
        }
        if bundle.entry.iter().any(|entry| entry.number().is_none()) {
            findings.notes.push(Evidence::EntryAddressLong);
        }
    }
    findings
}

/// `rid`: at most 24 characters of the base64url alphabet (SMART Health Cards, "Revocation").
fn is_rid(rid: &str) -> bool {
    (1..=24).contains(&rid.len()) && rid.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A NumericDate of RFC 7519: seconds since 1970, fractions allowed.
fn instant(seconds: f64) -> Result<Timestamp, ReadError> {
    let milliseconds = (seconds * 1000.0).round();
    if !(0.0..=253_000_000_000_000.0).contains(&milliseconds) {
        return Err(ReadError::Claims);
    }
    // In range, and whole by rounding.
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked above")]
    Timestamp::from_millisecond(milliseconds as i64).map_err(|_| ReadError::Claims)
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    iss: Cow<'a, str>,
    nbf: f64,
    #[serde(default, deserialize_with = "stated")]
    exp: Option<f64>,
    #[serde(borrow)]
    vc: Option<Credential<'a>>,
}

#[derive(Deserialize, Default)]
struct Credential<'a> {
    #[serde(borrow, default, rename = "type")]
    types: Vec<Text<'a>>,
    #[serde(borrow, rename = "credentialSubject")]
    subject: Option<Subject<'a>>,
    #[serde(borrow)]
    rid: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Default)]
struct Subject<'a> {
    #[serde(borrow, rename = "fhirVersion")]
    version: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "fhirBundle")]
    bundle: Option<Bundle<'a>>,
}

#[derive(Deserialize, Default)]
struct Bundle<'a> {
    #[serde(borrow, rename = "resourceType")]
    resource_type: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "fullUrl")]
    full_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource: Option<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow, rename = "resourceType")]
    resource_type: Option<Cow<'a, str>>,
}

/// A text that is borrowed where it can be, also inside a list.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == **other
    }
}

impl Entry<'_> {
    fn resource_type(&self) -> Option<&str> {
        self.resource.as_ref()?.resource_type.as_deref()
    }

    /// N of `resource:N`.
    fn number(&self) -> Option<usize> {
        let digits = self.full_url.as_deref()?.strip_prefix("resource:")?;
        if digits.starts_with('+') { None } else { digits.parse().ok() }
    }
}

/// A number where the member stands at all: `null` is not the same as absent.
fn stated<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = f64::deserialize(deserializer)?;
    if number.is_finite() { Ok(Some(number)) } else { Err(D::Error::custom("not a number")) }
}
