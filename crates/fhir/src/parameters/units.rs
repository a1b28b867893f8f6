use std::cell::RefCell;
use std::collections::HashMap;

use octofhir_ucum::{EvalResult, Number, SpecialKind, evaluate, parse_expression};

use super::decimal::Decimal;
use super::interval::Bounds;
use super::value::Canonical;

/// System of the codes of UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// Longest code that is read as a unit.
const MAX_CODE: usize = 80;

/// Base units and their powers. Quantities of one dimension can be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension {
    base: [i8; 7],
    /// Units that UCUM leaves arbitrary, such as international units: commensurable with themselves only.
    arbitrary: Vec<(&'static str, i32)>,
}

/// A unit that a straight line leads to base units from.
#[derive(Debug, Clone)]
struct Scale {
    factor: Decimal,
    offset: Decimal,
    dimension: Dimension,
}

/// Units that each thread remembers: a record repeats a few dozen.
const MAX_REMEMBERED: usize = 512;

thread_local! {
    static REMEMBERED: RefCell<HashMap<Box<str>, Option<Scale>>> = RefCell::default();
}

/// A number in this unit of UCUM, in base units; `None` for what is no unit, or has no straight scale (pH, decibel).
pub fn canonical(number: &str, code: &str) -> Option<Canonical> {
    canonical_of(Bounds::exactly(Decimal::parse(number)?), code)
}

/// The same for a range.
pub(crate) fn canonical_of(bounds: Bounds, code: &str) -> Option<Canonical> {
    if code.len() > MAX_CODE {
        return None;
    }
    REMEMBERED.with_borrow_mut(|remembered| {
        if !remembered.contains_key(code) {
            if remembered.len() == MAX_REMEMBERED {
                remembered.clear();
            }
            remembered.insert(code.into(), scale(code));
        }
        let scale = remembered.get(code)?.as_ref()?;
        let interval = bounds.scaled(scale.factor, scale.offset)?.interval();
        Some(Canonical { interval, dimension: scale.dimension.clone() })
    })
}

fn scale(code: &str) -> Option<Scale> {
    let EvalResult { factor, dim, arbitrary, special } = evaluate(&parse_expression(code).ok()?).ok()?;
    let dimension = Dimension { base: dim.0, arbitrary };
    let Some(special) = special else {
        return Some(Scale { factor: decimal(factor), offset: Decimal::ZERO, dimension });
    };
    // Temperatures: the zero lies elsewhere. In the unit's own steps, times the step in kelvin.
    let zero = match special.unit.special {
        SpecialKind::Celsius => "273.15",
        SpecialKind::Fahrenheit => "459.67",
        SpecialKind::Reaumur => "218.52",
        _ => return None,
    };
    let offset = decimal(Number::parse(zero)?.checked_mul(factor)?);
    Some(Scale { factor: decimal(special.scale.checked_mul(factor)?), offset, dimension })
}

fn decimal(number: Number) -> Decimal {
    let (digits, exponent) = number.to_integer_and_exponent();
    Decimal::new(digits, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: (&str, &str), right: (&str, &str)) -> bool {
        canonical(left.0, left.1).unwrap() == canonical(right.0, right.1).unwrap()
    }

    #[test]
    fn the_same_amount_in_two_units_is_the_same() {
        assert!(same(("5", "mmol/L"), ("5000", "umol/L")));
        assert!(same(("90", "mg/dL"), ("0.9", "g/L")));
        assert!(same(("37", "Cel"), ("98.6", "[degF]")));
        assert!(same(("37", "Cel"), ("310.15", "K")));
        assert!(same(("1", "[in_i]"), ("2.54", "cm")));
        assert!(same(("50", "%"), ("0.5", "1")));
        assert!(same(("120", "mm[Hg]"), ("12", "cm[Hg]")));
        assert!(same(("3", "[IU]/mL"), ("3000", "[IU]/L")));
        assert!(!same(("1", "mg"), ("1", "mL")));
        assert!(!same(("1", "[IU]"), ("1", "[arb'U]")));
    }

    #[test]
    fn what_has_no_straight_scale_has_no_base_units() {
        for code in ["[pH]", "dB", "tablet", "", "mg/", "/", "((((", &"m.".repeat(60)] {
            assert_eq!(canonical("1", code), None, "{code}");
        }
    }
}
