//! Which parameters a resource can have values under, told from the names of its members.

use std::collections::HashMap;

use serde_json::Value;

use super::compile::{Course, Move, Program};
use super::setting::Setting;
use super::table::{Parameter, parameters};
use super::value::SearchValue;

/// The parameters of one type, and at which members of a resource each begins: most of some forty have nothing to look
/// at in a resource, and are passed over without a look.
#[derive(Debug)]
pub struct Sieve {
    parameters: &'static [&'static Parameter],
    /// A bit for each member that some parameter begins at.
    bits: HashMap<&'static str, u128>,
    /// By parameter, what each of its ways needs.
    needs: Vec<Vec<Needs>>,
}

/// Of each, one member must be there.
#[derive(Debug)]
struct Needs(Vec<u128>);

/// Whatever is there.
const ANY: u128 = u128::MAX;

impl Sieve {
    /// The parameters of a type, in the order of [`parameters`].
    pub fn of(resource_type: &str) -> Self {
        let mut sieve = Self { parameters: parameters(resource_type), bits: HashMap::new(), needs: Vec::new() };
        for parameter in sieve.parameters {
            let ways = parameter.program().any.iter().map(|course| {
                let own = sieve.begins(course);
                let whole = matches!(course, Course::Way(way) if way.moves.is_empty());
                // A composite of the resource itself has a value only where each of its parts has one.
                let parts = parameter.components().iter().filter(|_| whole);
                let parts: Vec<u128> = parts.map(|part| sieve.begins_any(part.program())).collect();
                Needs(std::iter::once(own).chain(parts).filter(|need| *need != ANY).collect())
            });
            let ways = ways.collect();
            sieve.needs.push(ways);
        }
        sieve
    }

    /// Each value of a resource of the type, with the place of its parameter; see [`Parameter::each`].
    pub fn each<'a>(&self, resource: &'a Value, setting: &Setting, mut take: impl FnMut(usize, SearchValue<'a>)) {
        let names = resource.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        let there = names.fold(0, |all, name| all | self.bits.get(name).copied().unwrap_or_default());
        for (at, (parameter, ways)) in self.parameters.iter().zip(&self.needs).enumerate() {
            if ways.iter().any(|Needs(all)| all.iter().all(|need| need & there != 0)) {
                parameter.each(resource, setting, |value| take(at, value));
            }
        }
    }

    fn begins_any(&mut self, program: &'static Program) -> u128 {
        program.any.iter().fold(0, |all, course| all | self.begins(course))
    }

    fn begins(&mut self, course: &'static Course) -> u128 {
        match course {
            Course::Holds(_) => ANY,
            Course::Way(way) => match way.moves.first() {
                Some(Move::Member(name) | Move::Nth(name, _)) => self.bit(name),
                Some(Move::Choice(names)) => names.iter().fold(0, |all, (name, _)| all | self.bit(name)),
                Some(Move::Extension(_)) => self.bit("extension"),
                Some(Move::ResolvesTo(_) | Move::Where(..)) | None => ANY,
            },
        }
    }

    fn bit(&mut self, name: &'static str) -> u128 {
        let next = 1_u128.checked_shl(self.bits.len() as u32).unwrap_or(ANY);
        *self.bits.entry(name).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::resource_types;

    #[test]
    fn no_value_falls_through() {
        let setting = Setting::utc();
        let mut found = 0;
        for lives in testkit::shared("data/synthea-r4").into_iter().chain(testkit::shared("data/fhir-r4-examples")) {
            for file in std::fs::read_dir(lives).unwrap() {
                let Ok(bytes) = std::fs::read(file.unwrap().path()) else { continue };
                let Ok(value) = serde_json::from_slice::<Value>(&bytes) else { continue };
                let entries = value["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
                for resource in entries.chain([&value]) {
                    let Some(kind) = resource["resourceType"].as_str() else { continue };
                    let all = parameters(kind).iter().enumerate();
                    let one = |(at, parameter): (usize, &&'static Parameter)| {
                        parameter.values(resource, &setting).into_iter().map(move |value| (at, value))
                    };
                    let mut sieved = Vec::new();
                    Sieve::of(kind).each(resource, &setting, |at, value| sieved.push((at, value)));
                    found += sieved.len();
                    assert_eq!(sieved, all.flat_map(one).collect::<Vec<_>>(), "{kind}");
                }
            }
        }
        assert!(found > 1_000 || testkit::shared("data/synthea-r4").is_none());
    }

    #[test]
    fn every_member_that_a_parameter_begins_at_has_a_bit_of_its_own() {
        for kind in resource_types() {
            let sieve = Sieve::of(kind);
            assert!(sieve.bits.len() <= 128, "{kind}");
        }
    }
}
