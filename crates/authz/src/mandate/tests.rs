use crypto::SigningKey;
use jiff::SignedDuration;
use serde_json::json;
use types::{ClientId, Secret};

use super::*;
use crate::testing::{World, form, with};
use crate::{Claim, ClientKind};
use consent::{Party, Proof};

struct Holder {
    key: SigningKey,
    did: String,
    made: u32,
}

impl Holder {
    fn new(seed: u8) -> Self {
        let key = SigningKey::ed25519(&Secret::new([seed; 32]));
        let did = did::key_from_ed25519(&key.public_jwk()).unwrap().to_string();
        Self { key, did, made: 0 }
    }

    /// A good message with these claims in the place of the usual ones.
    fn message(&mut self, world: &World, other: Value) -> String {
        self.made += 1;
        self.typed(world, MESSAGE, other)
    }

    fn typed(&self, world: &World, typ: &str, other: Value) -> String {
        let now = world.now.as_second();
        let jti = format!("message {}", self.made);
        let claims = json!({ "iss": self.did, "aud": world.setting.issuer, "iat": now, "exp": now + 120, "jti": jti });
        self.key.jws_compact(&json!({ "typ": typ }), with(claims, other).to_string().as_bytes()).unwrap()
    }
}

fn given(world: &mut World, did: &str) -> GrantId {
    let client = world.client(ClientKind::App, None);
    let grant = world.grant(&client, "patient/*.rs");
    world.ledger.grants.change(grant.as_str(), |row| {
        row.grant.who = Party { name: "Nora".to_owned(), proof: Proof::Did(did.to_owned()) };
        row.client = None::<ClientId>;
    });
    grant
}

fn hear(world: &mut World, message: &str) -> Result<News, Stop> {
    world.step().mandates(&form(&[("message", message)]))
}

#[test]
fn a_holder_hears_of_their_own_grants_and_of_no_others() {
    let mut world = World::new();
    let (mut nora, mut other) = (Holder::new(1), Holder::new(2));
    let grant = given(&mut world, &nora.did);
    given(&mut world, &Holder::new(3).did);
    let message = nora.message(&world, json!({}));
    let news = hear(&mut world, &message).unwrap();
    assert_eq!((news.to.as_str(), news.answers.as_str()), (nora.did.as_str(), "message 1"));
    let standing = Standing { grant, ended: None, replaced_by: None, erase: None, answered: None };
    assert_eq!(news.grants, [standing]);
    let stranger = other.message(&world, json!({}));
    assert!(hear(&mut world, &stranger).is_err(), "whom nothing was given hears nothing");
}

#[test]
fn a_message_is_heard_once_by_this_server_and_only_as_what_it_is() {
    let mut world = World::new();
    let mut nora = Holder::new(1);
    given(&mut world, &nora.did);
    let good = nora.message(&world, json!({}));
    assert!(hear(&mut world, &good).is_ok());
    assert!(hear(&mut world, &good).is_err(), "twice");
    for other in [
        json!({ "aud": "https://elsewhere.example" }),
        json!({ "aud": null }),
        json!({ "jti": null }),
        json!({ "exp": world.now.as_second() - 120 }),
        json!({ "iat": world.now.as_second() + 600, "exp": world.now.as_second() + 660 }),
        json!({ "exp": world.now.as_second() + 86_400 }),
        json!({ "iss": Holder::new(2).did }),
        json!({ "erase": "all" }),
        json!({ "erase": [{ "grant": "grt_1", "answer": "erased" }] }),
    ] {
        let message = nora.message(&world, other.clone());
        assert!(hear(&mut world, &message).is_err(), "{other}");
    }
    for typ in ["JWT", "dpop+jwt", "vc+jwt"] {
        let message = nora.typed(&world, typ, json!({ "jti": typ }));
        assert!(hear(&mut world, &message).is_err(), "{typ}");
    }
    assert!(hear(&mut world, "nothing").is_err());
}

#[test]
fn a_message_is_no_claim_of_who_is_asking() {
    let mut world = World::new();
    let mut nora = Holder::new(1);
    let client = world.public();
    let message = nora.message(&world, json!({}));
    let claim: Result<Vec<Claim>, Stop> = world.step().read_claim(&client, &message, crate::DID_JWT);
    assert_eq!(claim, Ok(Vec::new()));
}

#[test]
fn erasing_is_asked_after_the_end_and_answered_once_by_whoever_holds_the_key() {
    let mut world = World::new();
    let (mut nora, mut other) = (Holder::new(1), Holder::new(2));
    let (grant, foreign) = (given(&mut world, &nora.did), given(&mut world, &other.did));
    assert_eq!(world.step().ask_to_erase(&grant), Err(DecideError::Holds));
    for id in [&grant, &foreign] {
        world.step().end(id, WhyEnded::Owner).unwrap();
    }
    world.step().ask_to_erase(&grant).unwrap();
    let answer = |answer: &str| json!({ "erase": [{ "grant": grant, "answer": answer }] });
    let stranger = other.message(&world, answer("erased"));
    hear(&mut world, &stranger).unwrap();
    let erase = |world: &World| world.ledger.grants.find(grant.as_str()).unwrap().erase.unwrap();
    assert_eq!(erase(&world).answer, None, "somebody else does not answer for them");
    let asked = erase(&world).asked;
    world.later(60);
    let message = nora.message(&world, answer("refused"));
    let news = hear(&mut world, &message).unwrap();
    assert_eq!((news.grants[0].erase, news.grants[0].answered), (Some(asked), Some(Erasure::Refused)));
    world.later(60);
    let message = nora.message(&world, answer("erased"));
    hear(&mut world, &message).unwrap();
    assert_eq!(erase(&world).answer.unwrap().0, Erasure::Refused, "the first answer stands");
    world.step().ask_to_erase(&grant).unwrap();
    assert_eq!(erase(&world).asked, asked);
    let never = nora.message(&world, json!({ "erase": [{ "grant": foreign, "answer": "erased" }] }));
    hear(&mut world, &never).unwrap();
    assert_eq!(world.ledger.grants.find(foreign.as_str()).unwrap().erase, None);
}

#[test]
fn nobody_is_asked_to_erase_who_could_not_be_told() {
    let mut world = World::new();
    let client = world.public();
    let grant = world.grant(&client, "patient/*.rs");
    world.step().end(&grant, WhyEnded::Owner).unwrap();
    assert_eq!(world.step().ask_to_erase(&grant), Err(DecideError::Party));
}

#[test]
fn a_narrowed_grant_names_the_one_in_its_place_and_one_that_is_over_says_since_when() {
    let mut world = World::new();
    let mut nora = Holder::new(1);
    let grant = given(&mut world, &nora.did);
    let end = world.now.checked_add(SignedDuration::from_hours(1)).unwrap();
    world.later(5);
    let mut narrower = world.ledger.grants.find(grant.as_str()).unwrap().grant.clone();
    narrower.term.end = Some(end);
    let new = world.step().narrow(&grant, narrower).unwrap();
    let message = nora.message(&world, json!({}));
    let news = hear(&mut world, &message).unwrap();
    let of = |news: &News, id: &GrantId| news.grants.iter().find(|one| one.grant == *id).unwrap().clone();
    assert_eq!(of(&news, &grant).replaced_by, Some(new.clone()));
    assert_eq!(of(&news, &new).ended, None);
    world.later(3600);
    let message = nora.message(&world, json!({}));
    assert_eq!(of(&hear(&mut world, &message).unwrap(), &new).ended, Some(end));
}
