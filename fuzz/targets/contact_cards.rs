//! Contact cards: what is read is of whoever signed it, and no other bytes are read.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use wallet::foreign;

/// The instant of the members that a corpus begins with.
const NOW: i64 = 1_800_000_000;

fuzz_target!(|bytes: &[u8]| {
    let now = Timestamp::from_second(NOW).expect("an instant");
    // Without a key nobody's bytes are one.
    assert!(foreign::contact_card(bytes, now).is_none());
    let Some([(text, did), _]) = foreign::signed(bytes) else { return };
    if let Some((of, kept)) = foreign::contact_card(text.as_bytes(), now) {
        assert_eq!((&of, &kept), (&did, &text), "who signed it is whose it is, and it is kept as it came");
        assert_eq!(foreign::contact_card(kept.as_bytes(), now), Some((of, kept)));
        // Of another kind it is nothing.
        assert!(foreign::mandate(text.as_bytes(), now).is_none());
    }
});
