//! What an attachment says, as far as it can be read here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Nothing longer is decoded.
const LONGEST: usize = 64 << 20;

/// The content of an `Attachment` or a `Binary`.
pub(crate) enum Read {
    /// Its text; marked-up text both with and without the marks, so that neither attributes nor broken words are lost.
    Text(Vec<String>),
    /// Of a format that cannot be read.
    Format,
    /// Not base64, or too long.
    Broken,
    /// At another address.
    Elsewhere,
    /// There is no content.
    Nothing,
}

/// Reads what it says.
pub(crate) fn read(attachment: &Map<String, Value>) -> Read {
    let Some(data) = attachment.get("data").and_then(Value::as_str).filter(|data| !data.is_empty()) else {
        return if attachment.get("url").is_some_and(Value::is_string) { Read::Elsewhere } else { Read::Nothing };
    };
    let kind = kind(attachment);
    let marked = is_xml(&kind) || kind == "text/html";
    let rich = kind == "text/rtf" || kind == "application/rtf";
    let plain = kind.starts_with("text/") || kind == "application/json" || kind.ends_with("+json");
    if !(marked || rich || plain) {
        return Read::Format;
    }
    let Some(bytes) = decoded(data) else { return Read::Broken };
    let text = text_of(&bytes);
    Read::Text(match () {
        () if marked => vec![fhir::markup_to_text(&text), text],
        () if rich => vec![fhir::rtf_to_text(&text), text],
        () => vec![text],
    })
}

/// The text of inline XML, such as a C-CDA document.
pub(crate) fn xml(attachment: &Map<String, Value>) -> Option<String> {
    if !is_xml(&kind(attachment)) {
        return None;
    }
    decoded(attachment.get("data")?.as_str()?).map(|bytes| text_of(&bytes))
}

fn kind(attachment: &Map<String, Value>) -> String {
    let stated = attachment.get("contentType").and_then(Value::as_str).unwrap_or_default();
    stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_xml(kind: &str) -> bool {
    kind == "text/xml" || kind == "application/xml" || kind.ends_with("+xml")
}

/// UTF-8, or UTF-16 where a byte-order mark says so.
fn text_of(bytes: &[u8]) -> String {
    let pairs = |read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).skip(1).filter_map(|pair| pair.try_into().ok().map(read));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// base64 as FHIR has it; blanks and line breaks do not count.
pub(crate) fn decoded(data: &str) -> Option<Vec<u8>> {
    if data.len() > LONGEST {
        return None;
    }
    match data.bytes().any(|b| b.is_ascii_whitespace()) {
        false => STANDARD.decode(data).ok(),
        true => STANDARD.decode(data.split_ascii_whitespace().collect::<String>()).ok(),
    }
}

/// The `root` of each `templateId` in a CDA document, under any prefix.
pub(crate) fn template_roots(xml: &str) -> impl Iterator<Item = &str> {
    xml.split('<').filter_map(|piece| {
        let tag = piece.split('>').next()?;
        let (name, attributes) = tag.split_once(|c: char| c.is_ascii_whitespace())?;
        if name.rsplit(':').next()? != "templateId" {
            return None;
        }
        let at = attributes.find("root")?;
        let value = attributes.get(at + 4..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.get(1..)?.split(quote).next()
    })
}
