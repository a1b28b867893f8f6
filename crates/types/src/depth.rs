/// Whether arrays and objects of a JSON text nest no deeper than that. Brackets inside of texts do not count; what is not
/// JSON is judged by whoever reads it.
pub fn nests_within(json: &[u8], levels: usize) -> bool {
    // Fewer brackets than levels cannot nest too deep; this is nearly always the end of it.
    let brackets = json.iter().fold(0_usize, |n, byte| n.wrapping_add(usize::from(matches!(byte, b'{' | b'['))));
    if brackets <= levels {
        return true;
    }
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'{' | b'[' if !text => {
                depth += 1;
                if depth > levels {
                    return false;
                }
            }
            b'}' | b']' if !text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_texts() {
        assert!(nests_within(br#"{"a":[{"b":"[[[[\"[["}]}"#, 3));
        assert!(!nests_within(br#"{"a":[{"b":1}]}"#, 2));
        assert!(!nests_within("[".repeat(1_000_000).as_bytes(), 64));
        assert!(nests_within(b"[][][][]", 1));
    }
}
