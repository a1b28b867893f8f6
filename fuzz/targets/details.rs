//! Authorization details: what is read is said again as it was.
#![no_main]

use consent::Details;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(details) = Details::parse(bytes) {
        let again = Details::parse(details.to_value().to_string().as_bytes()).expect("what was said can be read");
        assert_eq!(details, again);
    }
});
