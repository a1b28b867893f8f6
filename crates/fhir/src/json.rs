//! JSON that is looked into: [`serde_json::Value`], and [`Tree`], which borrows its text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// What a piece of JSON is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seen<'a, T> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digits as written.
    Number(&'a str),
    /// A string.
    Text(&'a str),
    /// An array.
    List(&'a [T]),
    /// An object; see [`Json::member`] and [`Json::members`].
    Object,
}

/// JSON that can be looked into, however it is held.
pub trait Json: Sized {
    /// What it is.
    fn seen(&self) -> Seen<'_, Self>;

    /// The member with this name; of several the last. `None` for anything but an object.
    fn member(&self, name: &str) -> Option<&Self>;

    /// All members; none for anything but an object.
    fn members(&self) -> impl Iterator<Item = (&str, &Self)>;

    /// The text of a string.
    fn text(&self) -> Option<&str> {
        match self.seen() {
            Seen::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Json for Value {
    fn seen(&self) -> Seen<'_, Self> {
        match self {
            Self::Null => Seen::Null,
            Self::Bool(yes) => Seen::Bool(*yes),
            Self::Number(number) => Seen::Number(number.as_str()),
            Self::String(text) => Seen::Text(text),
            Self::Array(items) => Seen::List(items),
            Self::Object(_) => Seen::Object,
        }
    }

    fn member(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
    }
}

/// JSON read from a text that stays: names and strings without escapes are not copied. For resources that are read once,
/// of which a pull has many. Members stand in the order written.
#[derive(Debug, Clone)]
pub struct Tree<'a>(Held<'a>);

#[derive(Debug, Clone)]
enum Held<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// Reads a text, 128 levels deep at most.
    ///
    /// # Errors
    /// When it is not JSON, or deeper.
    pub fn read(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl Json for Tree<'_> {
    fn seen(&self) -> Seen<'_, Self> {
        match &self.0 {
            Held::Null => Seen::Null,
            Held::Bool(yes) => Seen::Bool(*yes),
            Held::Number(number) => Seen::Number(number.as_str()),
            Held::Text(text) => Seen::Text(text),
            Held::List(items) => Seen::List(items),
            Held::Object(_) => Seen::Object,
        }
    }

    fn member(&self, name: &str) -> Option<&Self> {
        let Held::Object(members) = &self.0 else { return None };
        members.iter().rev().find(|(other, _)| other == name).map(|(_, member)| member)
    }

    fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = if let Held::Object(members) = &self.0 { members.as_slice() } else { &[] };
        members.iter().map(|(name, member)| (&**name, member))
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader).map(Self)
    }
}

/// How `serde_json` hands out a number that is no small integer: as an object with this one member.
const DIGITS: &str = "$serde_json::private::Number";

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Held<'de>, E> {
        Ok(Held::Null)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Held<'de>, E> {
        Ok(Held::Bool(yes))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Held<'de>, E> {
        Ok(Held::Number(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Held<'de>, E> {
        Ok(Held::Number(number.into()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Held<'de>, E> {
        Ok(Held::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Held<'de>, E> {
        Ok(Held::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Held<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = given.next_element()? {
            items.push(item);
        }
        Ok(Held::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Held<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = given.next_key()? {
            if members.is_empty() && name == DIGITS {
                let digits: String = given.next_value()?;
                return digits.parse().map(Held::Number).map_err(A::Error::custom);
            }
            members.push((name, given.next_value()?));
        }
        Ok(Held::Object(members))
    }
}

/// A name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.deserialize_str(Reader)? {
            Held::Text(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("a name is text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(tree: &Tree<'_>, value: &Value) -> bool {
        match (tree.seen(), value.seen()) {
            (Seen::List(one), Seen::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
            }
            (Seen::Object, Seen::Object) => {
                let in_value = |name: &str| tree.member(name).zip(value.member(name));
                tree.members().all(|(name, _)| in_value(name).is_some())
                    && value.members().all(|(name, _)| in_value(name).is_some_and(|(one, other)| same(one, other)))
            }
            (Seen::Null, Seen::Null) => true,
            (Seen::Bool(one), Seen::Bool(other)) => one == other,
            (Seen::Number(one), Seen::Number(other)) | (Seen::Text(one), Seen::Text(other)) => one == other,
            _ => false,
        }
    }

    fn agree(text: &str) -> bool {
        match (Tree::read(text), serde_json::from_str::<Value>(text)) {
            (Ok(tree), Ok(value)) => same(&tree, &value),
            (tree, value) => tree.is_err() && value.is_err(),
        }
    }

    #[test]
    fn digits_escapes_and_names_written_twice_are_read_as_values_are() {
        let tree = Tree::read(r#"{"a":6.20,"b":"x\ny","c":1,"c":[2e3,null,true],"\u0064":""}"#).unwrap();
        let digits = |name: &str| tree.member(name).map(|member| format!("{:?}", member.seen())).unwrap();
        assert_eq!(digits("a"), r#"Number("6.20")"#);
        assert_eq!(tree.member("b").and_then(Json::text), Some("x\ny"));
        assert!(matches!(tree.member("c").unwrap().seen(), Seen::List([_, _, _])), "the last of two");
        assert_eq!(tree.member("d").and_then(Json::text), Some(""));
        assert!(tree.member("e").is_none() && tree.member("a").unwrap().members().next().is_none());
        for text in [
            r#"{"a":1e400,"b":-0.0,"c":12345678901234567890123456789}"#,
            r#"{"$serde_json::private::Number":"no number"}"#,
            r#"{"$serde_json::private::Number":"7"}"#,
            r#"{"a":{"$serde_json::private::Number":7}}"#,
            r#"{"a":1,"$serde_json::private::Number":"7"}"#,
            "",
            "{",
            "[1,]",
            "{} x",
            "\u{feff}{}",
        ] {
            assert!(agree(text), "{text}");
        }
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Tree::read(&deep(100)).is_ok() && Tree::read(&deep(200)).is_err());
        assert!(agree(&deep(127)) && agree(&deep(128)) && agree(&deep(129)));
    }

    proptest! {
        #[test]
        fn a_tree_says_what_a_value_says(text in r#"[\[\]{}:,"a1.e\\ ntrue-]{0,40}"#) {
            prop_assert!(agree(&text));
        }

        #[test]
        fn so_does_one_of_made_json(value in crate::summary::tests::any_json()) {
            prop_assert!(agree(&value.to_string()));
        }
    }
}
