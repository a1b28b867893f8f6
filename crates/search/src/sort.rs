//! The order of an answer: by the keys asked for, then by type and id. Nothing else can order it, so that an engine made
//! anew answers byte for byte the same.

use std::collections::BTreeMap;

use crate::bits::Bits;
use crate::controls::SortKey;
use crate::engine::Engine;
use crate::index::{Body, Column};
use crate::page::{Mark, Position};
use crate::store::Store;

/// A resource that does not state what is sorted by comes last, in both directions.
const MISSING: u64 = u64::MAX;

/// Matches in order, as many as fit on a page.
pub(crate) struct Ordered {
    /// Documents.
    pub(crate) page: Vec<u32>,
    /// Where the next page begins: behind the last document, with its values under the keys.
    pub(crate) next: Option<Vec<Mark>>,
}

/// One key of the sort, for the documents of one answer.
struct Scale<'a> {
    descending: bool,
    /// By the place of the document among those of the answer. Lesser is earlier, also where the order is turned round.
    values: Vec<u64>,
    words: Words<'a>,
}

/// What the values of a scale stand for.
enum Words<'a> {
    /// Themselves.
    Numbers,
    /// Texts, in order.
    Texts(Vec<&'a str>),
    /// Ids of one type, which the store keeps in order.
    Ids { store: &'a Store, kind: &'a str, documents: &'a [u32] },
}

impl Engine {
    /// The first `count` of these behind the position.
    pub(crate) fn ordered(&self, found: &Bits, sort: &[SortKey], after: Option<&Position>, count: usize) -> Ordered {
        let documents: Vec<u32> = found.iter().collect();
        let kinds = self.kinds_of(&documents);
        let scales: Vec<Scale<'_>> = sort.iter().map(|key| self.scale(&documents, &kinds, key)).collect();
        let ranks = self.store.ranks();
        let document = |at: usize| documents.get(at).copied().unwrap_or(u32::MAX);
        let rank = |at: usize| ranks.get(document(at) as usize).copied().unwrap_or(u32::MAX);
        let mut rows: Vec<u32> = (0..documents.len() as u32).collect();
        if let Some(position) = after {
            let from: Vec<u64> = scales.iter().zip(&position.marks).map(|(scale, mark)| scale.of_mark(mark)).collect();
            let behind = self.store.rank_after(&position.kind, &position.id);
            rows.retain(|at| {
                let own = scales.iter().map(|scale| scale.value(*at as usize));
                own.cmp(from.iter().copied()).then_with(|| rank(*at as usize).cmp(&behind)).is_ge()
            });
        }
        let compare = |a: &u32, b: &u32| {
            let (a, b) = (*a as usize, *b as usize);
            let by_keys = scales.iter().map(|scale| scale.value(a).cmp(&scale.value(b))).find(|order| order.is_ne());
            by_keys.unwrap_or_else(|| rank(a).cmp(&rank(b)))
        };
        let more = rows.len() > count;
        if more && count > 0 {
            rows.select_nth_unstable_by(count - 1, compare);
        }
        rows.truncate(count);
        rows.sort_unstable_by(compare);
        let last = rows.last().filter(|_| more);
        let next = last.map(|at| scales.iter().map(|scale| scale.mark(*at as usize)).collect());
        Ordered { page: rows.iter().map(|at| document(*at as usize)).collect(), next }
    }

    /// The types of documents; all of them when there are several.
    fn kinds_of(&self, documents: &[u32]) -> Vec<&str> {
        let first = documents.first().and_then(|number| self.store.document(*number));
        let alone = first.and_then(|document| self.store.shelves.get_key_value(&document.held.resource_type));
        match alone {
            Some((kind, shelf)) if documents.iter().all(|number| shelf.live.contains(*number)) => vec![kind],
            _ => self.store.shelves.keys().map(AsRef::as_ref).collect(),
        }
    }

    fn scale<'a>(&'a self, documents: &'a [u32], kinds: &[&'a str], key: &SortKey) -> Scale<'a> {
        if let (true, [kind]) = (key.code == "_id", kinds) {
            return self.by_id(documents, kind, key.descending);
        }
        let mut slots = vec![MISSING; self.store.room()];
        let mut put = |number: u32, value: u64| {
            if let Some(slot) = slots.get_mut(number as usize) {
                *slot = (*slot).min(turned(value, key.descending));
            }
        };
        let mut texts: Option<BTreeMap<&str, Vec<u32>>> = None;
        if key.code == "_id" {
            texts = Some(self.ids(documents));
        }
        for column in kinds.iter().filter_map(|kind| self.index.column(kind, &key.code)) {
            match &column.body {
                Body::Dates(ranges) | Body::Numbers(ranges) => {
                    ranges.rows().for_each(|(number, range)| put(number, range.low));
                }
                Body::Quantities(all) => all.written().rows().for_each(|(number, range)| put(number, range.low)),
                _ => self.texts(column, texts.get_or_insert_default()),
            }
        }
        for (place, numbers) in (0_u64..).zip(texts.iter().flat_map(BTreeMap::values)) {
            numbers.iter().for_each(|number| put(*number, place * 2 + 1));
        }
        let value = |number: &u32| slots.get(*number as usize).copied().unwrap_or(MISSING);
        let values = documents.iter().map(value).collect();
        let words = texts.map_or(Words::Numbers, |texts| Words::Texts(texts.into_keys().collect()));
        Scale { descending: key.descending, values, words }
    }

    /// The order that the store keeps anyway.
    fn by_id<'a>(&'a self, documents: &'a [u32], kind: &'a str, descending: bool) -> Scale<'a> {
        let ranks = self.store.ranks();
        let rank = |number: &u32| ranks.get(*number as usize).copied().unwrap_or(u32::MAX);
        let values = documents.iter().map(|number| turned(u64::from(rank(number)) * 2 + 1, descending)).collect();
        Scale { descending, values, words: Words::Ids { store: &self.store, kind, documents } }
    }

    fn ids(&self, documents: &[u32]) -> BTreeMap<&str, Vec<u32>> {
        let mut all: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for number in documents {
            if let Some(document) = self.store.document(*number) {
                all.entry(&document.held.id).or_default().push(*number);
            }
        }
        all
    }

    /// The texts of a column with their documents.
    fn texts<'a>(&'a self, column: &'a Column, all: &mut BTreeMap<&'a str, Vec<u32>>) {
        let mut add = |(text, numbers): (&'a str, &[u32])| all.entry(text).or_default().extend(numbers);
        match &column.body {
            Body::Strings(texts) => texts.in_order().for_each(add),
            Body::Uris(uris) => uris.in_order().for_each(add),
            Body::Tokens(tokens) => tokens.codes(&self.index.shared.symbols).for_each(add),
            Body::References(references) => {
                let targets = &self.index.shared.targets;
                references.targets().for_each(|(target, numbers)| add((targets.text(target), numbers)));
            }
            _ => {}
        }
    }
}

