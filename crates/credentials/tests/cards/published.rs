use credentials::{Card, CardInput, Evidence, IssuerKeys, Reason, Standing, Verdict, Word, file_export};

use crate::kit::{EXAMPLE_ISSUER, EXAMPLES, at, example, example_keys, folder, only, then};

fn crl() -> Option<credentials::Crl> {
    let text = example("issuer/3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s.json")?;
    Some(credentials::Crl::parse(text.as_bytes(), at("2024-12-31T12:00:00Z")).unwrap())
}

fn verdict(text: &str, when: &str) -> Option<Verdict> {
    let keys = example_keys(Standing::Directory)?;
    Some(only(text).unwrap().verify(IssuerKeys::Known(&keys), at(when), crl().as_ref()))
}

#[test]
fn every_form_of_every_example_gives_the_same_verified_content() {
    let Some(folder) = folder() else { return };
    for (number, parts) in EXAMPLES {
        let jws = example(&format!("example-{number}-d-jws.txt")).unwrap();
        let file = std::fs::read(folder.join(format!("example-{number}-e-file.smart-health-card"))).unwrap();
        let mut codes: Vec<String> = (0..parts)
            .map(|part| example(&format!("example-{number}-f-qr-code-numeric-value-{part}.txt")).unwrap())
            .collect();
        let in_order = codes.join("\n");
        codes.reverse();
        let backwards = codes.join(
            "
",
        );

        let expected = only(&jws).unwrap();
        let minified = example(&format!("example-{number}-c-jws-payload-minified.json")).unwrap();
        assert_eq!(expected.payload(), minified.trim_end());
        let keys = example_keys(Standing::Directory).unwrap();
        let forms: [CardInput<'_>; 5] = [
            CardInput::Text(&jws),
            CardInput::Bytes(&file),
            CardInput::Text(std::str::from_utf8(&file).unwrap()),
            CardInput::Text(&in_order),
            CardInput::Bytes(backwards.as_bytes()),
        ];
        for form in forms {
            let read = Card::read(form).unwrap();
            assert_eq!((read.cards.len(), read.unreadable.len()), (1, 0));
            for card in read.cards {
                let verdict = card.verify(IssuerKeys::Known(&keys), then(), crl().as_ref());
                assert_eq!(verdict.reason, Reason::SignedByIssuer, "{number} {form:?}");
                assert_eq!(card.jws(), jws.trim_end());
                assert_eq!(card.content(), expected.content());
            }
        }
    }
}

#[test]
fn an_exported_file_reads_back_as_the_same_cards() {
    let Some(one) = example("example-00-d-jws.txt") else { return };
    let two = example("example-02-d-jws.txt").unwrap();
    let read = Card::read(CardInput::Text(&file_export(&[one.trim(), two.trim()]))).unwrap();
    let texts: Vec<String> = read.cards.iter().map(credentials::Unverified::jws).collect();
    assert_eq!(texts, [one.trim(), two.trim()]);
}

#[test]
fn what_a_card_says_of_itself_is_read() {
    let Some(text) = example("example-03-d-jws.txt") else { return };
    let card = only(&text).unwrap();
    let claims = card.claims();
    assert_eq!(claims.issuer, EXAMPLE_ISSUER);
    assert_eq!(claims.kid.as_deref(), Some("3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"));
    assert_eq!(claims.not_before, at("2024-05-07T18:49:23.678Z"));
    assert_eq!(claims.expires, Some(at("2025-05-07T18:49:23.678Z")));
    assert_eq!(claims.rid.as_deref(), Some("vwAjHdarZuc"));
    assert_eq!(claims.resources, ["Patient", "Immunization", "Immunization"]);
}

