/// One member of an object, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// As written, escapes and all.
    pub name: &'a str,
    /// Where its name begins, with the quote.
    pub start: usize,
    /// Where its value begins.
    pub from: usize,
    /// Behind its value.
    pub to: usize,
}

/// The members of the object that a text is, in the order written. `None` when it is none; the text has been parsed
/// before, so that what is inside the members needs no second look.
pub fn members(text: &str) -> Option<Vec<Member<'_>>> {
    let bytes = text.as_bytes();
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut found = Vec::with_capacity(24);
    at = skip_space(bytes, at + 1);
    while bytes.get(at) == Some(&b'"') {
        let start = at;
        let name_end = string_end(bytes, at)?;
        let name = text.get(at + 1..name_end - 1)?;
        at = skip_space(bytes, name_end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let from = skip_space(bytes, at + 1);
        let to = value_end(bytes, from)?;
        found.push(Member { name, start, from, to });
        at = skip_space(bytes, to);
        if bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
    }
    (bytes.get(at) == Some(&b'}')).then_some(found)
}

fn skip_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Behind the closing quote of the string that begins at `from`.
fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn value_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => {
                return Some(if depth == 0 { trim_end(bytes, from, at) } else { at + 1 });
            }
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some(trim_end(bytes, from, at)),
            _ => {}
        }
        at += 1;
    }
}

/// A number or word ends where its last sign is, not at the space before the comma.
fn trim_end(bytes: &[u8], from: usize, to: usize) -> usize {
    let span = bytes.get(from..to).unwrap_or_default();
    to - span.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_member_is_where_its_bytes_are() {
        let text = r#" {"a" : 1.10 ,"b\"c":{"a":["}",{}]}, "d":"x\\"} "#;
        let all = members(text).unwrap();
        let spans: Vec<(&str, &str)> = all.iter().map(|one| (one.name, &text[one.from..one.to])).collect();
        assert_eq!(spans, [("a", "1.10"), ("b\\\"c", r#"{"a":["}",{}]}"#), ("d", r#""x\\""#)]);
        assert_eq!(&text[all[2].start..all[2].to], r#""d":"x\\""#);
        assert_eq!(members("[]"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fall_over(text in "[{}\\[\\]\",:\\\\a é]{0,40}") {
            _ = members(&text);
        }
    }
}
