//! A contact card: who somebody is, and the key they made for one other person. A signed text in a file
//! (`.satchel-contact`) or a QR code.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use thiserror::Error;
use types::{ServerUrl, Whose};

use super::signed::{self, NotSigned};

/// `typ` of a card.
pub(crate) const TYPE: &str = "satchel-contact+jwt";
/// Version of what stands in it.
const VERSION: u64 = 1;
/// Longest card, in bytes.
const MAX_CARD: usize = 4 << 10;
/// Longest name, in characters.
const MAX_NAME: usize = 120;
/// How long a card is good.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// By how much two clocks may differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(10);

/// What a card is to say.
pub(crate) struct CardDraft<'a> {
    pub(crate) did: &'a str,
    pub(crate) name: &'a str,
    pub(crate) server: Option<&'a str>,
    /// The key of theirs that it answers.
    pub(crate) meant_for: Option<&'a str>,
}

/// A card whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) did: String,
    pub(crate) name: String,
    pub(crate) server: Option<ServerUrl>,
    pub(crate) meant_for: Option<String>,
    /// As it came.
    pub(crate) text: String,
}

/// Why a card is not taken in, or a contact not taken for compared.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeetError {
    /// Longer than a card can be.
    #[error("the contact card is too long")]
    TooLong,
    /// A picture in which not one code is seen, or more than one.
    #[error("the picture does not show one code")]
    NoCode,
    /// Something else than a contact card, or one that says what cannot be.
    #[error("this is not a contact card")]
    NotACard,
    /// Of a later version.
    #[error("the contact card is of a later version")]
    Newer,
    /// Its signature does not hold.
    #[error("the contact card was changed")]
    Changed,
    /// Its time is over.
    #[error("the contact card is over")]
    Over,
    /// Its time has not begun: one of the two clocks is wrong.
    #[error("the contact card is from the future")]
    Early,
    /// The owner's own.
    #[error("the contact card is the owner's own")]
    Own,
    /// It is here already.
    #[error("the contact card is here already")]
    Known,
    /// It answers a card that was not made here.
    #[error("the contact card is for somebody else")]
    ForSomebodyElse,
    /// That contact has sent another card.
    #[error("another card of this contact is here")]
    Answered,
    /// The owners found that the codes differ.
    #[error("the codes differ")]
    Refused,
    /// Their card has not come yet.
    #[error("their card has not come")]
    NoCard,
    /// It was compared before.
    #[error("it was compared before")]
    Compared,
    /// No cards were exchanged with them, or the codes were not compared.
    #[error("the contact was not compared")]
    NotCompared,
    /// Too many cards wait for an answer.
    #[error("too many cards wait for an answer")]
    TooMany,
}

impl MeetError {
    /// The code of the texts in the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "contactCard.tooLong",
            Self::NoCode => "contactCard.noCode",
            Self::NotACard => "contactCard.notACard",
            Self::Newer => "contactCard.newer",
            Self::Changed => "contactCard.changed",
            Self::Over => "contactCard.over",
            Self::Early => "contactCard.early",
            Self::Own => "contactCard.own",
            Self::Known => "contactCard.known",
            Self::ForSomebodyElse => "contactCard.forSomebodyElse",
            Self::Answered => "contactCard.answered",
            Self::Refused => "contactCard.refused",
            Self::NoCard => "contactCard.noCard",
            Self::Compared => "contactCard.compared",
            Self::NotCompared => "contactCard.notCompared",
            Self::TooMany => "contactCard.tooMany",
        }
    }

    /// Who erred.
    pub fn whose(self) -> Whose {
        match self {
            Self::NoCode
            | Self::Newer
            | Self::Own
            | Self::Known
            | Self::Answered
            | Self::NoCard
            | Self::Compared
            | Self::NotCompared
            | Self::TooMany => Whose::You,
            Self::Early => Whose::Unknown,
            _ => Whose::Them,
        }
    }
}

impl CardDraft<'_> {
    pub(crate) fn claims(&self, now: Timestamp) -> Value {
        let over = now.saturating_add(LIFE).unwrap_or(now);
        let mut claims = json!({
            "v": VERSION, "iss": self.did, "name": self.name, "iat": now.as_second(), "exp": over.as_second(),
        });
        for (name, value) in [("server", self.server), ("for", self.meant_for)] {
            if let (Some(value), Some(members)) = (value, claims.as_object_mut()) {
                members.insert(name.to_owned(), json!(value));
            }
        }
        claims
    }
}

