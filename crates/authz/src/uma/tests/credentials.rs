//! Credentials in a presentation: what they prove, and what they do not.

use consent::Proof;
use crypto::SigningKey;
use did::Did;
use serde_json::{Value, json};

use super::world::{WALLET, World, next, permit, read, who};
use crate::{Claim, Client, ClientKind, DID_JWT, ErrorCode, Issued, Issuer, OAuthError};

const KIND: &str = "MedicalLicence";

/// A wallet with a mandate for whoever has a licence of a board that the owner trusts.
struct Clinic {
    world: World,
    app: Client,
    board: (SigningKey, Did),
}

impl Clinic {
    fn new() -> Self {
        let mut world = World::new();
        let board = who();
        let issuer = board.1.to_string();
        let row = Issuer { issuer: issuer.clone(), name: "The board".to_owned(), since: world.now };
        world.ledger.issuers.put(row);
        world.mandate(Proof::Credential { kind: KIND.to_owned(), issuer }, vec![permit("*")], Vec::new());
        let app = world.client(1, ClientKind::App);
        Self { world, app, board }
    }

    /// A licence of the daughter's; members of `other` stand in the place of the right ones, `null` for none.
    fn claims(&self, other: &Value) -> Value {
        let (board, daughter) = (&self.board.1, &self.world.daughter.1);
        let mut claims = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential", KIND],
            "issuer": board.as_str(),
            "validFrom": "2026-01-01T00:00:00Z",
            "validUntil": "2028-01-01T00:00:00Z",
            "credentialSubject": { "id": daughter.as_str(), "name": "Dr Lee" },
        });
        let members = claims.as_object_mut().unwrap();
        members.extend(other.as_object().unwrap().clone());
        members.retain(|_, value| !value.is_null());
        claims
    }

    fn licence(&self, other: &Value) -> String {
        signed(&self.board.0, "vc+jwt", &self.claims(other))
    }

    fn presented(&self, credential: &Value) -> String {
        self.world.presentation(&json!({ "vp": { "verifiableCredential": credential } }))
    }

    fn push(&mut self, token: &str) -> Result<Issued, OAuthError> {
        let ticket = self.world.ticket(vec![read("Observation/1")]);
        let pushed = [("ticket", &*ticket), ("claim_token", token), ("claim_token_format", DID_JWT)];
        self.world.uma(&self.app, &pushed)
    }

    /// The DID is proven and nothing else: the owner is asked.
    #[track_caller]
    fn proves_the_did_alone(&mut self, token: &str, why: &str) {
        next(self.push(token), ErrorCode::RequestSubmitted);
        let request = self.world.ledger.requests.find(self.world.waiting().as_str()).unwrap();
        let proofs: Vec<&str> = request.claims.iter().map(|claim| &*claim.proof).collect();
        assert_eq!(proofs, [self.world.daughter.1.as_str()], "{why}");
    }
}

fn signed(key: &SigningKey, typ: &str, claims: &Value) -> String {
    key.jws_compact(&json!({ "typ": typ }), claims.to_string().as_bytes()).unwrap()
}

#[test]
fn a_credential_of_a_trusted_issuer_proves_its_kind_of_whoever_presents_it() {
    let mut clinic = Clinic::new();
    let licence = clinic.licence(&json!({}));
    let enveloped =
        json!({ "type": "EnvelopedVerifiableCredential", "id": format!("data:application/vc+jwt,{licence}") });
    for credential in [json!([licence]), json!(licence), json!([enveloped]), json!(enveloped)] {
        clinic.world.later(1);
        let token = clinic.presented(&credential);
        clinic.push(&token).expect("a token");
    }
    // As version 2 of the data model has it: typed, the presentation itself in the claims, named by its holder.
    clinic.world.later(1);
    let (now, (key, daughter)) = (clinic.world.now.as_second(), &clinic.world.daughter);
    let token = signed(
        key,
        "vp+jwt",
        &json!({
            "type": ["VerifiablePresentation"], "holder": daughter.as_str(), "verifiableCredential": [enveloped],
            "aud": WALLET, "nonce": "n-1", "iat": now, "exp": now + 60,
        }),
    );
    clinic.push(&token).expect("a token");
    assert_eq!(clinic.push(&token).unwrap_err().code, ErrorCode::NeedInfo, "once");
    assert!(clinic.world.fetched.is_empty());
}

