//! Drawing a card as QR codes (SMART Health Cards, "Encoding QRs").

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use thiserror::Error;

/// Characters of a signed text that one code takes: version 22 at level L.
pub const MAX_SINGLE: usize = 1195;

/// Characters of one part.
const MAX_PART: usize = 1191;

/// The largest version that is still easily scanned from 4 cm.
const MAX_VERSION: i16 = 22;

/// The largest that there is: for a text that is read off a screen, where it can be shown large.
const LARGEST: i16 = 40;

/// Parts of one card; nobody scans more.
const MAX_PARTS: usize = 99;

/// A QR code to draw, without its quiet zone of four modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrMatrix {
    /// Part number, from 1.
    pub part: u32,
    /// How many parts there are.
    pub parts: u32,
    /// Version, 1 to 22: the side is `17 + 4 × version` modules.
    pub version: u8,
    /// Error correction.
    pub level: Level,
    /// Rows of `0` and `1`; `1` is dark.
    pub rows: Vec<String>,
    /// The text it carries.
    pub text: String,
}

/// How much of a code may be unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// 7 %.
    L,
    /// 15 %.
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// One code, as every scanner reads it.
    One,
    /// As many parts as it takes; few scanners put them together. A short card is one code all the same.
    Parts,
}

/// Why nothing was drawn.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DrawError {
    /// Longer than one code takes, and parts were not asked for.
    #[error("the card does not fit one code")]
    TooLong,
    /// Longer than can be shown as codes at all.
    #[error("the card does not fit codes")]
    TooManyParts,
    /// Not a signed text: characters that have no digits.
    #[error("the text is not a signed text")]
    NotASignedText,
}

impl Level {
    /// The letter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L => "L",
            Self::M => "M",
            Self::Q => "Q",
            Self::H => "H",
        }
    }

    const fn of(self) -> EcLevel {
        match self {
            Self::L => EcLevel::L,
            Self::M => EcLevel::M,
            Self::Q => EcLevel::Q,
            Self::H => EcLevel::H,
        }
    }
}

/// The texts that the codes carry: `shc:/…`, or `shc:/C/N/…` for parts of about the same size.
///
/// # Errors
/// [`DrawError`].
pub fn texts(jws: &str, codes: Codes) -> Result<Vec<String>, DrawError> {
    Ok(split(jws, codes)?.into_iter().map(|(prefix, digits)| prefix + &digits).collect())
}

/// Draws a card: the smallest version that takes it, and the strongest error correction of that version.
///
/// # Errors
/// [`DrawError`].
pub fn draw(jws: &str, codes: Codes) -> Result<Vec<QrMatrix>, DrawError> {
    let texts = split(jws, codes)?;
    let parts = u32::try_from(texts.len()).map_err(|_| DrawError::TooManyParts)?;
    (1..).zip(texts).map(|(part, (prefix, digits))| matrix(part, parts, &prefix, digits, MAX_VERSION)).collect()
}

/// Draws any other text as one code.
///
/// # Errors
/// [`DrawError::TooManyParts`] when it is too long for one.
pub fn of_text(text: &str) -> Result<QrMatrix, DrawError> {
    matrix(1, 1, text, String::new(), LARGEST)
}

/// Prefixes and digits of all codes.
fn split(jws: &str, codes: Codes) -> Result<Vec<(String, String)>, DrawError> {
    if jws.is_empty() || !jws.bytes().all(|byte| (b'-'..=b'z').contains(&byte)) {
        return Err(DrawError::NotASignedText);
    }
    if jws.len() <= MAX_SINGLE {
        return Ok(vec![("shc:/".to_owned(), digits(jws.as_bytes()))]);
    }
    if codes == Codes::One {
        return Err(DrawError::TooLong);
    }
    // With ten parts and more, the longer numbers leave room for three characters less.
    let most = if jws.len() <= 9 * MAX_PART { MAX_PART } else { MAX_PART - 3 };
    let parts = jws.len().div_ceil(most);
    if parts > MAX_PARTS {
        return Err(DrawError::TooManyParts);
    }
    let balanced = jws.len().div_ceil(parts);
    let part = |(at, characters): (usize, &[u8])| (format!("shc:/{}/{parts}/", at + 1), digits(characters));
    Ok(jws.as_bytes().chunks(balanced).enumerate().map(part).collect())
}

fn digits(characters: &[u8]) -> String {
    let mut digits = String::with_capacity(characters.len() * 2);
    for character in characters {
        let value = character.saturating_sub(45);
        digits.push(char::from(b'0' + value / 10));
        digits.push(char::from(b'0' + value % 10));
    }
    digits
}

fn matrix(part: u32, parts: u32, prefix: &str, digits: String, largest: i16) -> Result<QrMatrix, DrawError> {
    let levels = [Level::H, Level::Q, Level::M, Level::L];
    let fits = |version: i16, level: Level| encode(version, level, prefix, &digits);
    let version = (1..=largest).find(|version| fits(*version, Level::L).is_some()).ok_or(DrawError::TooManyParts)?;
    let (level, code) = levels
        .into_iter()
        .find_map(|level| fits(version, level).map(|code| (level, code)))
        .ok_or(DrawError::TooManyParts)?;
    let width = code.width();
    let module = |color: &Color| if *color == Color::Dark { '1' } else { '0' };
    let rows = code.to_colors().chunks(width).map(|row| row.iter().map(module).collect()).collect();
    let version = u8::try_from(version).map_err(|_| DrawError::TooManyParts)?;
    Ok(QrMatrix { part, parts, version, level, rows, text: [prefix, &digits].concat() })
}

/// A segment of bytes for the prefix and a numeric one for the digits, as the specification says.
fn encode(version: i16, level: Level, prefix: &str, digits: &str) -> Option<QrCode> {
    let mut bits = Bits::new(Version::Normal(version));
    bits.push_byte_data(prefix.as_bytes()).ok()?;
    if !digits.is_empty() {
        bits.push_numeric_data(digits.as_bytes()).ok()?;
    }
    bits.push_terminator(level.of()).ok()?;
    QrCode::with_bits(bits, level.of()).ok()
}
