//! Dates: as precise as they were written, and a span that never ends before it begins.
#![no_main]

use fhir::{PartialDate, Span};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(date) = PartialDate::parse(text) {
        assert_eq!(date.as_str(), text);
        assert_eq!(PartialDate::parse(date.as_str()), Some(date));
    }
    if let Some(span) = Span::parse(text, &TimeZone::UTC) {
        assert!(span.start < span.end);
    }
});
