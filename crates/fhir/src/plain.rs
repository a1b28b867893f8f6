//! Markup reduced to the text in it. Foreign markup is never shown as markup.

/// The text of HTML, XHTML or XML: tags, comments, scripts and styles go; block ends become line breaks; character
/// references are resolved.
pub fn markup_to_text(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len() / 2);
    let mut rest = markup;
    while let Some(open) = rest.find('<') {
        let (before, tagged) = rest.split_at(open);
        push_text(&mut out, before);
        rest = skip_tag(&mut out, tagged);
    }
    push_text(&mut out, rest);
    tidy(&out)
}

/// Skips what starts at `<` and returns what follows it.
fn skip_tag<'a>(out: &mut String, tagged: &'a str) -> &'a str {
    if let Some(comment) = tagged.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let inside = tagged.get(1..).unwrap_or_default();
    if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        out.push('<');
        return inside;
    }
    let Some((tag, after)) = inside.split_once('>') else { return "" };
    let name: String =
        tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    if !tag.starts_with('/') && !tag.ends_with('/') && matches!(name.as_str(), "script" | "style" | "head") {
        let end = format!("</{name}");
        let close = find_ignoring_case(after, &end);
        let after = close.and_then(|at| after.get(at..)).unwrap_or_default();
        return after.split_once('>').map_or("", |(_, rest)| rest);
    }
    match name.as_str() {
        "br" | "p" | "div" | "tr" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol"
        | "section" | "paragraph" | "item" | "title" | "caption" => out.push('\n'),
        "td" | "th" => out.push('\t'),
        _ => {}
    }
    after
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|w| w.eq_ignore_ascii_case(wanted.as_bytes()))
}

fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let known = entity
            .get(1..)
            .and_then(|e| e.split_once(';'))
            .and_then(|(name, after)| character(name).map(|found| (found, after)));
        match known {
            Some((found, after)) => {
                out.push(found);
                rest = after;
            }
            None => {
                out.push('&');
                rest = entity.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let code = name.strip_prefix('#')?;
            let number = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(number).filter(|c| !c.is_control())?
        }
    })
}

/// The text of RTF: control words, groups that are not text (fonts, colours, pictures) and braces go.
pub fn rtf_to_text(rtf: &str) -> String {
    let mut out = String::new();
    let mut hidden: Vec<bool> = vec![false];
    let mut chars = rtf.chars().peekable();
    while let Some(c) = chars.next() {
        let hide = hidden.last().copied().unwrap_or(false);
        match c {
            '{' => hidden.push(hide),
            '}' if hidden.len() > 1 => {
                hidden.pop();
            }
            '}' => {}
            '\\' => match chars.next() {
                Some(literal @ ('\\' | '{' | '}')) if !hide => out.push(literal),
                Some('*') => set_last(&mut hidden),
                Some('\'') => {
                    let hex: String = chars.by_ref().take(2).collect();
                    if let (false, Ok(code)) = (hide, u8::from_str_radix(&hex, 16)) {
                        out.push(char::from(code));
                    }
                }
                Some(first) if first.is_ascii_alphabetic() => {
                    let mut word = String::from(first);
                    while let Some(next) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '-') {
                        word.push(next);
                    }
                    chars.next_if_eq(&' ');
                    match word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-') {
                        "par" | "line" | "row" if !hide => out.push('\n'),
                        "tab" | "cell" if !hide => out.push('\t'),
                        "fonttbl" | "colortbl" | "stylesheet" | "info" | "pict" | "header" | "footer" => {
                            set_last(&mut hidden);
                        }
                        _ => {}
                    }
                }
                _ => {}
            },
            '\r' | '\n' => {}
            _ if !hide => out.push(c),
            _ => {}
        }
    }
    tidy(&out)
}

fn set_last(hidden: &mut [bool]) {
    if let Some(last) = hidden.last_mut() {
        *last = true;
    }
}

/// One blank between words, at most one empty line between paragraphs.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let words: Vec<&str> = line.split([' ', '\u{a0}', '\r']).filter(|w| !w.is_empty()).collect();
        let line = words.join(" ");
        let line = line.trim_matches(['\t', ' ']);
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 && !(line.is_empty() && out.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_leaves_only_its_text() {
        let html = "<div><p>Blood &amp; <b>sugar</b> &#60;5</p><script>alert('x')</script><!-- no --><p>Next</p></div>";
        assert_eq!(markup_to_text(html), "Blood & sugar <5\n\nNext");
        assert_eq!(markup_to_text("a < b and c > d"), "a < b and c > d");
        assert_eq!(markup_to_text("<script>never closed"), "");
        assert_eq!(markup_to_text("&bogus; &#xD800; ok"), "&bogus; &#xD800; ok");
    }

    #[test]
    fn rich_text_leaves_only_its_text() {
        let rtf = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0 Hello \b world\b0\par Caf\'e9 \{ok\}}";
        assert_eq!(rtf_to_text(rtf), "Hello world\nCafé {ok}");
    }

    proptest! {
        #[test]
        fn any_text_is_reduced_without_harm(text in "\\PC{0,400}") {
            markup_to_text(&text);
            rtf_to_text(&text);
        }

        #[test]
        fn no_tag_survives(words in "[a-z ]{0,20}", tag in "[a-z]{1,8}") {
            let out = markup_to_text(&format!("<{tag} onload=x>{words}</{tag}>"));
            prop_assert!(!out.contains('<'), "{out}");
        }
    }
}
