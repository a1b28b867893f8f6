//! Grants as files: what is read is said again as it was.
#![no_main]

use consent::Grant;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(grant) = Grant::parse(bytes) {
        let again = Grant::parse(grant.to_json().as_bytes()).expect("what was said can be read");
        assert_eq!(grant, again);
    }
});
