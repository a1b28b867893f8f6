//! De-identification of what stands: new ids, and references to them.

use std::cell::RefCell;

use serde_json::Value;

use super::super::entry::{Made, Standing};
use super::super::names::{Name, Names};
use super::{Maker, stands};
use crate::{Deidentifier, WhyOut};

impl Maker<'_> {
    pub(super) fn deidentified(
        &self,
        by: &Deidentifier,
        seed: &[u8; 16],
        value: &Value,
        standing: &Standing,
        names: &Names,
    ) -> Made {
        let asked: RefCell<Vec<(String, Name)>> = RefCell::default();
        let renamed = |name: Name| {
            let of = names.key(name).split('/').next().unwrap_or_default();
            self.seeds.get(name.at()).map(|seed| format!("{of}/{}", by.id_of(seed, of)))
        };
        let references = |key: &str| {
            if self.judge.own.contains(key) {
                // The person is one, by however many `Patient` resources.
                return renamed(*self.person.first()?);
            }
            let name = names.known(key).filter(|name| standing.out.binary_search(name).is_err())?;
            let new = renamed(name)?;
            asked.borrow_mut().push((new.clone(), name));
            Some(new)
        };
        match by.resource(seed, value, &references) {
            Ok(left) => {
                let json = left.json.to_string();
                let mut to: Vec<Name> = asked
                    .into_inner()
                    .into_iter()
                    .filter(|(new, _)| json.contains(new.as_str()))
                    .map(|(_, name)| name)
                    .collect();
                to.sort_unstable();
                to.dedup();
                let changes = left.taken.lines().map(|line| (line.element.into(), line.rule.into())).collect();
                stands(json.into(), Some(to), changes)
            }
            Err(error) if error.stops_the_export() => Made::Stops,
            Err(_) => Made::Gone(WhyOut::NotDeidentifiable),
        }
    }
}
