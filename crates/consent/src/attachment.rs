//! What an attachment says, as far as it can be read here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Nothing longer is decoded.
const LONGEST: usize = 64 << 20;

/// The text of inline XML, such as a C-CDA document.
pub(crate) fn xml(attachment: &Map<String, Value>) -> Option<String> {
    let kind = attachment.get("contentType")?.as_str()?;
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !(kind == "text/xml" || kind == "application/xml" || kind.ends_with("+xml")) {
        return None;
    }
    decoded(attachment.get("data")?.as_str()?).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
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
