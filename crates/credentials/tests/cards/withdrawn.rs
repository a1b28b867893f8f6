use credentials::{Crl, Evidence, IssuerKeys, KeySet, Reason, Verdict, Word};
use serde_json::json;

use crate::kit::{ISSUER, at, key, keys_of, only, payload, published, signed, then};

/// An issuer that keeps a list, as of its count.
fn keys(count: u64) -> KeySet {
    keys_of(ISSUER, vec![published(&key()).with_member("crlVersion", json!(count))])
}

fn list(count: u64, rids: &[&str]) -> Crl {
    let kid = key().public_jwk().thumbprint();
    let text = json!({"kid": kid, "method": "rid", "ctr": count, "rids": rids}).to_string();
    Crl::parse(text.as_bytes(), at("2024-12-31T12:00:00Z")).unwrap()
}

fn judge(rid: Option<&str>, keys: &KeySet, list: Option<&Crl>) -> Verdict {
    let mut payload = payload();
    if let Some(rid) = rid {
        payload["vc"]["rid"] = json!(rid);
    }
    only(&signed(&payload)).unwrap().verify(IssuerKeys::Known(keys), then(), list)
}

#[test]
fn a_listed_card_is_withdrawn_by_the_list_of_its_date() {
    let verdict = judge(Some("abc-_9"), &keys(1), Some(&list(1, &["x", "abc-_9"])));
    assert_eq!((verdict.reason, verdict.word()), (Reason::Withdrawn, Word::NotVerified));
    assert_eq!(verdict.detail.as_deref(), Some("2024-12-31T12:00:00Z"));
    assert_eq!(verdict.evidence, [Evidence::RidListed, Evidence::SignatureGood]);
}

#[test]
fn a_listed_instant_withdraws_only_older_cards() {
    let older = list(1, &["abc.1717200001"]);
    assert_eq!(judge(Some("abc"), &keys(1), Some(&older)).reason, Reason::Withdrawn);
    let newer = list(1, &["abc.1717200000"]);
    let verdict = judge(Some("abc"), &keys(1), Some(&newer));
    assert_eq!(verdict.reason, Reason::SignedByIssuer);
    assert!(verdict.evidence.contains(&Evidence::ListChecked));
}

#[test]
fn a_list_that_is_missing_stale_or_of_another_key_leaves_doubt() {
    let missing = judge(Some("abc"), &keys(2), None);
    assert_eq!((missing.reason, missing.evidence[0]), (Reason::WithdrawalUnknown, Evidence::ListMissing));
    assert_eq!(missing.word(), Word::CannotTell);
    let stale = judge(Some("abc"), &keys(2), Some(&list(1, &[])));
    assert_eq!((stale.reason, stale.evidence[0]), (Reason::WithdrawalUnknown, Evidence::ListStale));
    let text = json!({"kid": "other", "method": "rid", "ctr": 2, "rids": []}).to_string();
    let other = Crl::parse(text.as_bytes(), then()).unwrap();
    assert_eq!(judge(Some("abc"), &keys(2), Some(&other)).evidence[0], Evidence::ListMissing);
    // A stale list still withdraws what stands on it.
    assert_eq!(judge(Some("abc"), &keys(2), Some(&list(1, &["abc"]))).reason, Reason::Withdrawn);
}

#[test]
fn a_card_that_no_list_can_name_needs_none() {
    assert_eq!(judge(None, &keys(1), None).reason, Reason::SignedByIssuer);
    assert_eq!(judge(Some("abc"), &crate::kit::keys(), None).reason, Reason::SignedByIssuer);
}

#[test]
fn an_identifier_that_is_none_is_a_damaged_card() {
    for rid in ["", "has space", "way-too-long-for-any-identifier", "a.b"] {
        let verdict = judge(Some(rid), &keys(1), Some(&list(1, &[])));
        assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::NotWhole, Evidence::RidMalformed), "{rid}");
    }
}
