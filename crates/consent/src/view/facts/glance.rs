//! What is told before a resource is gone through.

/// What the bytes of a resource tell before anybody looks closer.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Glance {
    /// It may bear security labels.
    pub(in super::super) labels: bool,
    /// It may hold other resources.
    pub(in super::super) inner: bool,
    /// It may have attachments.
    pub(in super::super) files: bool,
}

impl Glance {
    /// Of what was not glanced at.
    pub(super) const ANYTHING: Self = Self { labels: true, inner: true, files: true };

    pub(super) fn of(text: &str) -> Self {
        // What is written with escapes is not seen.
        let escaped = text.contains("\\u");
        let again = |(_, rest): (&str, &str)| rest.contains("\"resourceType\"");
        Self {
            files: escaped || text.contains("\"contentType\""),
            labels: escaped || text.contains("\"security\"") || text.contains("inline-sec-label"),
            inner: escaped || text.split_once("\"resourceType\"").is_none_or(again),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overlooked_however_it_is_written() {
        let told = |text: &str| {
            let glance = Glance::of(text);
            (glance.labels, glance.inner, glance.files)
        };
        assert_eq!(told(r#"{"resourceType":"Patient"}"#), (false, false, false));
        assert_eq!(told(r#"{"resourceType":"Patient","meta":{"security":[]}}"#), (true, false, false));
        assert_eq!(told(r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic"}]}"#), (false, true, false));
        assert_eq!(told(r#"{"resourceType":"Media","content":{"contentType":"a/b"}}"#), (false, false, true));
        assert_eq!(told(r#"{"resourceType":"Patient","meta":{"secur\u0069ty":[]}}"#), (true, true, true));
        assert_eq!(
            told(r#"{"resourceType":"Patient","contained":[{"resource\u0054ype":"Basic"}]}"#),
            (true, true, true)
        );
    }
}
