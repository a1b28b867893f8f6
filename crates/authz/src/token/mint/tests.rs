use consent::{Choice, Decision, Scope, Selector};

use super::*;
use crate::WhyEnded;
use crate::testing::{World, order};

/// The claims of a signed token.
fn claims(token: &Secret<String>) -> Value {
    let payload = token.expose().split('.').nth(1).unwrap();
    serde_json::from_slice(&b64u::decode(payload).unwrap()).unwrap()
}

#[test]
fn a_signed_token_is_one_of_rfc_9068() {
    let mut world = World::new();
    let client = world.public();
    let grant = world.approve(&client, "openid patient/Observation.rs", TokenFormat::Jwt, Vec::new());
    let token = world.mint_bound(&client, &grant, Some("thumbprint"));
    let header: Value =
        serde_json::from_slice(&b64u::decode(token.access_token.expose().split('.').next().unwrap()).unwrap()).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    assert!(world.setting.keys.to_verify().unwrap().by_kid(header["kid"].as_str().unwrap()).is_some());
    let claims = claims(&token.access_token);
    assert_eq!(claims["iss"], "https://wallet.example");
    assert_eq!(claims["aud"], "https://wallet.example/fhir");
    assert_eq!(claims["client_id"], client.id.as_str());
    assert_eq!(claims["scope"], "openid patient/Observation.rs");
    assert_eq!(claims["patient"], "p1");
    assert_eq!(claims["cnf"], json!({"jkt": "thumbprint"}));
    assert_eq!(claims["iat"], world.now.as_second());
    assert_eq!(claims["exp"], world.now.as_second() + 600);
    assert_eq!(claims["authorization_details"][0]["type"], "smart_on_fhir");
    for (member, value) in &token.members {
        assert_eq!(&claims[member], value, "what the client is told is what the token says");
    }
    assert!(!claims["sub"].as_str().unwrap().contains("per_"));
}

#[test]
fn two_clients_cannot_tell_that_it_is_the_same_person() {
    let mut world = World::new();
    let subject = |world: &mut World| {
        let client = world.public();
        let grant = world.approve(&client, "patient/*.rs", TokenFormat::Jwt, Vec::new());
        let one = claims(&world.mint(&client, &grant).access_token)["sub"].clone();
        let two = claims(&world.mint(&client, &grant).access_token)["sub"].clone();
        assert_eq!(one, two);
        one
    };
    assert_ne!(subject(&mut world), subject(&mut world));
}

#[test]
fn nothing_a_token_says_depends_on_what_is_excluded() {
    let mut world = World::new();
    let client = world.public();
    let said = |world: &mut World, exclusions: Vec<Selector>| {
        let grant = world.approve(&client, "patient/*.rs", TokenFormat::Jwt, Vec::new());
        world.ledger.grants.change(grant.as_str(), |row| {
            row.grant.what.exclusions = exclusions;
            let decision = Decision { resource: "Condition/9".into(), place: "".into(), choice: Choice::LeaveOut };
            row.grant.decisions = vec![decision];
            row.grant.words = vec!["canary".into()];
        });
        let token = world.mint(&client, &grant);
        let text = claims(&token.access_token).to_string();
        assert!(!text.contains("canary") && !text.contains("Condition") && !text.contains("hiv"), "{text}");
        token.members
    };
    let hiv = Selector { topics: vec!["hiv".into()], ..Selector::default() };
    assert_eq!(said(&mut world, Vec::new()), said(&mut world, vec![hiv]));
}

#[test]
fn a_token_limited_to_a_resource_says_nothing_of_its_type() {
    let mut world = World::new();
    let client = world.public();
    for format in [TokenFormat::Jwt, TokenFormat::Opaque] {
        let grant = world.approve(&client, "patient/*.rs", format, Vec::new());
        let only =
            [Permission { at: Where::Here, resource: "Observation/1".to_owned(), scopes: vec!["read".to_owned()] }];
        let limited = world.step().mint(&Mint { only: Some(&only), ..order(&client, &grant, None) }).unwrap();
        assert!(!limited.members.contains_key("scope") && !limited.members.contains_key("authorization_details"));
        let access = world.step().bearer(&crate::testing::bearing(&limited)).unwrap();
        assert_eq!(access.only.as_deref(), Some(only.as_slice()));
        // What a resource server elsewhere would be asked for opens nothing here.
        let there = [Permission { at: Where::At(client.id.clone()), ..only[0].clone() }];
        assert!(world.step().mint(&Mint { only: Some(&there), ..order(&client, &grant, None) }).is_err());
        assert!(world.step().mint(&Mint { only: Some(&[]), ..order(&client, &grant, None) }).is_err());
    }
}

