use serde::Deserialize;

use super::ReadError;

/// Cards in one file.
const MAX_CARDS: usize = 500;

/// A `.smart-health-card` file (SMART Health Cards, "via File Download").
#[derive(Deserialize)]
struct File {
    #[serde(rename = "verifiableCredential")]
    texts: Vec<String>,
}

/// The signed texts in a card file.
pub(super) fn texts(file: &str) -> Result<Vec<String>, ReadError> {
    let file: File = serde_json::from_str(file).map_err(|_| ReadError::File)?;
    if file.texts.len() > MAX_CARDS {
        return Err(ReadError::TooManyCards);
    }
    Ok(file.texts)
}
