use std::collections::BTreeMap;

use fhir::criteria::{Unit, WantedNumber};
use fhir::parameters::{Dimension, Interval, Quantity};

use super::ranges::{Asked, Range, Ranges, of_number};
use super::symbols::Symbols;
use crate::bits::Bits;

/// The symbol of what is not there.
const NONE: u32 = u32::MAX;

/// Numbers with units: as written, and in base units by dimension.
#[derive(Debug, Default)]
pub(crate) struct Quantities {
    written: Ranges,
    units: Vec<Written>,
    canonical: BTreeMap<Dimension, Ranges>,
}

/// The unit of a row; all symbols.
#[derive(Debug)]
struct Written {
    system: u32,
    code: u32,
    unit: u32,
    /// It stands in base units, too.
    canonical: u8,
}

/// An interval, both ends included.
pub(crate) fn range(interval: Interval) -> Range {
    Range { low: of_number(interval.low), high: of_number(interval.high) }
}

impl Quantities {
    pub(crate) fn push(&mut self, document: u32, quantity: &Quantity<'_>, symbols: &mut Symbols) {
        let mut symbol = |text: Option<&str>| text.map_or(NONE, |text| symbols.intern(text));
        self.units.push(Written {
            system: symbol(quantity.system),
            code: symbol(quantity.code),
            unit: symbol(quantity.unit),
            canonical: u8::from(quantity.canonical.is_some()),
        });
        self.written.push(document, range(quantity.interval));
        if let Some(canonical) = &quantity.canonical {
            let same = self.canonical.entry(canonical.dimension.clone()).or_default();
            same.push(document, range(canonical.interval));
        }
    }

    pub(crate) fn find(&self, number: &WantedNumber, unit: &Unit, symbols: &Symbols, found: &mut Bits) {
        let asked = Asked::of_number(number.prefix, number.range);
        let row = |at: u32| self.units.get(at as usize);
        match unit {
            Unit::Any => self.written.find_any(&asked, found, |_| true),
            Unit::Called(name) => {
                let Some(name) = symbols.find(name) else { return };
                self.written.find_any(&asked, found, |at| row(at).is_some_and(|u| u.code == name || u.unit == name));
            }
            Unit::Coded { system, code, canonical } => {
                let (system, code) = (symbols.find(system), symbols.find(code));
                let same = |unit: &Written| Some(unit.system) == system && Some(unit.code) == code;
                let Some(canonical) = canonical else {
                    return self.written.find_any(&asked, found, |at| row(at).is_some_and(same));
                };
                if let Some(ranges) = self.canonical.get(&canonical.dimension) {
                    let asked = Asked::of_number(number.prefix, canonical.interval);
                    ranges.find_any(&asked, found, |_| true);
                }
                let apart = |unit: &Written| unit.canonical == 0 && same(unit);
                if self.units.iter().any(apart) {
                    self.written.find_any(&asked, found, |at| row(at).is_some_and(apart));
                }
            }
        }
    }

    /// Each row as written.
    pub(crate) fn written(&self) -> &Ranges {
        &self.written
    }

    pub(crate) fn bytes(&self) -> usize {
        let canonical: usize = self.canonical.values().map(|ranges| ranges.bytes() + 64).sum();
        self.written.bytes() + self.units.capacity() * size_of::<Written>() + canonical
    }
}
