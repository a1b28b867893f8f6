use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as string search compares it (FHIR R4, "string"): without case, without accents and other marks, punctuation and
/// runs of white space one blank. Apostrophes go, so that `O'Brien` and `obrien` meet.
pub fn fold(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b == b' ' || b.is_ascii_lowercase() || b.is_ascii_digit();
    let tidy = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    if tidy && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    let mut push = |c: char| {
        if c.is_whitespace() || is_punctuation(c) {
            blank = true;
            return;
        }
        if std::mem::take(&mut blank) && !folded.is_empty() {
            folded.push(' ');
        }
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            // By way of the capitals, so that ß meets SS and both small sigmas meet.
            folded.extend(c.to_uppercase().flat_map(char::to_lowercase));
        }
    };
    if text.is_ascii() {
        text.chars().filter(|c| *c != '\'').for_each(&mut push);
    } else {
        text.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c)).for_each(&mut push);
    }
    Cow::Owned(folded)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{ff07}')
}

/// Punctuation of ASCII, Latin-1, the general block and CJK. Symbols such as `+` and `<` stay.
fn is_punctuation(c: char) -> bool {
    match c {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => false,
        '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' => true,
        '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' => true,
        c => c.is_ascii_punctuation(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_punctuation_and_spare_blanks_do_not_count() {
        for (left, right) in [
            ("Núñez", "NUNEZ"),
            ("Straße", "STRASSE"),
            ("O'Brien", "obrien"),
            ("O\u{2019}Brien", "obrien"),
            ("Smith-Jones", "smith  jones"),
            ("  St. Mary,\tMI ", "st mary mi"),
            ("ὈΔΥΣΣΕΎΣ", "οδυσσευς"),
            ("ﬁne", "FINE"),
            ("Адъюнкт", "адъюнкт"),
        ] {
            assert_eq!(fold(left), fold(right), "{left}");
        }
        assert_ne!(fold("a+b"), fold("a b"));
        assert_eq!(fold("..."), "");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once), once.as_str());
        }
    }
}
