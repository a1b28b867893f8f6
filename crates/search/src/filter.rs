//! `_filter` (FHIR R4, "_filter Parameter"): tests joined by `and`, `or`, `not` and parentheses, each a parameter, an
//! operator and a value. What needs a terminology (`ss`, `sb`, `in`, `ni`) or brackets in a path is refused by name.

mod read;

use fhir::criteria::{Condition, Criterion, CriterionError, Prefix, Wanted};
use fhir::parameters::{Kind, Parameter, SearchValue, Setting, fold, parameter};

use crate::bits::Bits;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::matching::Budget;
use read::Expression;

/// A filter of one type, ready to be asked.
#[derive(Debug)]
pub(crate) enum Filter {
    Not(Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    /// What a search without `_filter` could ask, too.
    Own(Criterion),
    /// What only a look at each value can tell.
    Look(&'static Parameter, Comparison),
    /// Along a reference, with what is asked of each type.
    Along(&'static Parameter, Vec<(&'static str, Filter)>),
}

/// How a value is looked at; texts are folded.
#[derive(Debug)]
pub(crate) enum Comparison {
    Same(Box<str>),
    Differs(Box<str>),
    Ends(Box<str>),
    IsNot(Vec<Wanted>),
}

impl Comparison {
    fn holds(&self, value: &SearchValue<'_>) -> bool {
        match (self, value) {
            (Self::Same(text), SearchValue::String(found)) => *fold(found) == **text,
            (Self::Differs(text), SearchValue::String(found)) => *fold(found) != **text,
            (Self::Ends(text), SearchValue::String(found)) => fold(found).ends_with(&**text),
            (Self::IsNot(wanted), value) => !wanted.iter().any(|wanted| wanted.is(value)),
            _ => false,
        }
    }
}

/// Reads a filter for a type.
pub(crate) fn compile(kind: &str, text: &str, setting: &Setting) -> Result<Filter, Refusal> {
    let expression = read::parse(text).ok_or_else(|| Refusal::at(RequestError::Value, "_filter"))?;
    of(kind, &expression, setting).map_err(|error| Refusal::at(error, "_filter"))
}

fn of(kind: &str, expression: &Expression, setting: &Setting) -> Result<Filter, RequestError> {
    let boxed = |inner: &Expression| of(kind, inner, setting).map(Box::new);
    Ok(match expression {
        Expression::Not(inner) => Filter::Not(boxed(inner)?),
        Expression::And(left, right) => Filter::And(boxed(left)?, boxed(right)?),
        Expression::Or(left, right) => Filter::Or(boxed(left)?, boxed(right)?),
        Expression::Test { path, operator, value } => test(kind, path, operator, value, setting)?,
    })
}

fn test(kind: &str, path: &[String], operator: &str, value: &str, setting: &Setting) -> Result<Filter, RequestError> {
    let (code, rest) = path.split_first().ok_or(RequestError::Value)?;
    let by = parameter(kind, code).ok_or(CriterionError::UnknownParameter)?;
    if rest.is_empty() {
        return own(kind, by, operator, value, setting);
    }
    if by.kind() != Kind::Reference {
        return Err(CriterionError::NotAReference.into());
    }
    let (mut any, mut why) = (Vec::new(), RequestError::Criterion(CriterionError::UnknownParameter));
    for target in by.targets() {
        match test(target, rest, operator, value, setting) {
            Ok(filter) => any.push((target, filter)),
            Err(error) => why = error,
        }
    }
    if any.is_empty() { Err(why) } else { Ok(Filter::Along(by, any)) }
}

fn own(
    kind: &str,
    by: &'static Parameter,
    operator: &str,
    value: &str,
    setting: &Setting,
) -> Result<Filter, RequestError> {
    let code = by.code();
    // The comma has no meaning in a filter.
    let one = value.replace(',', "\\,");
    let plain = value.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$");
    let ask = |key: &str, value: &str| Ok(Filter::Own(Criterion::parse(kind, key, value, setting)?));
    let folded = || fold(value).into_owned().into_boxed_str();
    match (by.kind(), operator) {
        (_, "pr") => match value {
            "true" => ask(&format!("{code}:missing"), "false"),
            "false" => ask(&format!("{code}:missing"), "true"),
            _ => Err(RequestError::Value),
        },
        (Kind::String, "eq") => Ok(Filter::Look(by, Comparison::Same(folded()))),
        (Kind::String, "ne") => Ok(Filter::Look(by, Comparison::Differs(folded()))),
        (Kind::String, "ew") => Ok(Filter::Look(by, Comparison::Ends(folded()))),
        (Kind::String, "sw") => ask(code, &plain),
        (Kind::String, "co") => ask(&format!("{code}:contains"), &plain),
        (Kind::Token, "eq") => ask(code, &named(&one)),
        (Kind::Token, "ne") => {
            let Criterion::Own(asked) = Criterion::parse(kind, code, &named(&one), setting)? else {
                return Err(RequestError::Modifier);
            };
            Ok(Filter::Look(by, Comparison::IsNot(asked.condition.wanted().to_vec())))
        }
        (Kind::Reference, "re") | (Kind::Uri, "eq") => ask(code, &one),
        (Kind::Date | Kind::Number | Kind::Quantity, "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "ap" | "sa" | "eb") => {
            ask(code, &format!("{operator}{}", named(&one)))
        }
        (Kind::Date, "po") => overlapping(Criterion::parse(kind, code, &one, setting)?),
        _ => Err(RequestError::Modifier),
    }
}

/// Names that stand for the systems of codes (FHIR R4, "_filter Parameter").
fn named(value: &str) -> String {
    let known = [
        ("loinc|", "http://loinc.org|"),
        ("snomed|", "http://snomed.info/sct|"),
        ("rxnorm|", "http://www.nlm.nih.gov/research/umls/rxnorm|"),
        ("ucum|", "http://unitsofmeasure.org|"),
    ];
    let found = known.iter().find_map(|(short, long)| Some(format!("{long}{}", value.strip_prefix(short)?)));
    found.unwrap_or_else(|| value.to_owned())
}

/// `po`: the periods overlap, and neither is made wider.
fn overlapping(criterion: Criterion) -> Result<Filter, RequestError> {
    let Criterion::Own(mut asked) = criterion else { return Err(RequestError::Modifier) };
    let widened = asked.condition.wanted().iter().map(|wanted| match wanted {
        Wanted::Date { span, written, .. } => {
            Wanted::Date { prefix: Prefix::About, span: *span, written: written.clone() }
        }
        other => other.clone(),
    });
    asked.condition = Condition::AnyOf(widened.collect());
    Ok(Filter::Own(Criterion::Own(asked)))
}

impl Engine {
    /// The documents of a type that pass.
    pub(crate) fn filtered(
        &self,
        kind: &str,
        filter: &Filter,
        setting: &Setting,
        budget: &Budget,
    ) -> Result<Bits, Refusal> {
        let Some(shelf) = self.store.shelves.get(kind) else { return Ok(Bits::default()) };
        let ask = |inner: &Filter| self.filtered(kind, inner, setting, budget);
        match filter {
            Filter::Own(criterion) => self.matching(kind, std::slice::from_ref(criterion), setting, budget),
            Filter::Not(inner) => {
                let mut rest = shelf.live.clone();
                rest.take_away(&ask(inner)?);
                Ok(rest)
            }
            Filter::And(left, right) => {
                let mut both = ask(left)?;
                both.keep(&ask(right)?);
                Ok(both)
            }
            Filter::Or(left, right) => {
                let mut either = ask(left)?;
                either.add(&ask(right)?);
                Ok(either)
            }
            Filter::Look(by, comparison) => {
                let mut near =
                    self.index.column(kind, by.code()).map(|column| column.present.clone()).unwrap_or_default();
                near.keep(&shelf.live);
                let mut found = Bits::default();
                self.look(&near, by, setting, budget, &mut found, |value| comparison.holds(value))?;
                Ok(found)
            }
            Filter::Along(by, any) => {
                let mut inner = Bits::default();
                for (target, filter) in any {
                    budget.spend(0, 1)?;
                    inner.add(&self.filtered(target, filter, setting, budget)?);
                }
                let mut found = self.referring(kind, by.code(), &inner);
                found.keep(&shelf.live);
                Ok(found)
            }
        }
    }
}
