use octofhir_ucum::{EvalResult, Number, SpecialKind, evaluate, parse_expression};

use super::interval::{Bounds, Decimal};
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
struct Scale {
    factor: Number,
    offset: Number,
    dimension: Dimension,
}

/// A number in this unit of UCUM, in base units; `None` for what is no unit, or has no straight scale (pH, decibel).
pub fn canonical(number: &str, code: &str) -> Option<Canonical> {
    canonical_of(Bounds::exactly(Decimal::parse(number)?), code)
}

/// The same for a range.
pub(crate) fn canonical_of(bounds: Bounds, code: &str) -> Option<Canonical> {
    let scale = scale(code)?;
    let interval = bounds.scaled(scale.factor, scale.offset)?.interval();
    Some(Canonical { interval, dimension: scale.dimension })
}

fn scale(code: &str) -> Option<Scale> {
    if code.len() > MAX_CODE {
        return None;
    }
    let EvalResult { factor, dim, arbitrary, special } = evaluate(&parse_expression(code).ok()?).ok()?;
    let dimension = Dimension { base: dim.0, arbitrary };
    let Some(special) = special else {
        return Some(Scale { factor, offset: Number::ZERO, dimension });
    };
    // Temperatures: the zero lies elsewhere. In the unit's own steps, times the step in kelvin.
    let zero = match special.unit.special {
        SpecialKind::Celsius => "273.15",
        SpecialKind::Fahrenheit => "459.67",
        SpecialKind::Reaumur => "218.52",
        _ => return None,
    };
    let offset = Number::parse(zero)?.checked_mul(factor)?;
    Some(Scale { factor: special.scale.checked_mul(factor)?, offset, dimension })
}
