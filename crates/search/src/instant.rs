//! HTTP dates (RFC 9110, 5.6.7), which carry whole seconds.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

/// `Fri, 01 May 2026 10:00:00 GMT`.
pub(crate) fn http_date(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `None` for what is no HTTP date; such a header is passed over (RFC 9110, 13.1.3).
pub(crate) fn read_http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_http_date_is_written_and_read_in_whole_seconds() {
        let at: Timestamp = "2026-05-01T10:00:00.75Z".parse().unwrap();
        assert_eq!(http_date(at), "Fri, 01 May 2026 10:00:00 GMT");
        assert_eq!(read_http_date(&http_date(at)), Some("2026-05-01T10:00:00Z".parse().unwrap()));
        assert_eq!(read_http_date("yesterday"), None);
    }
}
