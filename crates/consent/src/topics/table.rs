//! From a code to the rules that name it, by hash.

use std::collections::HashMap;

use super::code::{self, Known};
use super::rule::Written;

/// All codes of all rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    exact: HashMap<Known, HashMap<Box<str>, Vec<usize>>>,
    prefix: HashMap<Known, HashMap<Box<str>, Vec<usize>>>,
    ranges: Vec<Range>,
    any: HashMap<Known, Vec<usize>>,
}

/// Three-character categories, both ends in.
#[derive(Debug, Clone)]
struct Range {
    of: Known,
    from: Box<str>,
    to: Box<str>,
    self_harm: bool,
    rule: usize,
}

/// No prefix in use is longer.
const LONGEST_PREFIX: usize = 8;

impl Table {
    /// Takes in the codes of one rule of this system.
    pub(super) fn add(&mut self, of: Known, written: &Written, rule: usize) {
        for one in written.codes.iter().filter_map(|one| code::code(of, one)) {
            self.exact.entry(of).or_default().entry(one.as_ref().into()).or_default().push(rule);
        }
        for one in written.code_prefix.iter().filter_map(|one| code::code(of, one)) {
            self.prefix.entry(of).or_default().entry(one.as_ref().into()).or_default().push(rule);
        }
        if let Some(between) = &written.value_range {
            self.ranges.push(Range {
                of,
                from: between.from.clone(),
                to: between.to.clone(),
                self_harm: !written.equals.is_empty(),
                rule,
            });
        }
        if written.present == Some(true) {
            self.any.entry(of).or_default().push(rule);
        }
    }

    /// Calls `found` with each rule that names this code.
    pub(super) fn find(&self, of: Known, written: &str, mut found: impl FnMut(usize)) {
        for rule in self.any.get(&of).into_iter().flatten() {
            found(*rule);
        }
        let Some(code) = code::code(of, written) else { return };
        for rule in self.exact.get(&of).and_then(|codes| codes.get(&*code)).into_iter().flatten() {
            found(*rule);
        }
        if let Some(prefixes) = self.prefix.get(&of) {
            for end in 1..=code.len().min(LONGEST_PREFIX) {
                let start = code.get(..end).unwrap_or_default();
                for rule in prefixes.get(start).into_iter().flatten() {
                    found(*rule);
                }
            }
        }
        let Some(category) = code.get(..3) else { return };
        for range in self.ranges.iter().filter(|range| range.of == of) {
            let within = *range.from <= *category && *category <= *range.to;
            if within && (!range.self_harm || code::self_harm(&code)) {
                found(range.rule);
            }
        }
    }
}