/// Reads a card, from a file or a QR code.
pub(crate) fn read(bytes: &[u8], now: Timestamp) -> Result<Card, MeetError> {
    if bytes.len() > MAX_CARD {
        return Err(MeetError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| MeetError::NotACard)?.trim();
    let signed = signed::read(text, TYPE, MAX_CARD).map_err(|error| match error {
        NotSigned::Kind => MeetError::NotACard,
        NotSigned::Changed => MeetError::Changed,
    })?;
    match signed.claims.get("v").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(MeetError::Newer),
        _ => return Err(MeetError::NotACard),
    }
    let instant = |name: &str| {
        let second = signed.claims.get(name).and_then(Value::as_i64);
        second.and_then(|second| Timestamp::from_second(second).ok()).ok_or(MeetError::NotACard)
    };
    let (made, over) = (instant("iat")?, instant("exp")?);
    if signed.text("iss", MAX_CARD) != Some(&signed.did) || over.duration_since(made) > LIFE {
        return Err(MeetError::NotACard);
    }
    if now.saturating_add(LEEWAY).is_ok_and(|latest| latest < made) {
        return Err(MeetError::Early);
    }
    if over <= now {
        return Err(MeetError::Over);
    }
    let server = signed.claims.get("server").map(|server| {
        let text = signed::plain(server, 2_048).ok_or(MeetError::NotACard)?;
        ServerUrl::parse(text).map_err(|_| MeetError::NotACard)
    });
    let meant_for = signed.claims.get("for").map(|did| signed::plain(did, 512).ok_or(MeetError::NotACard));
    Ok(Card {
        name: signed.text("name", MAX_NAME).ok_or(MeetError::NotACard)?.trim().to_owned(),
        server: server.transpose()?,
        meant_for: meant_for.transpose()?.map(str::to_owned),
        text: text.to_owned(),
        did: signed.did,
    })
}

#[cfg(test)]
mod tests {
    use crypto::b64u;
    use proptest::prelude::*;

    use super::*;
    use crate::pairs::signed::testing::{key, now, signed_by};

    fn claims() -> Value {
        let (_, did) = key(1);
        let server = Some("http://127.0.0.1:8731");
        CardDraft { did: &did, name: "Nora Calder", server, meant_for: None }.claims(now())
    }

    fn signed(typ: &str, claims: &Value) -> String {
        signed_by(1, typ, claims)
    }

    fn with(name: &str, value: Value) -> Result<Card, MeetError> {
        let mut claims = claims();
        claims[name] = value;
        read(signed(TYPE, &claims).as_bytes(), now())
    }

    #[test]
    fn a_card_reads_back_with_white_space_around_it() {
        let text = signed(TYPE, &claims());
        let card = read(format!("\n  {text}\r\n").as_bytes(), now()).unwrap();
        assert_eq!((card.name.as_str(), card.text, card.did), ("Nora Calder", text, key(1).1));
        assert_eq!(card.server.unwrap().as_str(), "http://127.0.0.1:8731");
    }

    #[test]
    fn a_card_that_was_changed_is_refused() {
        let text = signed(TYPE, &claims());
        let (head, signature) = text.rsplit_once('.').unwrap();
        let (header, _) = head.split_once('.').unwrap();
        let mut other = claims();
        other["name"] = json!("Nobody");
        let forged = format!("{header}.{}.{signature}", b64u::encode(other.to_string().as_bytes()));
        assert_eq!(read(forged.as_bytes(), now()), Err(MeetError::Changed));
        // Signed by another key than the one that it names.
        let wrong = signed::sign(&key(2).0, &key(1).1, TYPE, &claims()).unwrap();
        assert_eq!(read(wrong.as_bytes(), now()), Err(MeetError::Changed));
        // Signed by another key than the one that it is of.
        let foreign = signed::sign(&key(2).0, &key(2).1, TYPE, &claims()).unwrap();
        assert_eq!(read(foreign.as_bytes(), now()), Err(MeetError::NotACard));
    }

    #[test]
    fn a_card_holds_thirty_days_and_not_before_it_was_made() {
        let text = signed(TYPE, &claims());
        let at = |days: i64| now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
        assert!(read(text.as_bytes(), at(29)).is_ok());
        assert_eq!(read(text.as_bytes(), at(30)), Err(MeetError::Over));
        assert_eq!(read(text.as_bytes(), at(-1)), Err(MeetError::Early));
        assert_eq!(with("exp", json!(now().as_second() + 40 * 86_400)), Err(MeetError::NotACard), "for too long");
    }

    #[test]
    fn what_is_not_a_card_is_refused_as_that() {
        for typ in ["JWT", "vc+jwt", "satchel-mandates+jwt"] {
            assert_eq!(read(signed(typ, &claims()).as_bytes(), now()), Err(MeetError::NotACard), "{typ}");
        }
        for (name, value) in [
            ("name", json!("")),
            ("name", json!("a\u{7}b")),
            ("name", json!("x".repeat(121))),
            ("name", json!(7)),
            ("server", json!("not an address")),
            ("server", json!("http://clinic.example")),
            ("for", json!(7)),
            ("iat", json!("now")),
            ("v", json!(0)),
        ] {
            assert_eq!(with(name, value.clone()), Err(MeetError::NotACard), "{name}: {value}");
        }
        assert_eq!(with("v", json!(2)), Err(MeetError::Newer));
        assert_eq!(read(&[b'a'; 5_000], now()), Err(MeetError::TooLong));
        assert_eq!(read(&[0xff, 0xfe], now()), Err(MeetError::NotACard));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_of_contact_cards_fall(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(read(&bytes, now()).is_err());
        }

        #[test]
        fn no_change_of_one_character_is_taken(at in 0_usize..400, to in "[A-Za-z0-9_.-]") {
            let text = signed(TYPE, &claims());
            let mut changed: Vec<char> = text.chars().collect();
            let at = at % changed.len();
            let to = to.chars().next().unwrap();
            prop_assume!(changed[at] != to);
            changed[at] = to;
            let changed: String = changed.into_iter().collect();
            prop_assert!(read(changed.as_bytes(), now()).is_err());
        }
    }
}
