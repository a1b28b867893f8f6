use std::collections::BTreeMap;

use fhir::criteria::{WantedSystem, WantedToken};
use fhir::parameters::Token;
use serde_json::Value;

use super::postings::{Postings, file};
use super::symbols::Symbols;
use super::texts::Texts;
use crate::bits::Bits;

/// The symbol of what is not there.
const NONE: u32 = u32::MAX;

/// Code without regard of case, code, system; all symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    folded: u32,
    code: u32,
    system: u32,
    /// The system is not written in the resource.
    implied: u8,
}

/// Codes, identifiers, truth values.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    map: BTreeMap<Key, Postings>,
    /// What `:text` looks at.
    pub(crate) texts: Texts,
    /// What `:of-type` looks at: system and code of an identifier's type, and its value.
    typed: BTreeMap<Box<str>, Postings>,
}

impl Tokens {
    pub(crate) fn push(&mut self, document: u32, token: &Token<'_>, symbols: &mut Symbols) {
        if let Some(text) = token.text {
            self.texts.push(document, text);
        }
        let (code, folded) = match token.code {
            Some(code) => {
                let symbol = symbols.intern(code);
                let plain = !code.bytes().any(|byte| byte.is_ascii_uppercase());
                (symbol, if plain { symbol } else { symbols.intern(&code.to_ascii_lowercase()) })
            }
            None => (NONE, NONE),
        };
        let system = token.system.map_or(NONE, |system| symbols.intern(system));
        if code != NONE || system != NONE {
            let key = Key { folded, code, system, implied: u8::from(token.implied) };
            file(&mut self.map, key, document);
        }
        let codings = token.identifier_type.and_then(|kind| kind.get("coding")).and_then(Value::as_array);
        for coding in codings.into_iter().flatten() {
            let text = |name: &str| coding.get(name).and_then(Value::as_str);
            if let (Some(system), Some(code), Some(value)) = (text("system"), text("code"), token.code) {
                file(&mut self.typed, typed_key(system, code, value).into(), document);
            }
        }
    }

    /// Adds the documents that have such a token. Codes are compared without case, systems to the letter.
    pub(crate) fn find(&self, wanted: &WantedToken, symbols: &Symbols, found: &mut Bits) {
        let system = match &wanted.system {
            WantedSystem::Is(system) => match symbols.find(system) {
                Some(symbol) => Some(symbol),
                None => return,
            },
            _ => None,
        };
        let fits = |key: &Key| match &wanted.system {
            WantedSystem::Any => true,
            WantedSystem::None => key.system == NONE || key.implied == 1,
            WantedSystem::Is(_) => Some(key.system) == system,
        };
        let Some(code) = &wanted.code else {
            for (_, documents) in self.map.iter().filter(|(key, _)| fits(key)) {
                documents.add_to(found);
            }
            return;
        };
        let Some(folded) = symbols.find(&code.to_ascii_lowercase()) else { return };
        let end = |edge: u32, implied: u8| Key { folded, code: edge, system: edge, implied };
        for (_, documents) in self.map.range(end(0, 0)..=end(u32::MAX, u8::MAX)).filter(|(key, _)| fits(key)) {
            documents.add_to(found);
        }
    }

    pub(crate) fn of_type(&self, system: &str, code: &str, value: &str, found: &mut Bits) {
        if let Some(documents) = self.typed.get(typed_key(system, code, value).as_str()) {
            documents.add_to(found);
        }
    }

    /// Each code with its documents, in no order.
    pub(crate) fn codes<'a>(&'a self, symbols: &'a Symbols) -> impl Iterator<Item = (&'a str, &'a [u32])> {
        let coded = self.map.iter().filter(|(key, _)| key.folded != NONE);
        coded.map(|(key, documents)| (symbols.text(key.folded), documents.as_slice()))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.map.values().map(|documents| documents.bytes() + 56).sum::<usize>()
            + self.typed.iter().map(|(key, documents)| key.len() + documents.bytes() + 64).sum::<usize>()
            + self.texts.bytes()
    }
}

fn typed_key(system: &str, code: &str, value: &str) -> String {
    format!("{system}\n{}\n{}", code.to_ascii_lowercase(), value.to_ascii_lowercase())
}
