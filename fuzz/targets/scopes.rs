//! Scopes: what is read is said again as it was, and means the same.
#![no_main]

use consent::Scopes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(scopes) = Scopes::parse(text) {
        let again = Scopes::parse(&scopes.to_string()).expect("what was said can be read");
        assert_eq!(scopes, again);
    }
});