#[test]
fn a_credential_about_somebody_else_proves_nothing_of_who_presents_it() {
    let other = who().1.to_string();
    for wrong in [
        json!({ "credentialSubject": { "id": other } }),
        json!({ "credentialSubject": { "name": "Dr Lee" } }),
        json!({ "credentialSubject": null }),
        json!({ "sub": other }),
    ] {
        let mut clinic = Clinic::new();
        let token = clinic.presented(&json!([clinic.licence(&wrong)]));
        clinic.proves_the_did_alone(&token, &wrong.to_string());
    }
    let mut clinic = Clinic::new();
    let both = json!([{ "id": clinic.world.daughter.1.as_str() }, { "id": other }]);
    let token = clinic.presented(&json!([clinic.licence(&json!({ "credentialSubject": both }))]));
    clinic.proves_the_did_alone(&token, "of two at once");
}

#[test]
fn a_credential_out_of_its_time_or_that_may_have_been_taken_back_proves_nothing() {
    for wrong in [
        json!({ "validUntil": "2027-03-03T10:00:00Z" }),
        json!({ "validFrom": "2027-03-03T10:02:00Z" }),
        json!({ "validFrom": "soon" }),
        json!({ "validUntil": 1_900_000_000 }),
        json!({ "exp": 1_700_000_000 }),
        json!({ "exp": "later" }),
        json!({ "nbf": 1_900_000_000 }),
        json!({ "credentialStatus": { "type": "BitstringStatusListEntry", "statusListIndex": "4" } }),
        json!({ "credentialStatus": {} }),
    ] {
        let mut clinic = Clinic::new();
        let token = clinic.presented(&json!([clinic.licence(&wrong)]));
        clinic.proves_the_did_alone(&token, &wrong.to_string());
    }
    let mut clinic = Clinic::new();
    let token = clinic.presented(&json!([clinic.licence(&json!({ "validUntil": null, "validFrom": null }))]));
    clinic.push(&token).expect("a token: it says no time");
}

#[test]
fn a_credential_of_an_issuer_that_is_not_trusted_proves_nothing_and_nobody_is_asked() {
    for issuer in ["did:web:evil.example", "https://board.example", "did:key:z6Mk"] {
        let mut clinic = Clinic::new();
        let token = clinic.presented(&json!([clinic.licence(&json!({ "issuer": issuer }))]));
        clinic.proves_the_did_alone(&token, issuer);
        assert!(clinic.world.fetched.is_empty());
    }
    // Nor does what its holder, or whoever says to be the issuer, signed.
    for key in [0, 1] {
        let mut clinic = Clinic::new();
        let (stranger, own) = (who().0, &clinic.world.daughter.0);
        let forged = signed(if key == 0 { &stranger } else { own }, "vc+jwt", &clinic.claims(&json!({})));
        let token = clinic.presented(&json!([forged]));
        clinic.proves_the_did_alone(&token, "forged");
    }
    let mut clinic = Clinic::new();
    let own = clinic.licence(&json!({ "iss": clinic.world.daughter.1.as_str() }));
    let token = clinic.presented(&json!([own]));
    clinic.proves_the_did_alone(&token, "two issuers");
}

#[test]
fn a_signed_text_of_another_kind_is_no_credential() {
    for typ in ["JWT", "vp+jwt", "satchel-contact+jwt", "at+jwt"] {
        let mut clinic = Clinic::new();
        let token = clinic.presented(&json!([signed(&clinic.board.0, typ, &clinic.claims(&json!({})))]));
        clinic.proves_the_did_alone(&token, typ);
    }
    for kinds in [
        json!([KIND]),
        json!(KIND),
        json!(["VerifiableCredential"]),
        json!(["VerifiableCredential", "a b"]),
        json!(null),
    ] {
        let mut clinic = Clinic::new();
        let token = clinic.presented(&json!([clinic.licence(&json!({ "type": kinds }))]));
        clinic.proves_the_did_alone(&token, &kinds.to_string());
    }
}

