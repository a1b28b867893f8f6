use std::collections::BTreeMap;

use super::ReadError;
use super::text::Part;

/// Parts of cards, gathered in any order. Cards are told apart by their number of parts: nothing else in a part says
/// which card it is of.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<u32, BTreeMap<u32, String>>);

impl Parts {
    /// Takes one part in. The same part again is fine.
    pub(super) fn add(&mut self, part: Part) -> Result<(), ReadError> {
        let card = self.0.entry(part.total).or_default();
        match card.get(&part.number) {
            Some(held) if *held != part.text => Err(ReadError::MixedParts),
            Some(_) => Ok(()),
            None => {
                card.insert(part.number, part.text);
                Ok(())
            }
        }
    }

    /// The signed texts that are whole, and what is missing of the others.
    pub(super) fn join(self) -> (Vec<String>, Vec<ReadError>) {
        let (mut texts, mut unreadable) = (Vec::new(), Vec::new());
        for (total, parts) in self.0 {
            let missing: Vec<u32> = (1..=total).filter(|number| !parts.contains_key(number)).collect();
            if missing.is_empty() {
                texts.push(parts.into_values().collect());
            } else {
                unreadable.push(ReadError::MissingParts { total, missing });
            }
        }
        (texts, unreadable)
    }
}
