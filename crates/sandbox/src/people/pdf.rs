/// A PDF of A4 pages: a title and lines in Helvetica, as many pages as it takes.
///
/// Uncompressed PDF 1.4 with WinAnsi text, which holds Western accents; other letters become `?`.
pub(crate) fn page(title: &str, lines: &[String]) -> Vec<u8> {
    let wrapped: Vec<String> = lines.iter().flat_map(|line| wrap(line)).collect();
    let mut sheets: Vec<&[String]> = wrapped.chunks(46).collect();
    if sheets.is_empty() {
        sheets.push(&[]);
    }
    let mut objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    let kids: Vec<String> = (0..sheets.len()).map(|at| format!("{} 0 R", 4 + at * 2)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), sheets.len()).into_bytes());
    objects.push(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec());
    for (at, sheet) in sheets.iter().enumerate() {
        let content = 5 + at * 2;
        objects.push(
            format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R >>")
                .into_bytes(),
        );
        objects.push(stream(&drawing(if at == 0 { title } else { "" }, sheet)));
    }
    file(&objects)
}

fn drawing(title: &str, lines: &[String]) -> Vec<u8> {
    let mut out = b"BT /F1 16 Tf 56 780 Td ".to_vec();
    show(&mut out, title);
    out.extend_from_slice(b"/F1 11 Tf 0 -28 Td 15 TL ");
    for line in lines {
        show(&mut out, line);
        out.extend_from_slice(b"T* ");
    }
    out.extend_from_slice(b"ET");
    out
}

/// One string, shown: brackets and backslashes escaped.
fn show(out: &mut Vec<u8>, text: &str) {
    out.push(b'(');
    for letter in text.chars() {
        let byte = match letter {
            '–' => 0x96,
            '’' => 0x92,
            '€' => 0x80,
            _ => u8::try_from(u32::from(letter)).ok().filter(|byte| !(0x80..0xa0).contains(byte)).unwrap_or(b'?'),
        };
        if matches!(byte, b'(' | b')' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.extend_from_slice(b") Tj ");
}

fn wrap(line: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in line.split(' ') {
        match rows.last_mut() {
            Some(row) if row.is_empty() => row.push_str(word),
            Some(row) if row.chars().count() + word.chars().count() < 88 => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}

fn stream(content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream");
    out
}

/// Header, numbered objects, cross-reference table, trailer.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(trailer.as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_points_at_every_object() {
        let bytes = page("Ávila (note)", &vec!["line".to_owned(); 60]);
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let table = text.split("xref\n0 ").nth(1).unwrap();
        for (at, row) in table.lines().skip(2).take_while(|row| row.ends_with(" n ")).enumerate() {
            let offset: usize = row[..10].parse().unwrap();
            assert!(bytes[offset..].starts_with(format!("{} 0 obj", at + 1).as_bytes()), "object {at}");
        }
        assert!(text.contains("/Count 2"));
        assert!(text.contains("\\(note\\)"));
    }
}