#[test]
fn no_token_outlives_its_grant() {
    let mut world = World::new();
    let client = world.public();
    let grant = world.approve(&client, "patient/*.rs", TokenFormat::Jwt, Vec::new());
    let end = world.now.checked_add(SignedDuration::from_secs(90)).unwrap();
    world.ledger.grants.change(grant.as_str(), |row| row.grant.term.end = Some(end));
    let token = world.mint(&client, &grant);
    assert_eq!(token.expires_in, 90);
    assert!(world.ledger.tokens.iter().all(|row| row.until == end));
    world.later(90);
    assert_eq!(world.step().mint(&order(&client, &grant, None)).unwrap_err().code, ErrorCode::InvalidGrant);
}

#[test]
fn a_grant_that_ended_or_is_not_the_clients_makes_no_token() {
    let mut world = World::new();
    let (client, other) = (world.public(), world.public());
    let grant = world.grant(&client, "patient/*.rs");
    assert_eq!(world.step().mint(&order(&other, &grant, None)).unwrap_err().code, ErrorCode::InvalidGrant);
    world.step().end(&grant, WhyEnded::Owner).unwrap();
    assert_eq!(world.step().mint(&order(&client, &grant, None)).unwrap_err().code, ErrorCode::InvalidGrant);
    let unknown = GrantId::from_random([77; 16]);
    assert_eq!(world.step().mint(&order(&client, &unknown, None)).unwrap_err().code, ErrorCode::InvalidGrant);
}

#[test]
fn a_grant_that_says_too_much_for_a_header_gets_an_opaque_token() {
    let mut world = World::new();
    let client = world.public();
    let scopes: Vec<String> = (0..300).map(|code| format!("patient/Observation.rs?code=x%7C{code}")).collect();
    let grant = world.approve(&client, &scopes.join(" "), TokenFormat::Jwt, Vec::new());
    let token = world.mint(&client, &grant);
    assert_eq!(token.access_token.expose().len(), 43);
    assert!(world.step().bearer(&crate::testing::bearing(&token)).is_ok());
}

#[test]
fn secrets_are_kept_as_hashes_only() {
    let mut world = World::new();
    let client = world.public();
    let grant = world.grant(&client, "offline_access patient/*.rs");
    let token = world.mint(&client, &grant);
    let kept: String = world.ledger.take_changes().into_iter().filter_map(|stored| stored.json).collect();
    for secret in [&token.access_token, token.refresh_token.as_ref().unwrap()] {
        assert!(secret.expose().len() == 43 && !kept.contains(secret.expose().as_str()));
        assert!(kept.contains(&fingerprint(secret.expose())));
    }
    assert!(!format!("{token:?}").contains(token.access_token.expose().as_str()));
}

#[test]
fn the_scopes_told_are_those_that_are_permitted() {
    let mut world = World::new();
    let client = world.public();
    let grant = world.grant(&client, "openid openid patient/Observation.cruds");
    let told = world.mint(&client, &grant).members["scope"].as_str().unwrap().to_owned();
    assert_eq!(told, "openid patient/Observation.crs", "nothing is ever changed or deleted");
    assert!(Scopes::parse(&told).unwrap().has(&Scope::OpenId));
}

#[test]
fn a_client_that_takes_token_after_token_uses_up_nobody_elses_room() {
    let mut world = World::new();
    let (greedy, other) = (world.public(), world.public());
    let (of_greedy, of_other) = (world.grant(&greedy, "patient/*.rs"), world.grant(&other, "patient/*.rs"));
    let first = world.mint(&other, &of_other);
    for _ in 0..CROWDED + 100 {
        let order = Mint { refresh: Refresh::Without, ..order(&greedy, &of_greedy, None) };
        world.step().mint(&order).unwrap();
    }
    assert!(world.ledger.tokens.count() < CROWDED);
    let last = world.mint(&greedy, &of_greedy);
    for token in [first, last] {
        assert!(world.step().bearer(&crate::testing::bearing(&token)).is_ok());
    }
}
