//! From any form of a card to its claims, nothing believed yet.

mod error;
mod json;
mod part;
mod payload;
mod picture;
mod text;

use crypto::{Algorithm, Jws, JwsError, b64u};
use jiff::Timestamp;

pub use error::ReadError;
pub(crate) use payload::Findings;

/// Characters of one signed text. A card in one QR code has at most 1,195; whole records in files reach some 100,000.
pub(crate) const MAX_JWS: usize = 1024 * 1024;

/// Bytes of one input of any kind.
const MAX_INPUT: usize = 8 * 1024 * 1024;

/// A SMART Health Card in any of its forms.
pub struct Card;

/// What a person brings in.
#[derive(Debug, Clone, Copy)]
pub enum CardInput<'a> {
    /// Pasted or scanned text: signed texts, `shc:/` digits (parts in any order, one per line), or the JSON of a file.
    Text(&'a str),
    /// A file: `.smart-health-card`, a text as above, or a PNG or JPEG picture of QR codes.
    Bytes(&'a [u8]),
}

/// What came of reading.
#[derive(Debug)]
pub struct Read {
    /// The cards, in the order they stood in; at least one.
    pub cards: Vec<Unverified>,
    /// What stood beside them and could not be read.
    pub unreadable: Vec<ReadError>,
}

/// A card that was read; whether it holds is for [`Unverified::verify`].
#[derive(Debug, Clone)]
pub struct Unverified {
    jws: Jws,
    payload: String,
    claims: Claims,
    findings: Findings,
}

/// What a card says about itself.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// `iss`, the issuer's address as written.
    pub issuer: String,
    /// `kid` of the header, where there is one.
    pub kid: Option<String>,
    /// `nbf`, when it was issued.
    pub not_before: Timestamp,
    /// `exp`, after which it no longer holds.
    pub expires: Option<Timestamp>,
    /// `vc.rid`, by which the issuer may withdraw it.
    pub rid: Option<String>,
    /// `vc.type`.
    pub types: Vec<String>,
    /// Kinds of the resources in its bundle, in order.
    pub resources: Vec<String>,
}

impl Card {
    /// Reads every card in the input.
    ///
    /// # Errors
    /// [`ReadError`] when there is not one card in it: the first thing that stood in the way.
    pub fn read(input: CardInput<'_>) -> Result<Read, ReadError> {
        let (cards, mut unreadable) = match input {
            CardInput::Text(text) => read_text(text)?,
            CardInput::Bytes(bytes) => read_bytes(bytes)?,
        };
        if cards.is_empty() {
            return Err(if unreadable.is_empty() { ReadError::NotACard } else { unreadable.swap_remove(0) });
        }
        Ok(Read { cards, unreadable })
    }
}

/// The texts of the QR codes in a picture; `None` when the bytes are no picture, or no code is seen in it. For cards
/// whose parts come in several pictures.
pub fn picture_texts(bytes: &[u8]) -> Option<Vec<String>> {
    let small_enough = bytes.len() <= MAX_INPUT && picture::is_one(bytes);
    small_enough.then(|| picture::codes(bytes).ok()).flatten()
}

/// Whether the bytes begin as a picture does that is read here.
pub fn is_picture(bytes: &[u8]) -> bool {
    picture::is_one(bytes)
}

impl Unverified {
    /// Reads one signed text.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn from_jws(text: &str) -> Result<Self, ReadError> {
        let jws = Jws::parse(text, MAX_JWS).map_err(|error| match error {
            JwsError::Algorithm => ReadError::Algorithm,
            JwsError::TooLong => ReadError::TooLarge,
            JwsError::NotCompact => ReadError::NotACard,
            other => ReadError::Jws(other),
        })?;
        if jws.header().alg != Algorithm::Es256 {
            return Err(ReadError::Algorithm);
        }
        if jws.header().zip.as_deref() != Some("DEF") {
            return Err(ReadError::NotDeflated);
        }
        let payload = payload::inflate(jws.payload())?;
        let (claims, findings) = payload::claims(&payload, jws.header().kid.as_deref())?;
        Ok(Self { jws, payload, claims, findings })
    }

    /// The signed text, as it would stand in a file.
    pub fn jws(&self) -> String {
        let signature = b64u::encode(self.jws.signature());
        [self.jws.signing_input(), ".", &signature].concat()
    }

    /// What it says about itself.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The signed content as JSON text, as the issuer wrote it.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    pub(crate) fn signed(&self) -> &Jws {
        &self.jws
    }

    pub(crate) fn findings(&self) -> &Findings {
        &self.findings
    }
}

/// Cards, and what stood beside them.
type Found = (Vec<Unverified>, Vec<ReadError>);

fn read_bytes(bytes: &[u8]) -> Result<Found, ReadError> {
    if bytes.len() > MAX_INPUT {
        return Err(ReadError::TooLarge);
    }
    if picture::is_one(bytes) {
        let texts = picture::codes(bytes)?;
        return read_text(&texts.join("\n"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read_text(text),
        Err(_) => Err(ReadError::UnknownFile),
    }
}

fn read_text(text: &str) -> Result<Found, ReadError> {
    if text.len() > MAX_INPUT {
        return Err(ReadError::TooLarge);
    }
    if text.trim_start().starts_with('{') {
        return each(json::texts(text)?.iter().map(String::as_str), Vec::new());
    }
    let mut parts = part::Parts::default();
    let mut texts = Vec::new();
    let mut unreadable = Vec::new();
    for word in text::words(text.trim()) {
        match text::word(word) {
            Ok(text::Word::Whole(jws)) => texts.push(jws),
            Ok(text::Word::Part(part)) => unreadable.extend(parts.add(part).err()),
            Err(error) => unreadable.push(error),
        }
    }
    let (joined, missing) = parts.join();
    unreadable.extend(missing);
    each(texts.iter().map(AsRef::as_ref).chain(joined.iter().map(String::as_str)), unreadable)
}

fn each<'a>(texts: impl Iterator<Item = &'a str>, mut unreadable: Vec<ReadError>) -> Result<Found, ReadError> {
    let mut cards: Vec<Unverified> = Vec::new();
    for text in texts {
        match Unverified::from_jws(text) {
            Ok(card) => cards.push(card),
            Err(error) => unreadable.push(error),
        }
    }
    Ok((cards, unreadable))
}
