use crypto::{Algorithm, SigningKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use types::ClientId;

use super::*;
use crate::testing::{World, ath, bearing, order, presented, proof, reheaded, with};
use crate::{Client, Door, Issued, TokenFormat, WhyEnded};

fn key() -> SigningKey {
    SigningKey::p256(&Secret::new([5; 32])).unwrap()
}

/// One with each kind of token, for one client.
fn issued(world: &mut World, format: TokenFormat) -> (Client, GrantId, Issued) {
    let client = world.public();
    let grant = world.approve(&client, "openid patient/Observation.rs", format, Vec::new());
    let issued = world.mint(&client, &grant);
    (client, grant, issued)
}

fn both() -> [TokenFormat; 2] {
    [TokenFormat::Opaque, TokenFormat::Jwt]
}

fn refused(world: &mut World, presented: &Presented) -> ErrorCode {
    world.step().bearer(presented).unwrap_err().code
}

#[test]
fn a_token_opens_its_grant_until_its_minutes_are_over() {
    for format in both() {
        let mut world = World::new();
        let (client, grant, token) = issued(&mut world, format);
        assert_eq!(token.access_token.expose().contains('.'), format == TokenFormat::Jwt);
        let access = world.step().bearer(&bearing(&token)).unwrap();
        assert_eq!((access.grant, access.client, access.only), (grant, Some(client.id), None));
        world.later(token.expires_in - 1);
        assert!(world.step().bearer(&bearing(&token)).is_ok());
        world.later(1);
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
        // A clock that was set back does not revive it.
        world.later(-100);
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
    }
}

#[test]
fn an_ended_grant_stops_its_tokens_at_once_signed_ones_too() {
    for format in both() {
        let mut world = World::new();
        let (_, grant, token) = issued(&mut world, format);
        world.step().end(&grant, WhyEnded::Owner).unwrap();
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
    }
}

#[test]
fn a_token_of_a_client_that_is_gone_opens_nothing() {
    for format in both() {
        let mut world = World::new();
        let (client, _, token) = issued(&mut world, format);
        world.ledger.clients.remove(client.id.as_str());
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
    }
}

#[test]
fn a_revoked_family_opens_nothing_signed_tokens_included() {
    for format in both() {
        let mut world = World::new();
        let (_, _, token) = issued(&mut world, format);
        world.step().revoke_family("another");
        assert!(world.step().bearer(&bearing(&token)).is_ok());
        world.step().revoke_family("family");
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
    }
}

#[test]
fn a_refresh_token_a_protection_token_and_an_id_token_are_no_access_tokens() {
    let mut world = World::new();
    let (client, grant, token) = issued(&mut world, TokenFormat::Opaque);
    let refresh = format!("Bearer {}", token.refresh_token.as_ref().unwrap().expose());
    assert_eq!(refused(&mut world, &presented(&[&refresh])), ErrorCode::InvalidToken);
    let protecting = world.grant(&client, "uma_protection");
    let protecting = world.mint(&client, &protecting);
    assert_eq!(refused(&mut world, &bearing(&protecting)), ErrorCode::InvalidToken);
    assert!(world.step().protection(&bearing(&protecting)).is_ok());
    assert!(world.step().protection(&bearing(&token)).is_err());
    let claims = json!({"iss": "https://wallet.example", "aud": "https://wallet.example/fhir", "jti": "a.b",
        "exp": world.now.as_second() + 60, "iat": 0, "grant": grant.as_str(), "client_id": client.id.as_str()});
    let (key, kid) = world.setting.keys.of(Algorithm::Es256).unwrap();
    for (typ, opens) in [("JWT", false), ("dpop+jwt", false), ("at+jwt", true)] {
        let text = key.jws_compact(&json!({"typ": typ, "kid": kid}), claims.to_string().as_bytes()).unwrap();
        let shown = presented(&[&format!("Bearer {text}")]);
        let mut ledger = world.ledger.clone();
        let step = Step { setting: &world.setting, ledger: &mut ledger, now: world.now, draw: draw() };
        assert_eq!(step.bearer(&shown).is_ok(), opens, "{typ}");
    }
}

fn draw() -> crate::Draw {
    crate::Draw::new(Secret::new([0; 32]))
}

#[test]
fn a_signed_token_that_was_changed_or_signed_otherwise_opens_nothing() {
    let mut world = World::new();
    let (_, _, token) = issued(&mut world, TokenFormat::Jwt);
    let good = token.access_token.expose();
    let (unsigned, _) = good.rsplit_once('.').unwrap();
    let payload = crypto::b64u::decode(good.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    let (own, kid) = world.setting.keys.of(Algorithm::EdDsa).unwrap();
    let (_, other_kid) = world.setting.keys.of(Algorithm::Es256).unwrap();
    let mut texts = vec![format!("{}.", reheaded(unsigned, &json!({"alg": "none", "typ": "at+jwt"})))];
    for header in [
        json!({"alg": "none", "typ": "at+jwt", "kid": kid}),
        json!({"alg": "ES256", "typ": "at+jwt", "kid": other_kid}),
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": other_kid}),
        json!({"alg": "EdDSA", "typ": "at+jwt"}),
    ] {
        texts.push(reheaded(good, &header));
    }
    // HMAC under our public key, as if it were a shared secret.
    let head = reheaded(unsigned, &json!({"alg": "HS256", "typ": "at+jwt", "kid": kid}));
    let mac = crypto::hmac_sha256(Value::from(own.public_jwk()).to_string().as_bytes(), head.as_bytes());
    texts.push(format!("{head}.{}", b64u::encode(&mac)));
    // Another key under our name for it, and one that the text brings along.
    let foreign = SigningKey::ed25519(&Secret::new([7; 32]));
    let header = json!({"typ": "at+jwt", "kid": kid, "jwk": Value::from(foreign.public_jwk())});
    texts.push(foreign.jws_compact(&header, &payload).unwrap());
    let unknown = ClientId::from_random([99; 16]);
    for other in [
        json!({"iss": "https://other.example"}),
        json!({"aud": "https://other.example/fhir"}),
        json!({"aud": ["https://wallet.example/fhir", "https://other.example/fhir"]}),
        json!({"aud": "https://wallet.example"}),
        json!({"aud": unknown.as_str()}),
        json!({"aud": null}),
        json!({"exp": null}),
        json!({"exp": world.now.as_second()}),
        json!({"jti": null}),
        json!({"grant": "grt_00000000000000000000000000000000"}),
        json!({"grant": null}),
        json!({"client_id": unknown.as_str()}),
    ] {
        // Even our own signature does not help where the claims do not fit.
        let claims = with(claims.clone(), other).to_string();
        texts.push(own.jws_compact(&json!({"typ": "at+jwt", "kid": kid}), claims.as_bytes()).unwrap());
    }
    let again = own.jws_compact(&json!({"typ": "at+jwt", "kid": kid}), claims.to_string().as_bytes()).unwrap();
    for text in texts {
        assert_eq!(refused(&mut world, &presented(&[&format!("Bearer {text}")])), ErrorCode::InvalidToken, "{text}");
    }
    assert!(world.step().bearer(&presented(&[&format!("Bearer {again}")])).is_ok());
}

#[test]
fn a_token_for_another_resource_server_opens_nothing_here() {
    for format in both() {
        let mut world = World::new();
        let client = world.public();
        let server = world.with_secret(crate::ClientKind::ResourceServer);
        let at = Where::At(server.id.clone());
        let permission = Permission { at: at.clone(), resource: "rsc".to_owned(), scopes: vec!["read".to_owned()] };
        let grant = world.approve(&client, "patient/*.rs", format, vec![permission]);
        let there = crate::Mint { at, ..order(&client, &grant, None) };
        let token = world.step().mint(&there).unwrap();
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
    }
}

#[test]
fn a_bound_token_needs_its_key() {
    for format in both() {
        let mut world = World::new();
        let client = world.public();
        let grant = world.approve(&client, "patient/*.rs", format, Vec::new());
        let token = world.mint_bound(&client, &grant, Some(&key().public_jwk().thumbprint()));
        assert_eq!(token.token_type, "DPoP");
        let text = token.access_token.expose();
        let url = presented(&[]).url;
        let shown = |scheme: &str, proof: Option<String>| Presented {
            dpop: proof.map(Secret::new),
            ..presented(&[&format!("{scheme} {text}")])
        };
        let good = proof(&world, &key(), "GET", &url, json!({"ath": ath(text)}));
        let thief = SigningKey::p256(&Secret::new([6; 32])).unwrap();
        let stolen = proof(&world, &thief, "GET", &url, json!({"ath": ath(text)}));
        for (scheme, proof) in [("Bearer", None), ("Bearer", Some(&good)), ("DPoP", None), ("DPoP", Some(&stolen))] {
            let shown = shown(scheme, proof.cloned());
            assert_eq!(refused(&mut world, &shown), ErrorCode::InvalidToken, "{scheme}");
        }
        // Bound to the key, and the proof to this token, this method, this address.
        for other in [json!({}), json!({"ath": ath("another")}), json!({"ath": ath(text), "htm": "POST"})] {
            let shown = shown("DPoP", Some(proof(&world, &key(), "GET", &url, other)));
            assert_eq!(refused(&mut world, &shown), ErrorCode::InvalidDpopProof);
        }
        let shown = shown("DPoP", Some(good));
        assert!(world.step().admit(&shown).is_ok());
        assert_eq!(world.step().admit(&shown).unwrap_err().code, ErrorCode::InvalidDpopProof, "replayed");
    }
}

#[test]
fn an_unbound_token_is_not_shown_as_a_bound_one() {
    let mut world = World::new();
    let (_, _, token) = issued(&mut world, TokenFormat::Opaque);
    let text = token.access_token.expose();
    let shown = presented(&[&format!("DPoP {text}")]);
    let proof = proof(&world, &key(), "GET", &shown.url, json!({"ath": ath(text)}));
    let shown = Presented { dpop: Some(Secret::new(proof)), ..shown };
    assert_eq!(refused(&mut world, &shown), ErrorCode::InvalidToken);
}

fn basic(id: &AppPasswordId, password: &str) -> String {
    let url = b64u::encode(format!("{id}:{password}").as_bytes());
    let standard = url.replace('-', "+").replace('_', "/");
    format!("Basic {standard}{}", "=".repeat((4 - standard.len() % 4) % 4))
}

#[test]
fn an_app_password_opens_its_grant_and_goes_with_it() {
    let mut world = World::new();
    let (_, grant, _) = issued(&mut world, TokenFormat::Opaque);
    let (id, password) = world.step().make_app_password("Spreadsheet", &grant).unwrap();
    let shown = presented(&[&basic(&id, password.expose())]);
    let access = world.step().admit(&shown).unwrap();
    assert_eq!((access.grant, access.app_password), (grant.clone(), Some(id.clone())));
    let kept = world.ledger.app_passwords.find(id.as_str()).unwrap().hash.clone();
    assert_eq!(refused(&mut world, &presented(&[&basic(&id, &kept)])), ErrorCode::InvalidToken);
    let other = AppPasswordId::from_random([0; 16]);
    assert_eq!(refused(&mut world, &presented(&[&basic(&other, password.expose())])), ErrorCode::InvalidToken);
    world.step().end(&grant, WhyEnded::Owner).unwrap();
    assert_eq!(refused(&mut world, &shown), ErrorCode::InvalidToken);
    assert!(world.step().make_app_password("Again", &grant).is_err());
}

#[test]
fn a_removed_app_password_opens_nothing() {
    let mut world = World::new();
    let (_, grant, _) = issued(&mut world, TokenFormat::Opaque);
    let (id, password) = world.step().make_app_password("Spreadsheet", &grant).unwrap();
    assert!(world.step().remove_app_password(&id));
    assert!(!world.step().remove_app_password(&id));
    assert_eq!(refused(&mut world, &presented(&[&basic(&id, password.expose())])), ErrorCode::InvalidToken);
}

#[test]
fn app_passwords_are_not_guessed_by_trying() {
    let mut world = World::new();
    let (_, grant, _) = issued(&mut world, TokenFormat::Opaque);
    let (id, password) = world.step().make_app_password("Spreadsheet", &grant).unwrap();
    let right = presented(&[&basic(&id, password.expose())]);
    let wrong = presented(&[&basic(&id, "guess")]);
    for _ in 0..9 {
        assert_eq!(world.step().admit(&wrong).unwrap_err().code, ErrorCode::InvalidToken);
    }
    assert!(world.step().admit(&right).is_ok(), "a right one forgets the wrong ones before it");
    for _ in 0..10 {
        assert_eq!(world.step().admit(&wrong).unwrap_err().code, ErrorCode::InvalidToken);
    }
    assert_eq!(world.step().admit(&wrong).unwrap_err().code, ErrorCode::SlowDown);
    assert_eq!(world.step().admit(&right).unwrap_err().code, ErrorCode::SlowDown, "not looked at");
    world.later(300);
    assert!(world.step().admit(&wrong).is_err());
    assert_eq!(world.step().admit(&right).unwrap_err().code, ErrorCode::SlowDown, "one try each time");
    world.later(300);
    assert!(world.step().admit(&right).is_ok());
}

#[test]
fn two_of_them_must_both_be_good_and_open_the_same() {
    let mut world = World::new();
    let (_, grant, token) = issued(&mut world, TokenFormat::Opaque);
    let (_, other_grant, other) = issued(&mut world, TokenFormat::Jwt);
    let (id, password) = world.step().make_app_password("Spreadsheet", &grant).unwrap();
    let own = basic(&id, password.expose());
    let bearer = |token: &Issued| format!("Bearer {}", token.access_token.expose());
    let (good, foreign) = (bearer(&token), bearer(&other));
    assert_ne!(grant, other_grant);
    for headers in [[own.as_str(), good.as_str()], [good.as_str(), own.as_str()]] {
        assert_eq!(world.step().bearer(&presented(&headers)).unwrap().grant, grant);
    }
    let wrong = basic(&id, "guess");
    for headers in [
        vec![own.as_str(), foreign.as_str()],
        vec![own.as_str(), "Bearer nothing"],
        vec![wrong.as_str(), good.as_str()],
        vec![good.as_str(), good.as_str()],
        vec![own.as_str(), own.as_str()],
        vec![own.as_str(), good.as_str(), good.as_str()],
        vec![good.as_str(), "Negotiate abc"],
        vec![],
    ] {
        assert_eq!(refused(&mut world, &presented(&headers)), ErrorCode::InvalidToken, "{headers:?}");
    }
}

#[test]
fn what_is_presented_never_prints() {
    let shown = presented(&["Bearer canary"]);
    assert!(!format!("{shown:?}").contains("canary"));
}

proptest! {
    #[test]
    fn any_text_in_a_header_opens_nothing(texts in proptest::collection::vec(".{0,80}", 0..4), scheme in "(Bearer|DPoP|Basic) ") {
        let mut world = World::new();
        let (_, grant, _) = issued(&mut world, TokenFormat::Jwt);
        world.step().make_app_password("Spreadsheet", &grant).unwrap();
        let schemed: Vec<String> = texts.iter().map(|text| format!("{scheme}{text}")).collect();
        for texts in [texts, schemed] {
            let headers: Vec<&str> = texts.iter().map(String::as_str).collect();
            prop_assert!(world.step().admit(&presented(&headers)).is_err());
        }
    }
}

#[test]
fn a_token_that_came_through_a_door_that_was_closed_rests() {
    for format in both() {
        let mut world = World::new();
        let (client, grant, token) = issued(&mut world, format);
        let asked = crate::Asked { scope: "patient/*.rs".to_owned(), ..crate::Asked::default() };
        let ask = crate::Ask { door: Door::Uma, claims: Vec::new(), asked, answered: crate::Answered::Ticket };
        let request = world.step().ask(&client, ask).unwrap();
        world.ledger.grants.change(grant.as_str(), |row| row.request = Some(request));
        assert!(world.step().bearer(&bearing(&token)).is_ok());
        world.setting.doors.remove(&Door::Uma);
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
        assert!(world.step().mint(&order(&client, &grant, None)).is_err());
        world.setting.doors.insert(Door::Uma);
        assert!(world.step().bearer(&bearing(&token)).is_ok());
    }
}

#[test]
fn a_client_that_is_blocked_keeps_nothing_of_a_grant_that_is_for_others_too() {
    for format in both() {
        let mut world = World::new();
        let (client, grant, token) = issued(&mut world, format);
        world.ledger.grants.change(grant.as_str(), |row| row.client = None);
        assert!(world.step().bearer(&bearing(&token)).is_ok());
        world.step().block_client(&client.id).unwrap();
        assert_eq!(refused(&mut world, &bearing(&token)), ErrorCode::InvalidToken);
        assert!(world.step().mint(&order(&client, &grant, None)).is_err());
    }
}
