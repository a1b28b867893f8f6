use wallet::views::{DidMethod, DidView};

use super::Page;
use crate::dates;
use crate::words::Words;

/// The holder's keys. `[DidView]` as a view is a list; retired ones say so.
pub(crate) fn dids(words: Words, dids: &Vec<DidView>) -> String {
    let mut page = Page::default();
    if dids.is_empty() {
        page.line(words.text("keys.none"));
    }
    for did in dids {
        page.gap();
        page.line(&format!("{}  {}", name(words, did), did.id));
        let method = match did.method {
            DidMethod::Key => "did:key (Ed25519)",
            DidMethod::Jwk => "did:jwk (P-256)",
        };
        page.fact(words, words.text("keys.method"), Some(method));
        page.fact(words, words.text("keys.did"), Some(&did.did));
        page.fact(words, words.text("keys.code"), Some(&did.code));
        page.fact(words, words.text("keys.made"), Some(&dates::instant(words, &did.created)));
        if let Some(at) = &did.retired {
            let at = dates::instant(words, at);
            let after = did.replaced_by.as_ref().and_then(|id| dids.iter().find(|other| other.id == *id));
            match after {
                Some(after) => page.fact(words, words.text("keys.replaced"), Some(&format!("{at} → {}", after.id))),
                None => page.fact(words, words.text("keys.retired"), Some(&at)),
            }
        }
    }
    page.into()
}

/// The first key of a wallet has no name of its own.
fn name<'a>(words: Words, did: &'a DidView) -> std::borrow::Cow<'a, str> {
    if did.name == "1" { words.text("keys.first").to_owned().into() } else { did.name.as_str().into() }
}
