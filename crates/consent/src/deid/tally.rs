use std::collections::BTreeMap;

/// What was taken out: how often, from which element, by which rule. Holds names of FHIR and of our rules only; what a
/// source called an element that FHIR does not know is `?`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally(BTreeMap<(&'static str, &'static str), u32>);

/// One line of a [`Tally`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Path of the element, such as `Patient.name`.
    pub element: &'static str,
    /// Which rule, such as `date-to-year`.
    pub rule: &'static str,
    /// How often.
    pub count: u32,
}

impl Tally {
    /// All lines, by element and rule.
    pub fn lines(&self) -> impl Iterator<Item = Taken> + '_ {
        self.0.iter().map(|((element, rule), count)| Taken { element, rule, count: *count })
    }

    /// Adds what was taken out of another resource.
    pub fn add(&mut self, other: &Self) {
        for (line, count) in &other.0 {
            *self.0.entry(*line).or_default() += count;
        }
    }

    pub(super) fn count(&mut self, element: &'static str, rule: &'static str) {
        *self.0.entry((element, rule)).or_default() += 1;
    }
}
