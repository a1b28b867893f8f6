use std::mem::size_of;

use fhir::Span;
use fhir::criteria::Prefix;
use fhir::parameters::Interval;

use crate::bits::Bits;

/// From `low` to `high`, both included, in an order-keeping reading of dates or numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) low: u64,
    pub(crate) high: u64,
}

/// An instant, as a number in the same order.
pub(crate) fn of_instant(at: i64) -> u64 {
    (at as u64) ^ (1 << 63)
}

/// A number, as an integer in the same order.
pub(crate) fn of_number(number: f64) -> u64 {
    // Zero has two signs and one meaning.
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

#[derive(Debug, Clone, Copy)]
struct Row {
    document: u32,
    range: Range,
}

/// What is asked of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It lies inside this one (`eq`).
    Inside(Range),
    /// Some of it lies in this one (`ap`).
    Meets(Range),
    /// Some of it is higher than this (`gt`), or as high (`ge`, with the number before).
    EndsFrom(u64),
    /// Some of it is lower (`lt`, `le`).
    BeginsTo(u64),
    /// All of it is as high (`sa`).
    BeginsFrom(u64),
    /// All of it is as low (`eb`).
    EndsTo(u64),
}

impl Asked {
    /// What a prefix asks of dates (FHIR R4 search, "Prefixes"): one of these must hold.
    pub(crate) fn of_date(prefix: Prefix, wanted: Span) -> Vec<Self> {
        let (first, past) = (of_instant(wanted.start), of_instant(wanted.end));
        let whole = Range { low: first, high: past.saturating_sub(1) };
        match prefix {
            Prefix::GreaterOrEqual => vec![Self::EndsFrom(whole.low)],
            Prefix::LessOrEqual => vec![Self::BeginsTo(whole.high)],
            _ => Self::of(prefix, whole, Some(past), first.checked_sub(1)),
        }
    }

    /// What a prefix asks of numbers.
    pub(crate) fn of_number(prefix: Prefix, wanted: Interval) -> Vec<Self> {
        let whole = Range { low: of_number(wanted.low), high: of_number(wanted.high) };
        if prefix == Prefix::GreaterOrEqual {
            return vec![Self::EndsFrom(whole.high)];
        }
        if prefix == Prefix::LessOrEqual {
            return vec![Self::BeginsTo(whole.low)];
        }
        Self::of(prefix, whole, whole.high.checked_add(1), whole.low.checked_sub(1))
    }

    /// `above` and `below` are next to the range; none where nothing lies there.
    fn of(prefix: Prefix, whole: Range, above: Option<u64>, below: Option<u64>) -> Vec<Self> {
        let parts = match prefix {
            Prefix::Equal => [Some(Self::Inside(whole)), None],
            Prefix::NotEqual => [above.map(Self::EndsFrom), below.map(Self::BeginsTo)],
            Prefix::Greater => [above.map(Self::EndsFrom), None],
            Prefix::Less => [below.map(Self::BeginsTo), None],
            Prefix::GreaterOrEqual => [above.map(Self::EndsFrom), Some(Self::Inside(whole))],
            Prefix::LessOrEqual => [below.map(Self::BeginsTo), Some(Self::Inside(whole))],
            Prefix::StartsAfter => [above.map(Self::BeginsFrom), None],
            Prefix::EndsBefore => [below.map(Self::EndsTo), None],
            Prefix::About => [Some(Self::Meets(whole)), None],
        };
        parts.into_iter().flatten().collect()
    }

    fn holds(self, range: Range) -> bool {
        match self {
            Self::Inside(of) => of.low <= range.low && range.high <= of.high,
            Self::Meets(with) => with.low <= range.high && range.low <= with.high,
            Self::EndsFrom(low) => range.high >= low,
            Self::BeginsTo(high) => range.low <= high,
            Self::BeginsFrom(low) => range.low >= low,
            Self::EndsTo(high) => range.high <= high,
        }
    }
}

/// Ranges of documents, found by either end. The newest rows are looked through one by one until there are enough of
/// them to be sorted in.
#[derive(Debug, Default)]
pub(crate) struct Ranges {
    /// In the order of documents.
    rows: Vec<Row>,
    by_low: Vec<u32>,
    by_high: Vec<u32>,
}

/// Rows that may stand unsorted beside sorted ones.
const FEW: usize = 256;

