//! Values of single types.

use serde_json::{Map, Value, json};

use super::codes::Public;
use super::dates::{GROUPED, Left};
use super::extensions::absent;
use super::table::{Member, Rule};
use super::walk::Walk;
use super::{place, questions};

const UCUM: &str = "http://unitsofmeasure.org";
/// Numbers with more digits are serial numbers.
const DIGITS: usize = 20;
/// Names of units that sources write without a code, as UCUM writes them.
const NAMES: [(&str, &str); 22] = [
    ("years", "a"),
    ("year", "a"),
    ("yr", "a"),
    ("yrs", "a"),
    ("months", "mo"),
    ("month", "mo"),
    ("weeks", "wk"),
    ("week", "wk"),
    ("days", "d"),
    ("day", "d"),
    ("hours", "h"),
    ("minutes", "min"),
    ("lbs", "[lb_av]"),
    ("lb", "[lb_av]"),
    ("in", "[in_i]"),
    ("inches", "[in_i]"),
    ("bpm", "{beats}/min"),
    ("beats/minute", "{beats}/min"),
    ("breaths/minute", "{breaths}/min"),
    ("C", "Cel"),
    ("F", "[degF]"),
    ("mmHg", "mm[Hg]"),
];
/// Years of a unit of time, from below: 90 of them are no more days than these say.
const YEARS: [(&str, f64); 7] =
    [("a", 1.0), ("mo", 12.0), ("wk", 52.0), ("d", 365.0), ("h", 8_760.0), ("min", 525_600.0), ("a_j", 1.0)];

