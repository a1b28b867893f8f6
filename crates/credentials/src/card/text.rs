use std::borrow::Cow;

use super::ReadError;

/// Characters of one code: the largest QR code holds 7,089 digits; parts pasted as text are held to the same.
const MAX_CODE: usize = 7_200;

/// One word of a text that holds cards.
pub(super) enum Word<'a> {
    /// A whole signed text.
    Whole(Cow<'a, str>),
    /// A part of one.
    Part(Part),
}

/// Part `number` of `total` of a signed text.
pub(super) struct Part {
    pub(super) number: u32,
    pub(super) total: u32,
    pub(super) text: String,
}

/// The words of a text. Mostly there is one, long and without a space in it, which is seen without looking for each.
pub(super) fn words(text: &str) -> Vec<&str> {
    let spaced = text.bytes().fold(false, |found, byte| found | byte.is_ascii_whitespace());
    if spaced { text.split_ascii_whitespace().collect() } else { vec![text] }
}

/// Reads one word: `shc:/…`, `shc:/C/N/…`, or a signed text.
pub(super) fn word(word: &str) -> Result<Word<'_>, ReadError> {
    let scheme = word.get(..5).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("shc:/") {
        return code(word.get(5..).unwrap_or_default());
    }
    if word.starts_with("shlink:") || word.contains("#shlink:") {
        return Err(ReadError::HealthLink);
    }
    if word.len() > super::MAX_JWS {
        return Err(ReadError::TooLarge);
    }
    if word.bytes().filter(|byte| *byte == b'.').count() != 2 {
        return Err(ReadError::NotACard);
    }
    Ok(Word::Whole(Cow::Borrowed(word)))
}

fn code(rest: &str) -> Result<Word<'static>, ReadError> {
    if rest.len() > MAX_CODE {
        return Err(ReadError::TooLarge);
    }
    let Some((number, behind)) = rest.split_once('/') else {
        return Ok(Word::Whole(Cow::Owned(characters(rest)?)));
    };
    let (total, digits) = behind.split_once('/').ok_or(ReadError::PartNumber)?;
    let (number, total) = (ordinal(number)?, ordinal(total)?);
    if number > total {
        return Err(ReadError::PartNumber);
    }
    Ok(Word::Part(Part { number, total, text: characters(digits)? }))
}

/// A number from 1 to 99, written without leading zeros. A card of 99 parts would have 100,000 characters.
fn ordinal(text: &str) -> Result<u32, ReadError> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || text.starts_with('0') {
        return Err(ReadError::PartNumber);
    }
    text.parse().map_err(|_| ReadError::PartNumber)
}

/// Two digits stand for one character, 45 below its number (SMART Health Cards, "Encoding QRs").
fn characters(digits: &str) -> Result<String, ReadError> {
    let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
    if !odd.is_empty() {
        return Err(ReadError::OddDigits);
    }
    if pairs.is_empty() {
        return Err(ReadError::Digits);
    }
    // One flag for all pairs instead of a branch for each: a card has hundreds.
    let mut wrong = false;
    let character = |[tens, ones]: &[u8; 2]| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        let character = tens.wrapping_mul(10).wrapping_add(ones).wrapping_add(45);
        // `z` is the last character of a signed text.
        wrong |= tens > 9 || ones > 9 || character > b'z';
        character
    };
    let text: Vec<u8> = pairs.iter().map(character).collect();
    if wrong { Err(ReadError::Digits) } else { String::from_utf8(text).map_err(|_| ReadError::Digits) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_characters_as_the_specification_shows() {
        assert_eq!(characters("43").unwrap(), "X");
        assert_eq!(characters("00017677").unwrap(), "-.yz");
    }

    #[test]
    fn wrong_digits_have_their_own_errors() {
        for (digits, error) in [
            ("123", ReadError::OddDigits),
            ("", ReadError::Digits),
            ("78", ReadError::Digits),
            ("99", ReadError::Digits),
            ("5a", ReadError::Digits),
            ("-1", ReadError::Digits),
            ("१", ReadError::OddDigits),
        ] {
            assert_eq!(characters(digits), Err(error), "{digits}");
        }
    }

    #[test]
    fn parts_are_numbered_from_one_to_their_total() {
        for wrong in ["0/2/43", "3/2/43", "1/100/43", "01/2/43", "1/43", "/2/43", "a/2/43", "1/2/3/43", "-1/2/43"] {
            let error = code(wrong).err();
            assert!(matches!(error, Some(ReadError::PartNumber | ReadError::Digits | ReadError::OddDigits)), "{wrong}");
        }
        assert!(matches!(code("2/2/43"), Ok(Word::Part(Part { number: 2, total: 2, .. }))));
    }
}