#[test]
fn the_expired_example_is_expired_and_not_withdrawn() {
    let Some(text) = example("example-03-d-jws.txt") else { return };
    let after = verdict(&text, "2025-05-08T00:00:00Z").unwrap();
    assert_eq!((after.reason, after.word()), (Reason::Expired, Word::NotVerified));
    assert_eq!(after.detail.as_deref(), Some("2025-05-07T18:49:23.678Z"));
    assert_eq!(after.evidence, [Evidence::PastExp, Evidence::SignatureGood]);
    assert_eq!(verdict(&text, "2025-05-07T18:50:00Z").unwrap().reason, Reason::SignedByIssuer, "within the skew");
    assert_eq!(verdict(&text, "2025-05-07T18:51:00Z").unwrap().reason, Reason::Expired, "beyond the skew");
}

#[test]
fn a_card_is_not_valid_before_its_time() {
    let Some(text) = example("example-01-d-jws.txt") else { return };
    let keys = example_keys(Standing::Directory).unwrap();
    let card = only(&text).unwrap();
    // Keys fetched before the card was made: the clock may then be before it, too.
    let early = credentials::KeySet::new(
        EXAMPLE_ISSUER,
        &crypto::Jwks::parse(example("issuer/jwks.json").unwrap().as_bytes()).unwrap(),
        at("2020-01-01T00:00:00Z"),
        Standing::Directory,
    );
    let verdict = card.verify(IssuerKeys::Known(&early), at("2024-05-07T18:00:00Z"), None);
    assert_eq!((verdict.reason, verdict.detail.as_deref()), (Reason::NotYetValid, Some("2024-05-07T18:49:23.678Z")));
    let within = card.verify(IssuerKeys::Known(&early), at("2024-05-07T18:48:30Z"), None);
    assert_eq!(within.reason, Reason::SignedByIssuer);
    let clock = card.verify(IssuerKeys::Known(&keys), at("2024-12-31T11:00:00Z"), None);
    assert_eq!((clock.reason, clock.word()), (Reason::ClockMayBeWrong, Word::CannotTell));
}

#[test]
fn an_expired_certificate_is_said_beside_the_good_signature() {
    let Some(text) = example("example-01-d-jws.txt") else { return };
    let verdict = verdict(&text, "2025-01-01T00:00:00Z").unwrap();
    assert_eq!(verdict.reason, Reason::SignedByIssuer);
    assert_eq!(verdict.evidence, [Evidence::SignatureGood, Evidence::CertificateExpired]);
    assert_eq!(verdict.keys_date, Some(at("2024-12-31T12:00:00Z")));
}

#[test]
fn a_document_where_a_collection_belongs_is_noted() {
    let Some(text) = example("example-02-d-jws.txt") else { return };
    let verdict = verdict(&text, "2025-01-01T00:00:00Z").unwrap();
    assert_eq!(verdict.reason, Reason::SignedByIssuer);
    assert_eq!(verdict.evidence, [Evidence::SignatureGood, Evidence::ListChecked, Evidence::BundleIsDocument]);
}

#[test]
fn an_issuer_outside_the_directory_is_named_by_its_address() {
    let Some(keys) = example_keys(Standing::Address) else { return };
    let card = only(&example("example-01-d-jws.txt").unwrap()).unwrap();
    let verdict = card.verify(IssuerKeys::Known(&keys), then(), None);
    assert_eq!((verdict.reason, verdict.word()), (Reason::SignedByAddress, Word::Verified));
    assert_eq!(verdict.detail.as_deref(), Some("spec.smarthealth.cards"));
}

#[test]
fn without_keys_nothing_can_be_told() {
    let Some(text) = example("example-00-d-jws.txt") else { return };
    let card = only(&text).unwrap();
    let verdict = card.verify(IssuerKeys::Unavailable, then(), None);
    assert_eq!((verdict.reason, verdict.word()), (Reason::KeysUnavailable, Word::CannotTell));
    // Another issuer's keys are no keys of this one.
    let verdict = card.verify(IssuerKeys::Known(&crate::kit::keys()), then(), None);
    assert_eq!(verdict.reason, Reason::KeysUnavailable);
}