impl Ranges {
    pub(crate) fn push(&mut self, document: u32, range: Range) {
        self.rows.push(Row { document, range });
        if self.rows.len() - self.by_low.len() > FEW.max(self.by_low.len() / 4) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        let new = self.by_low.len() as u32..self.rows.len() as u32;
        self.by_low.extend(new.clone());
        self.by_high.extend(new);
        let rows = &self.rows;
        let range = |at: &u32| rows.get(*at as usize).map_or(Range { low: 0, high: 0 }, |row| row.range);
        // The old part is one ascending run already, which a stable sort makes use of.
        self.by_low.sort_by_key(|at| range(at).low);
        self.by_high.sort_by_key(|at| range(at).high);
    }

    /// Adds to `found` the documents with a row of which this holds. `of_row` may say no by the row's number.
    pub(crate) fn find(&self, asked: Asked, found: &mut Bits, of_row: impl Fn(u32) -> bool) {
        let row = |at: &u32| self.rows.get(*at as usize).copied();
        let low = |at: &u32| row(at).map_or(0, |row| row.range.low);
        let high = |at: &u32| row(at).map_or(0, |row| row.range.high);
        let from_low = |bound: u64| self.by_low.partition_point(|at| low(at) < bound);
        let past_low = |bound: u64| self.by_low.partition_point(|at| low(at) <= bound);
        let from_high = |bound: u64| self.by_high.partition_point(|at| high(at) < bound);
        let past_high = |bound: u64| self.by_high.partition_point(|at| high(at) <= bound);
        let sorted = match asked {
            Asked::Inside(range) | Asked::Meets(range) => {
                // The shorter of two ways that each hold all hits.
                let (low_from, high_to) = match asked {
                    Asked::Inside(_) => (from_low(range.low), past_high(range.high)),
                    _ => (0, self.by_high.len()),
                };
                let (low_to, high_from) = (past_low(range.high), from_high(range.low));
                let by_low = self.by_low.get(low_from..low_to.max(low_from));
                let by_high = self.by_high.get(high_from..high_to.max(high_from));
                if low_to.saturating_sub(low_from) <= high_to.saturating_sub(high_from) { by_low } else { by_high }
            }
            Asked::EndsFrom(bound) => self.by_high.get(from_high(bound)..),
            Asked::EndsTo(bound) => self.by_high.get(..past_high(bound)),
            Asked::BeginsTo(bound) => self.by_low.get(..past_low(bound)),
            Asked::BeginsFrom(bound) => self.by_low.get(from_low(bound)..),
        };
        for at in sorted.unwrap_or_default() {
            if let Some(row) = row(at).filter(|row| asked.holds(row.range) && of_row(*at)) {
                found.insert(row.document);
            }
        }
        for (at, row) in (0_u32..).zip(&self.rows).skip(self.by_low.len()) {
            if asked.holds(row.range) && of_row(at) {
                found.insert(row.document);
            }
        }
    }

    /// Adds the documents with a row of which one of these holds.
    pub(crate) fn find_any(&self, asked: &[Asked], found: &mut Bits, of_row: impl Fn(u32) -> bool) {
        for one in asked {
            self.find(*one, found, &of_row);
        }
    }

    /// Each row, in the order of documents.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u32, Range)> {
        self.rows.iter().map(|row| (row.document, row.range))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Row>() + (self.by_low.capacity() + self.by_high.capacity()) * 4
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_instants_keep_their_order() {
        let numbers = [f64::NEG_INFINITY, -2.5, -0.1, 0.0, 0.1, 2.5, 1e300, f64::INFINITY];
        assert!(numbers.map(of_number).is_sorted());
        assert_eq!(of_number(-0.0), of_number(0.0));
        assert!([i64::MIN, -1, 0, 1, i64::MAX].map(of_instant).is_sorted());
    }

    fn asked() -> impl Strategy<Value = Asked> {
        let range = (0_u64..50, 0_u64..10).prop_map(|(low, wide)| Range { low, high: low + wide });
        prop_oneof![
            range.clone().prop_map(Asked::Inside),
            range.prop_map(Asked::Meets),
            (0_u64..60).prop_map(Asked::EndsFrom),
            (0_u64..60).prop_map(Asked::EndsTo),
            (0_u64..60).prop_map(Asked::BeginsFrom),
            (0_u64..60).prop_map(Asked::BeginsTo),
        ]
    }

    proptest! {
        #[test]
        fn ranges_are_found_as_by_looking_at_each(
            rows in proptest::collection::vec((0_u64..50, 0_u64..10), 0..700), asked in asked(),
        ) {
            let mut ranges = Ranges::default();
            let mut expected = Bits::default();
            for (document, (low, wide)) in (0..).zip(rows) {
                let range = Range { low, high: low + wide };
                ranges.push(document, range);
                if asked.holds(range) {
                    expected.insert(document);
                }
            }
            let mut found = Bits::default();
            ranges.find(asked, &mut found, |_| true);
            prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
        }
    }
}