impl Scale<'_> {
    fn value(&self, at: usize) -> u64 {
        self.values.get(at).copied().unwrap_or(MISSING)
    }

    fn mark(&self, at: usize) -> Mark {
        match (self.value(at), &self.words) {
            (MISSING, _) => Mark::Missing,
            (value, Words::Numbers) => Mark::Number(turned(value, self.descending)),
            (_, Words::Ids { store, documents, .. }) => {
                let document = documents.get(at).and_then(|number| store.document(*number));
                document.map_or(Mark::Missing, |document| Mark::Text(document.held.id.to_string()))
            }
            (value, Words::Texts(texts)) => {
                let place = turned(value, self.descending) / 2;
                let text = usize::try_from(place).ok().and_then(|place| texts.get(place));
                text.map_or(Mark::Missing, |text| Mark::Text((*text).to_owned()))
            }
        }
    }

    /// A mark of yesterday in the order of today.
    fn of_mark(&self, mark: &Mark) -> u64 {
        match (mark, &self.words) {
            (Mark::Number(value), Words::Numbers) => turned(*value, self.descending),
            (Mark::Text(id), Words::Ids { store, kind, .. }) => {
                let place = match store.number(kind, id) {
                    Some(number) => u64::from(store.rank(number)) * 2 + 1,
                    None => u64::from(store.rank_after(kind, id)) * 2,
                };
                turned(place, self.descending)
            }
            (Mark::Text(text), Words::Texts(texts)) => {
                // Between two places where the text itself is gone.
                let place = texts.partition_point(|known| *known < text.as_str());
                let same = texts.get(place).is_some_and(|known| known == text);
                turned(place as u64 * 2 + u64::from(same), self.descending)
            }
            _ => MISSING,
        }
    }
}

/// Turned twice it is what it was. Keeps clear of what stands for "missing".
fn turned(value: u64, descending: bool) -> u64 {
    let value = value.min(MISSING - 1);
    if descending { MISSING - 1 - value } else { value }
}
