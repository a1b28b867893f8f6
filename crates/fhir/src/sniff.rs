/// How a file can be shown, found by its first bytes and never by what the source says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A picture of one of the listed types.
    Image(&'static str),
    /// PDF.
    Pdf,
    /// UTF-8 text.
    Text,
    /// HTML, XHTML or XML: shown as the text in it.
    Markup,
    /// RTF: shown as the text in it.
    Rtf,
    /// Anything else: can be saved.
    SaveOnly,
}

/// Looks at the first bytes against a closed list.
pub fn sniff(bytes: &[u8]) -> Shown {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"%PDF-") {
        return Shown::Pdf;
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Shown::Image("image/png");
    }
    if starts(b"\xff\xd8\xff") {
        return Shown::Image("image/jpeg");
    }
    if starts(b"GIF87a") || starts(b"GIF89a") {
        return Shown::Image("image/gif");
    }
    if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Shown::Image("image/webp");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Shown::SaveOnly };
    if text.starts_with("{\\rtf") {
        return Shown::Rtf;
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return Shown::SaveOnly;
    }
    let head: String =
        text.trim_start_matches('\u{feff}').trim_start().chars().take(64).collect::<String>().to_lowercase();
    let markup = ["<?xml", "<!doctype", "<html", "<div", "<body", "<clinicaldocument", "<p", "<table"];
    if markup.iter().any(|tag| head.starts_with(tag)) { Shown::Markup } else { Shown::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_typed_by_its_bytes() {
        assert_eq!(sniff(b"%PDF-1.7 ..."), Shown::Pdf);
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\nrest"), Shown::Image("image/png"));
        assert_eq!(sniff(b"<html><script>"), Shown::Markup);
        assert_eq!(sniff(b"{\\rtf1 x}"), Shown::Rtf);
        assert_eq!(sniff("Señal: ok\n".as_bytes()), Shown::Text);
        assert_eq!(sniff(b"MZ\x90\x00\x03"), Shown::SaveOnly);
        assert_eq!(sniff(b"\xff\xfe\x00"), Shown::SaveOnly);
        assert_eq!(sniff(b"<svg xmlns='x' onload='y'>"), Shown::Text);
    }
}