#[test]
fn a_credential_alone_or_in_the_presentation_of_a_thief_proves_nothing() {
    let mut clinic = Clinic::new();
    let licence = clinic.licence(&json!({}));
    assert_eq!(clinic.push(&licence).unwrap_err().code, ErrorCode::NeedInfo);
    let (thief, did) = who();
    let now = clinic.world.now.as_second();
    let mut shown = json!({ "iss": did.as_str(), "aud": WALLET, "iat": now, "exp": now + 60, "jti": "t",
        "vp": { "verifiableCredential": [licence] } });
    next(clinic.push(&signed(&thief, "JWT", &shown)), ErrorCode::RequestSubmitted);
    shown["vp"]["holder"] = json!(clinic.world.daughter.1.as_str());
    shown["jti"] = json!("u");
    assert_eq!(clinic.push(&signed(&thief, "JWT", &shown)).unwrap_err().code, ErrorCode::NeedInfo);
    for other in [json!({ "aud": "https://other.example" }), json!({ "exp": now + 3600 }), json!({ "jti": null })] {
        let mut members = json!({ "vp": { "verifiableCredential": [licence] } });
        members.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        let token = clinic.world.presentation(&members);
        assert_eq!(clinic.push(&token).unwrap_err().code, ErrorCode::NeedInfo, "{other}");
    }
}

#[test]
fn a_board_on_the_web_speaks_with_the_keys_that_it_asserts_with() {
    let did = "did:web:board.example";
    let method = |id: &str, key: &SigningKey| {
        json!({ "id": format!("{did}#{id}"), "type": "JsonWebKey2020", "controller": did,
            "publicKeyJwk": Value::from(key.public_jwk()) })
    };
    for (kid, proves) in [("a", true), ("b", false), ("c", false)] {
        let mut clinic = Clinic::new();
        let (issues, signs_in) = (SigningKey::generate_p256().unwrap().1, SigningKey::generate_p256().unwrap().1);
        let document = json!({ "id": did, "verificationMethod": [method("a", &issues), method("b", &signs_in)],
            "assertionMethod": [format!("{did}#a")], "authentication": [format!("{did}#b")] });
        clinic.world.web.insert("https://board.example/.well-known/did.json".to_owned(), document);
        let issuer = did.to_owned();
        let row = Issuer { issuer: issuer.clone(), name: "The board".to_owned(), since: clinic.world.now };
        clinic.world.ledger.issuers.put(row);
        clinic.world.mandate(Proof::Credential { kind: KIND.to_owned(), issuer }, vec![permit("*")], Vec::new());
        let header = json!({ "typ": "vc+jwt", "kid": format!("{did}#{kid}") });
        let key = if kid == "b" { &signs_in } else { &issues };
        let claims = clinic.claims(&json!({ "issuer": did })).to_string();
        let token = clinic.presented(&json!([key.jws_compact(&header, claims.as_bytes()).unwrap()]));
        if proves {
            clinic.push(&token).expect("a token: the same presentation is good once the document is there");
        } else {
            clinic.proves_the_did_alone(&token, kid);
        }
    }
}

#[test]
fn what_an_issuer_proved_counts_no_more_once_it_is_not_trusted() {
    let mut clinic = Clinic::new();
    let token = clinic.presented(&json!([clinic.licence(&json!({}))]));
    let issued = clinic.push(&token).expect("a token");
    let pct = issued.members["pct"].as_str().unwrap().to_owned();
    let again = |clinic: &mut Clinic, pct: &str| {
        let ticket = clinic.world.ticket(vec![read("Observation/1")]);
        clinic.world.uma(&clinic.app, &[("ticket", &ticket), ("pct", pct)])
    };
    let pct = again(&mut clinic, &pct).expect("a token").members["pct"].as_str().unwrap().to_owned();
    let issuer = clinic.board.1.to_string();
    clinic.world.ledger.issuers.remove(&issuer);
    next(again(&mut clinic, &pct), ErrorCode::RequestSubmitted);
    let believed = |proof: &str| {
        let claim = Claim { proof: proof.to_owned(), name: None, proven: clinic.world.now };
        let mut world = World::new();
        world.step(|step| step.is_believed(&claim))
    };
    assert!(believed("idToken https://id.example lee") && believed("did:key:z6Mk") && believed("client cli_1"));
    assert!(!believed("idToken https://evil.example lee") && !believed(&format!("credential {KIND} {issuer}")));
}
