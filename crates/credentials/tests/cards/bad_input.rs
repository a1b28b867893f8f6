use credentials::{Card, CardInput, Evidence, IssuerKeys, ReadError, Reason, Word};
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use serde_json::json;

use crate::kit::{bundle, card, example, key, keys, only, payload, signed, signed_raw, signed_text, then};

fn error(text: &str) -> ReadError {
    Card::read(CardInput::Text(text)).map(|read| read.cards.len()).unwrap_err()
}

fn file_error(bytes: &[u8]) -> ReadError {
    Card::read(CardInput::Bytes(bytes)).map(|read| read.cards.len()).unwrap_err()
}

fn codes(jws: &str) -> Vec<String> {
    credentials::qr::texts(jws, credentials::qr::Codes::Parts).unwrap()
}

/// A card too long for one code.
fn long_card() -> String {
    let mut bundle = bundle();
    let noise: Vec<String> = (0..60_u64).map(|n| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    bundle["entry"][0]["resource"]["noise"] = json!(noise);
    credentials::Draft::new(crate::kit::ISSUER, then(), &bundle).sign(&key()).unwrap()
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let bomb = compress_to_vec(&vec![b' '; 60_000_000], 9);
    assert!(bomb.len() < 100_000);
    assert_eq!(error(&signed_raw(&bomb)), ReadError::InflatesTooLarge);
}

#[test]
fn content_that_is_not_deflated_as_cards_are_is_refused() {
    let plain = payload().to_string();
    assert_eq!(error(&signed_raw(plain.as_bytes())), ReadError::Damaged);
    assert_eq!(error(&signed_raw(&compress_to_vec_zlib(plain.as_bytes(), 6))), ReadError::Damaged, "with a zlib head");
    let mut behind = compress_to_vec(plain.as_bytes(), 6);
    behind.push(0);
    assert_eq!(error(&signed_raw(&behind)), ReadError::Damaged, "bytes behind the end");
    assert_eq!(error(&signed_raw(b"")), ReadError::Damaged);
    let key = key();
    let kid = key.public_jwk().thumbprint();
    for header in [json!({"kid": kid}), json!({"kid": kid, "zip": "GZ"}), json!({"kid": kid, "zip": ""})] {
        let text = key.jws_compact(&header, plain.as_bytes()).unwrap();
        assert_eq!(error(&text), ReadError::NotDeflated);
    }
}

#[test]
fn content_that_is_not_json_is_refused() {
    let plain = payload().to_string();
    assert_eq!(error(&signed_text("")), ReadError::NotJson);
    assert_eq!(error(&signed_text("hello")), ReadError::NotJson);
    assert_eq!(error(&signed_text(&plain[..plain.len() - 1])), ReadError::NotJson);
    assert_eq!(error(&signed_text(&format!("{plain}x"))), ReadError::NotJson);
    assert_eq!(error(&signed_text(&format!("\u{feff}{plain}"))), ReadError::NotJson, "a byte-order mark");
    assert_eq!(error(&signed_raw(&compress_to_vec(b"{\"iss\":\"\xff\"}", 6))), ReadError::NotJson, "not utf-8");
}

#[test]
fn claims_that_are_missing_doubled_or_of_the_wrong_type_are_refused() {
    let change = |name: &str, value: serde_json::Value| {
        let mut payload = payload();
        payload[name] = value;
        error(&signed(&payload))
    };
    for (name, value) in [
        ("iss", json!(7)),
        ("nbf", json!("1717200000")),
        ("nbf", json!(null)),
        ("nbf", json!(-1)),
        ("nbf", json!(1e300)),
        ("exp", json!("1746643763678")),
        ("exp", json!(null)),
        ("exp", json!(1e18)),
        ("vc", json!([])),
        ("vc", json!({"type": "https://smarthealth.cards#health-card"})),
    ] {
        assert_eq!(change(name, value.clone()), ReadError::Claims, "{name} {value}");
    }
    for name in ["iss", "nbf"] {
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove(name);
        assert_eq!(error(&signed(&payload)), ReadError::Claims, "{name}");
    }
    let twice = payload().to_string().replacen('{', r#"{"iss":"https://other.example.org","#, 1);
    assert_eq!(error(&signed_text(&twice)), ReadError::Claims, "the issuer twice");
    for text in ["[]", "null", "7", "\"text\""] {
        assert_eq!(error(&signed_text(text)), ReadError::Claims, "{text}");
    }
}

#[test]
fn deep_and_wide_content_is_stopped() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let text = payload().to_string().replacen('{', &format!(r#"{{"x":{deep},"#), 1);
    assert_eq!(error(&signed_text(&text)), ReadError::TooDeep);
    let brackets = json!("[{".repeat(500));
    let mut in_text = payload();
    in_text["note"] = brackets;
    assert!(only(&signed(&in_text)).is_ok(), "brackets inside a text do not nest");

    let mut wide = payload();
    wide["vc"]["credentialSubject"]["fhirBundle"]["entry"] = json!(vec![json!({}); 5_001]);
    assert_eq!(error(&signed(&wide)), ReadError::TooManyEntries);
    let mut array = payload();
    array["x"] = json!(vec![0; 2_000_000]);
    assert_eq!(error(&signed(&array)), ReadError::InflatesTooLarge);
    array["x"] = json!(vec![0; 500_000]);
    let card = only(&signed(&array)).unwrap();
    assert!(card.content().payload.len() > 1_000_000);
}

#[test]
fn digits_that_are_none_are_refused() {
    let text = credentials::qr::texts(&card(), credentials::qr::Codes::One).unwrap().remove(0);
    assert!(only(&text).is_ok());
    assert_eq!(error(&text[..text.len() - 1]), ReadError::OddDigits);
    assert_eq!(error(&format!("{text}78")), ReadError::Digits, "a pair beyond the last character");
    assert_eq!(error(&format!("{text}99")), ReadError::Digits);
    assert_eq!(error(&format!("{text}ab")), ReadError::Digits);
    assert_eq!(error("shc:/"), ReadError::Digits);
    assert_eq!(error("shc:/5676"), ReadError::NotACard, "digits that are no signed text");
    assert!(matches!(error(&text[..text.len() - 2]), ReadError::Jws(_)), "a cut code");
    assert_eq!(error(&format!("shc:/{}", "56".repeat(5_000_000))), ReadError::TooLarge, "ten megabytes");
    assert_eq!(error(&format!("shc:/{}", "56".repeat(50_000))), ReadError::TooLarge, "more than a code holds");
}

#[test]
fn cut_texts_are_refused() {
    let text = card();
    for at in 0..text.len() {
        // A signature cut at the end of a byte still reads; it does not verify.
        let cut = only(&text[..at]).map(|card| card.verify(IssuerKeys::Known(&keys()), then(), None).reason);
        assert!(matches!(cut, Err(_) | Ok(Reason::Changed)), "{at}");
    }
}

#[test]
fn parts_may_come_in_any_order_and_twice() {
    let jws = long_card();
    let mut parts = codes(&jws);
    assert_eq!(parts.len(), 2);
    parts.reverse();
    parts.push(parts[0].clone());
    assert_eq!(only(&parts.join(" ")).unwrap().jws(), jws);
}

#[test]
fn missing_parts_are_named() {
    let Some(jws) = example("example-02-d-jws.txt") else { return };
    let parts = codes(jws.trim());
    assert_eq!(error(&parts[1]), ReadError::MissingParts { total: 3, missing: vec![1, 3] });
    let both = format!("{}\n{}", card(), parts[2]);
    let read = Card::read(CardInput::Text(&both)).unwrap();
    assert_eq!(read.cards.len(), 1);
    assert_eq!(read.unreadable, [ReadError::MissingParts { total: 3, missing: vec![1, 2] }]);
}

#[test]
fn parts_of_two_cards_are_not_joined_into_one() {
    let one = codes(&long_card());
    let mut bundle = bundle();
    bundle["entry"][0]["resource"]["noise"] =
        json!((0..60_u64).map(|n| format!("{:x}", n.wrapping_mul(0xD134_2543_DE82_EF95))).collect::<Vec<_>>());
    let two = codes(&credentials::Draft::new(crate::kit::ISSUER, then(), &bundle).sign(&key()).unwrap());
    assert_eq!((one.len(), two.len()), (2, 2));
    assert_eq!(error(&format!("{} {}", one[0], two[0])), ReadError::MixedParts);
    // Nothing in the parts tells that they are of two cards: the text they make is damaged or not what was signed.
    let mixed = match only(&format!("{} {}", one[0], two[1])) {
        Ok(card) => card.verify(IssuerKeys::Known(&keys()), then(), None).reason,
        Err(error) => error.reason(),
    };
    assert!(matches!(mixed, Reason::NotWhole | Reason::Changed), "{mixed:?}");
}

#[test]
fn parts_that_are_numbered_wrongly_are_refused() {
    for text in
        ["shc:/0/2/5676", "shc:/3/2/5676", "shc:/1/100/5676", "shc:/1/5676", "shc:/x/2/5676", "shc:/1/99999999999/56"]
    {
        assert_eq!(error(text), ReadError::PartNumber, "{text}");
    }
}

#[test]
fn files_that_hold_no_cards_are_told_by_kind() {
    assert_eq!(file_error(b""), ReadError::NotACard);
    assert_eq!(file_error(b"hello"), ReadError::NotACard);
    assert_eq!(file_error(b"%PDF-1.7\n\xff\xfe"), ReadError::UnknownFile);
    assert_eq!(file_error(b"PK\x03\x04\xff"), ReadError::UnknownFile);
    assert_eq!(file_error(b"GIF89a\x00\xff\xff"), ReadError::UnknownFile);
    assert_eq!(file_error(&vec![b'a'; 9_000_000]), ReadError::TooLarge);
    for file in [
        "{",
        "{}",
        r#"{"verifiableCredential":"x"}"#,
        r#"{"verifiableCredential":[7]}"#,
        r#"{"resourceType":"Bundle"}"#,
    ] {
        assert_eq!(file_error(file.as_bytes()), ReadError::File, "{file}");
    }
    assert_eq!(file_error(br#"{"verifiableCredential":[]}"#), ReadError::NotACard);
    let marked = format!("\u{feff}{}", credentials::file_export(&[&card()]));
    assert_eq!(file_error(marked.as_bytes()), ReadError::NotACard, "a byte-order mark");
    let many = json!({"verifiableCredential": vec!["a.b.c"; 501]}).to_string();
    assert_eq!(file_error(many.as_bytes()), ReadError::TooManyCards);
    let Some(link) = example("IPS_IG-bundle-01-shl.txt") else { return };
    assert_eq!(error(&link), ReadError::HealthLink);
}

#[test]
fn one_damaged_card_in_a_file_does_not_hide_the_others() {
    let (good, mut bad) = (card(), card());
    bad.truncate(50);
    let read = Card::read(CardInput::Text(&credentials::file_export(&[&bad, &good, "x"]))).unwrap();
    assert_eq!((read.cards.len(), read.unreadable.len()), (1, 2));
    assert_eq!(read.cards[0].verify(IssuerKeys::Known(&keys()), then(), None).reason, Reason::SignedByIssuer);
}

#[test]
fn every_error_has_a_code_and_a_reason_that_is_never_a_pass() {
    for error in [ReadError::TooLarge, ReadError::Algorithm, ReadError::HealthLink, ReadError::Claims] {
        assert!(error.code().starts_with("card."));
        assert_ne!(error.reason().word(), Word::Verified);
        assert_eq!(credentials::Verdict::unreadable(&error).evidence, [Evidence::Unreadable]);
    }
}

#[test]
fn pictures_made_to_hurt_are_refused_before_they_do() {
    // By their headers: beyond what a side may have, and within it with too many pixels.
    assert_eq!(file_error(&png(60_000, 60_000)), ReadError::PictureTooLarge);
    assert_eq!(file_error(&png(11_000, 11_000)), ReadError::PictureTooLarge);
    assert_eq!(file_error(&png(u32::MAX, 1)), ReadError::PictureTooLarge);
    assert_eq!(file_error(&png(100, 100)), ReadError::Picture);
    assert_eq!(file_error(b"\x89PNG\r\n\x1a\n"), ReadError::Picture);
    assert_eq!(file_error(b"\xff\xd8\xff\xe0 not a picture"), ReadError::Picture);
    assert_eq!(file_error(b"\xff\xd8\xff"), ReadError::Picture);
}

/// The head of a PNG with these sides, and no pixels.
fn png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], body: &[u8]| {
        let named = [kind, body].concat();
        [&u32::try_from(body.len()).unwrap().to_be_bytes(), named.as_slice(), &crc32(&named).to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &[]), chunk(b"IEND", &[])].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}
