//! From the directory to the data, as a wallet goes.

use crate::person::{json, stage, text, value};
use crypto::{Jwks, Jws};
use reqwest::StatusCode;
use serde_json::{Value, json as object};

#[tokio::test]
async fn a_wallet_finds_both_systems_signs_in_and_reads_one_life_from_two_places() {
    let stage = stage().await;
    let addresses = stage.running.addresses.clone();
    let brands = json(stage.http.get(format!("{}/brands.json", addresses.directory)).send().await.unwrap()).await;
    let endpoints =
        brands["entry"].as_array().unwrap().iter().filter(|entry| entry["resource"]["resourceType"] == "Endpoint");
    let bases: Vec<String> = endpoints.map(|entry| text(&entry["resource"], "address").to_owned()).collect();
    assert_eq!(bases, [addresses.valley.clone(), addresses.larkspur.clone()]);
    for base in &bases {
        let smart = json(stage.http.get(format!("{base}/.well-known/smart-configuration")).send().await.unwrap()).await;
        assert_eq!(text(&smart, "issuer"), addresses.authority);
        let tokens = stage.connect(base, "concepcion", None).await;
        let (token, patient) = (text(&tokens, "access_token"), text(&tokens, "patient"));
        let found = stage.pull(&format!("{base}/Patient?_id={patient}"), token).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["name"][0]["family"], "Ávila Bermúdez");
        let labs =
            stage.pull(&format!("{base}/Observation?patient={patient}&category=laboratory&_count=200"), token).await;
        assert!(labs.len() > 300, "{}", labs.len());
        assert!(labs.iter().all(|lab| lab["subject"]["reference"] == format!("Patient/{patient}")));
        let total =
            json(stage.get(&format!("{base}/Observation?patient={patient}&category=laboratory&_count=1"), token).await)
                .await;
        assert_eq!(total["total"], labs.len());
    }
    stage.running.stop().await;
}

#[tokio::test]
async fn the_identity_token_verifies_with_the_published_keys() {
    let stage = stage().await;
    let tokens = stage.connect(&stage.running.addresses.valley, "bram", None).await;
    let jws = Jws::parse(text(&tokens, "id_token"), 8192).unwrap();
    let keys = stage.http.get(stage.authority("/jwks")).send().await.unwrap().bytes().await.unwrap();
    let key = Jwks::parse(&keys).unwrap().by_kid(jws.header().kid.as_deref().unwrap()).unwrap().clone();
    key.verify(jws.header().alg, jws.signing_input().as_bytes(), jws.signature()).unwrap();
    let claims: Value = serde_json::from_slice(jws.payload()).unwrap();
    assert_eq!(claims["nonce"], "nonce-0123456789");
    assert_eq!(claims["aud"], "satchel");
    assert_eq!(claims["iss"], stage.running.addresses.authority.as_str());
    assert!(text(&claims, "fhirUser").ends_with(&format!("Patient/{}", text(&tokens, "patient"))));
}

#[tokio::test]
async fn a_daughter_signs_in_as_herself_and_chooses_her_mothers_record() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    let way_back = stage.approve(&stage.request(&base), "maren", Some("1")).await;
    assert_eq!(value(&way_back, "iss"), stage.running.addresses.authority);
    assert_eq!(value(&way_back, "state"), "state-0123456789");
    let tokens = json(stage.redeem(value(&way_back, "code")).await).await;
    let mother = stage.running.logins.iter().find(|login| login.username == "concepcion").unwrap();
    assert_eq!(Some(text(&tokens, "patient")), mother.people[0].valley.as_deref());
    let own = stage.running.logins[0].people[0].valley.clone().unwrap();
    let claims: Value = serde_json::from_slice(Jws::parse(text(&tokens, "id_token"), 8192).unwrap().payload()).unwrap();
    assert!(text(&claims, "fhirUser").ends_with(&own), "the one who signed in is the daughter");
}

#[tokio::test]
async fn a_document_is_listed_at_one_system_and_fetched_from_the_one_that_holds_it() {
    let stage = stage().await;
    let addresses = stage.running.addresses.clone();
    let here = stage.connect(&addresses.valley, "concepcion", None).await;
    let there = stage.connect(&addresses.larkspur, "concepcion", None).await;
    let documents = stage
        .pull(
            &format!("{}/DocumentReference?patient={}", addresses.valley, text(&here, "patient")),
            text(&here, "access_token"),
        )
        .await;
    let url = |document: &Value| document["content"][0]["attachment"]["url"].as_str().unwrap().to_owned();
    let held = documents.iter().find(|document| url(document).starts_with(&addresses.larkspur)).unwrap();
    assert_eq!(stage.get(&url(held), text(&here, "access_token")).await.status(), StatusCode::UNAUTHORIZED);
    let response = stage.get(&url(held), text(&there, "access_token")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let declared = held["content"][0]["attachment"]["contentType"].as_str().unwrap();
    assert_eq!(response.headers()["content-type"].to_str().unwrap(), declared);
    let size = held["content"][0]["attachment"]["size"].as_u64().unwrap();
    assert_eq!(response.bytes().await.unwrap().len() as u64, size);
    let own = documents.iter().find(|document| !url(document).contains("://")).unwrap();
    let request =
        stage.http.get(format!("{}/{}", addresses.valley, url(own))).header("accept", "application/fhir+json");
    let binary = json(request.bearer_auth(text(&here, "access_token")).send().await.unwrap()).await;
    assert_eq!(binary["resourceType"], "Binary");
}

#[tokio::test]
async fn cards_are_issued_and_verify_with_the_issuers_keys() {
    use std::io::Read;
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    let tokens = stage.connect(&base, "maren", Some("0")).await;
    let body = object!({"resourceType": "Parameters", "parameter": [
        {"name": "credentialType", "valueUri": "https://smarthealth.cards#immunization"},
        {"name": "credentialType", "valueUri": "https://smarthealth.cards#laboratory"},
    ]});
    let url = format!("{base}/Patient/{}/$health-cards-issue", text(&tokens, "patient"));
    let response =
        stage.http.post(url).bearer_auth(text(&tokens, "access_token")).body(body.to_string()).send().await.unwrap();
    let answer = json(response).await;
    let cards = answer["parameter"].as_array().unwrap();
    assert_eq!(cards.len(), 3);
    for card in cards {
        let card = card["valueString"].as_str().unwrap();
        assert!(card.len() <= 1195, "fits one QR code: {}", card.len());
        let jws = Jws::parse(card, 4096).unwrap();
        let mut plain = String::new();
        flate2::read::DeflateDecoder::new(jws.payload()).read_to_string(&mut plain).unwrap();
        let payload: Value = serde_json::from_str(&plain).unwrap();
        let keys = stage.http.get(format!("{}/.well-known/jwks.json", text(&payload, "iss"))).send().await.unwrap();
        let keys = Jwks::parse(&keys.bytes().await.unwrap()).unwrap();
        let key = keys.by_kid(jws.header().kid.as_deref().unwrap()).unwrap();
        key.verify(jws.header().alg, jws.signing_input().as_bytes(), jws.signature()).unwrap();
        let crl = format!("{}/.well-known/crl/{}.json", text(&payload, "iss"), key.kid().unwrap());
        let crl = json(stage.http.get(crl).send().await.unwrap()).await;
        assert!(!crl["rids"].as_array().unwrap().contains(&payload["vc"]["rid"]));
    }
}
