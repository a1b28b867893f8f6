use credentials::{Card, CardInput, IssuerKeys};
use proptest::prelude::*;

use crate::kit::{card, keys, signed_raw, signed_text, then};

fn try_all(bytes: &[u8]) {
    let mut reads = vec![Card::read(CardInput::Bytes(bytes))];
    if let Ok(text) = std::str::from_utf8(bytes) {
        reads.push(Card::read(CardInput::Text(text)));
    }
    for read in reads.into_iter().flatten() {
        for card in read.cards {
            let _ = card.content();
            let _ = card.verify(IssuerKeys::Known(&keys()), then(), None);
        }
    }
}

/// JSON-like text around what cards contain.
fn near_payload() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\"iss\":"),
        Just("\"https://a.example\""),
        Just("\"nbf\":"),
        Just("1"),
        Just("1e999"),
        Just("\"vc\":{"),
        Just("\"type\":["),
        Just("null"),
        Just("\\"),
        Just("\""),
        Just("\"credentialSubject\":{"),
        Just("\"fhirBundle\":{"),
        Just("\"entry\":["),
        Just("\"https://smarthealth.cards#health-card\""),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        try_all(&bytes);
    }

    #[test]
    fn no_text_makes_the_reader_fall(text in "\\PC{0,300}") {
        try_all(text.as_bytes());
    }

    #[test]
    fn no_digits_make_the_reader_fall(text in "(shc:/([0-9]{1,3}/){0,3}[0-9]{0,60} ?){1,4}") {
        try_all(text.as_bytes());
    }

    #[test]
    fn no_compressed_bytes_make_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        try_all(signed_raw(&bytes).as_bytes());
    }

    #[test]
    fn no_signed_content_makes_the_reader_fall(text in near_payload()) {
        try_all(signed_text(&text).as_bytes());
    }

    #[test]
    fn no_change_to_a_card_makes_the_reader_fall(at in 0_usize..400, byte in any::<u8>()) {
        let mut text = card().into_bytes();
        let at = at % text.len();
        text[at] = byte;
        try_all(&text);
    }

    #[test]
    fn no_picture_makes_the_reader_fall(kind in 0..2, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let magic: &[u8] = if kind == 0 { b"\x89PNG\r\n\x1a\n" } else { b"\xff\xd8\xff" };
        try_all(&[magic, &bytes].concat());
    }
}