impl Walk<'_> {
    pub(super) fn number(&mut self, member: &'static Member, value: &Value) -> Option<Value> {
        let Some(number) = value.as_number() else { return self.gone(member, "type") };
        let text = number.to_string();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        // Five digits may be a ZIP, more a telephone number, where no code says what was asked.
        if digits > DIGITS || member.rule == Rule::Answer && !self.question_known && digits > 4 {
            return self.gone(member, "number-too-long");
        }
        self.open(&text, member.path);
        Some(value.clone())
    }

    pub(super) fn code(&mut self, member: &'static Member, codes: &[&'static str], value: &Value) -> Option<Value> {
        let known = value.as_str().and_then(|text| codes.binary_search(&text).ok()).and_then(|at| codes.get(at));
        match known {
            Some(code) => Some(Value::String((*code).to_owned())),
            None => self.gone(member, "code-unknown"),
        }
    }

    pub(super) fn date(&mut self, member: &'static Member, rule: Rule, value: &Value) -> Option<Value> {
        let Some(text) = value.as_str() else { return self.gone(member, "type") };
        let calendar = &self.by.calendar;
        if rule == Rule::Birth && calendar.aged {
            return self.gone(member, if calendar.known_aged { "age-over-89" } else { "birth-date-unreadable" });
        }
        match calendar.date(text) {
            Left::Text(date, by) => {
                self.taken.count(member.path, by);
                Some(Value::String(date))
            }
            Left::Nothing(by) => {
                self.taken.count(member.path, by);
                (rule == Rule::Death).then_some(Value::Bool(true))
            }
        }
    }

    pub(super) fn instant(&mut self, member: &'static Member, value: &Value) -> Option<Value> {
        let Some(text) = value.as_str() else { return self.gone(member, "type") };
        // Where a date may stand in its place, it does.
        let left =
            if member.key == "effectiveInstant" { self.by.calendar.date(text) } else { self.by.calendar.instant(text) };
        match left {
            Left::Text(date, by) => {
                self.taken.count(member.path, by);
                Some(Value::String(date))
            }
            Left::Nothing(by) => self.gone(member, by),
        }
    }

    pub(super) fn coding(&mut self, coding: &Value, place: &'static str) -> Option<Value> {
        let Some(public) = Public::read(coding) else {
            self.taken.count(place, "code-system");
            return None;
        };
        if !public.listed {
            self.open(&public.code, place);
        }
        for name in ["display", "version", "userSelected", "extension", "id"] {
            if coding.get(name).is_some() {
                self.taken.count(place, if name == "display" { "display" } else { "coding" });
            }
        }
        Some(public.json())
    }

    pub(super) fn concept(&mut self, member: &'static Member, value: &Value) -> Option<Value> {
        if value.get("text").is_some() {
            self.taken.count(member.path, "text");
        }
        let codings = value.get("coding").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let codings: Vec<Value> = codings.iter().filter_map(|coding| self.coding(coding, member.path)).collect();
        let mut left = Map::new();
        if let Some(reason) = absent(value) {
            left.insert("extension".to_owned(), json!([reason]));
        }
        if !codings.is_empty() {
            left.insert("coding".to_owned(), Value::Array(codings));
        }
        if left.is_empty() {
            return self.gone(member, "nothing-coded");
        }
        Some(Value::Object(left))
    }

    pub(super) fn quantity_by(&mut self, member: &'static Member, rule: Rule, value: &Value) -> Option<Value> {
        let aged = self.by.calendar.aged;
        let left = self.quantity(member, value)?;
        let years = in_years(&left);
        let old = years.is_some_and(|years| years >= f64::from(GROUPED));
        let unclear = years.is_none() && left.get("value").is_some();
        match rule {
            Rule::Age if aged || old || unclear => self.gone(member, "age-over-89"),
            Rule::RelativeAge if unclear => self.gone(member, "age-over-89"),
            Rule::RelativeAge if old => {
                self.taken.count(member.path, "age-grouped");
                Some(json!({"value": GROUPED, "comparator": ">=", "unit": "a", "system": UCUM, "code": "a"}))
            }
            Rule::Answer if aged && (!self.question_known || years.is_some()) => self.gone(member, "age-over-89"),
            // A number of years beside a year gives the year of birth.
            Rule::Measured if aged && years.is_some() && questions::is_years(&left) => self.gone(member, "age-over-89"),
            _ => Some(left),
        }
    }

    fn quantity(&mut self, member: &'static Member, value: &Value) -> Option<Value> {
        let Some(map) = value.as_object() else { return self.gone(member, "type") };
        let mut left = Map::new();
        if let Some(number) = map.get("value") {
            left.insert("value".to_owned(), self.number(member, number)?);
        }
        if let Some(comparator) = map.get("comparator").and_then(Value::as_str) {
            // It changes what the number means.
            if !["<", "<=", ">=", ">"].contains(&comparator) {
                return self.gone(member, "code-unknown");
            }
            left.insert("comparator".to_owned(), Value::String(comparator.to_owned()));
        }
        let text = |name: &str| map.get(name).and_then(Value::as_str);
        let unit = match (text("system"), text("code"), text("unit")) {
            (Some(system), Some(code), _) => Public::of(system, code),
            (_, _, Some(unit)) => {
                let code = NAMES.iter().find(|(name, _)| *name == unit).map_or(unit, |(_, code)| *code);
                Public::of(UCUM, code)
            }
            _ => None,
        };
        let said = ["unit", "code"].into_iter().any(|name| map.contains_key(name));
        match unit {
            Some(unit) => {
                if !unit.listed {
                    self.open(&unit.code, member.path);
                }
                let name = unit.display.map_or_else(|| unit.code.clone(), str::to_owned);
                left.insert("unit".to_owned(), Value::String(name));
                left.insert("system".to_owned(), Value::String(unit.system.to_owned()));
                left.insert("code".to_owned(), Value::String(unit.code));
            }
            // A number without its unit would say something else.
            None if said => return self.gone(member, "unit"),
            None => {}
        }
        if left.is_empty()
            && let Some(reason) = absent(value)
        {
            left.insert("extension".to_owned(), json!([reason]));
        }
        if left.is_empty() { self.gone(member, "type") } else { Some(Value::Object(left)) }
    }

    /// A range of ages of a relative: over 89 is grouped.
    pub(super) fn relative_range(&mut self, member: &'static Member, mut range: Value) -> Option<Value> {
        let grouped = json!({"value": GROUPED, "unit": "a", "system": UCUM, "code": "a"});
        if !questions::is_range(member.key) {
            return Some(range);
        }
        let over =
            |end: Option<&Value>| end.is_some_and(|end| in_years(end).is_none_or(|years| years >= f64::from(GROUPED)));
        let (low, high) = (over(range.get("low")), over(range.get("high")));
        let map = range.as_object_mut()?;
        if high || low {
            map.remove("high");
            self.taken.count(member.path, "age-grouped");
        }
        if low {
            map.insert("low".to_owned(), grouped);
        }
        (!map.is_empty()).then_some(range)
    }

    pub(super) fn text(
        &mut self,
        member: &'static Member,
        rule: Rule,
        value: &Value,
        around: &Map<String, Value>,
    ) -> Option<Value> {
        let Some(text) = value.as_str() else { return self.gone(member, "type") };
        let left = match rule {
            Rule::State => place::state(text).map(str::to_owned),
            Rule::Country => place::country(text).map(str::to_owned),
            Rule::Zip => place::zip(around.get("country"), text),
            Rule::Samples => samples(text).then(|| text.to_owned()),
            Rule::Uid => Some(self.fresh()),
            Rule::Link => Some(questions::link(text).map_or_else(|| self.fresh(), str::to_owned)),
            Rule::Definition => questions::definition(text),
            _ => None,
        };
        let by = match rule {
            Rule::State | Rule::Country => "place",
            Rule::Zip => "zip-to-three-digits",
            Rule::Uid | Rule::Link => "id-renamed",
            _ => "text",
        };
        if left.as_deref() != Some(text) {
            self.taken.count(member.path, by);
        }
        if let (Some(left), Rule::Samples | Rule::Definition) = (&left, rule) {
            self.open(left, member.path);
        }
        left.map(Value::String)
    }

    /// A new id inside the resource, from its seed and its place in the order.
    fn fresh(&mut self) -> String {
        self.renamed += 1;
        self.by.pseudonym(&[b"inner", self.seed, &self.renamed.to_be_bytes()])
    }
}

/// How many years a quantity of time is; `None`: it is none, or of what unit it is is not said.
fn in_years(quantity: &Value) -> Option<f64> {
    let value: f64 = quantity.get("value")?.as_number()?.to_string().parse().ok()?;
    let code = quantity.get("code")?.as_str()?;
    YEARS.iter().find(|(unit, _)| *unit == code).map(|(_, per_year)| value / per_year)
}

/// `SampledData.data`: decimals, and letters for error, below and above the limits.
fn samples(text: &str) -> bool {
    text.split(' ').all(|sample| {
        ["E", "L", "U"].contains(&sample)
            || !sample.is_empty() && sample.len() <= 8 && sample.parse::<f64>().is_ok_and(f64::is_finite)
    })
}
