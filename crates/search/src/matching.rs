//! Which documents are what a criterion asks for. Each answer is a set; sets are joined along references.

use std::cell::Cell;

use fhir::criteria::{Asked, Condition, Criterion, Wanted, WantedReference, WantedUri, With};
use fhir::parameters::{Parameter, SearchValue, Setting, resource_types};

use crate::bits::Bits;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::filter;
use crate::index::{self, Body, NOWHERE};
use crate::limits;
use crate::store::Shelf;

/// What one request, with all entries of a batch, may still cost: about a nanosecond each. Reckoned from what is in the
/// view alone, so that a refusal tells of nothing else.
pub(crate) struct Budget {
    left: Cell<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Cell::new(limits::WORK) }
    }
}

impl Budget {
    pub(crate) fn spend(&self, documents: usize, each: u64) -> Result<(), Refusal> {
        let work = (documents as u64).saturating_mul(each).saturating_add(STEP);
        let left = self.left.get().checked_sub(work).ok_or(RequestError::Cost)?;
        self.left.set(left);
        Ok(())
    }
}

/// What each step costs at least.
const STEP: u64 = 5_000;
/// What it costs to read a resource and look at it.
const LOOK: u64 = 10_000;
/// What it costs to follow the references of a resource.
const FOLLOW: u64 = 10;

/// What a value costs for each resource of the type.
fn price(wanted: &Wanted) -> u64 {
    match wanted {
        Wanted::String(words) | Wanted::Words(words) if words.with == With::Somewhere => 60,
        Wanted::Uri(WantedUri::Above(_)) => 20,
        Wanted::Token(token) | Wanted::Identifier(token) if token.code.is_none() => 20,
        Wanted::Date { .. } | Wanted::Number(_) | Wanted::Quantity { .. } => 5,
        Wanted::Composite(parts) => 10 + parts.iter().map(price).sum::<u64>(),
        _ => 1,
    }
}

impl Engine {
    /// The documents of a type for which all criteria hold.
    pub(crate) fn matching(
        &self,
        kind: &str,
        criteria: &[Criterion],
        setting: &Setting,
        budget: &Budget,
    ) -> Result<Bits, Refusal> {
        let Some(shelf) = self.store.shelves.get(kind) else { return Ok(Bits::default()) };
        let mut found = shelf.live.clone();
        for criterion in criteria {
            found.keep(&self.one(kind, shelf, criterion, setting, budget)?);
            if found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// May hold documents that went; what is live masks them.
    fn one(
        &self,
        kind: &str,
        shelf: &Shelf,
        criterion: &Criterion,
        setting: &Setting,
        budget: &Budget,
    ) -> Result<Bits, Refusal> {
        match criterion {
            Criterion::Own(asked) => self.own(kind, shelf, asked, setting, budget),
            Criterion::Chain { by, any } => {
                let mut inner = Bits::default();
                budget.spend(shelf.live.len(), FOLLOW)?;
                for (target, criterion) in any {
                    inner.add(&self.matching(target, std::slice::from_ref(criterion), setting, budget)?);
                }
                Ok(self.referring(kind, by.code(), &inner))
            }
            Criterion::Has { resource_type, by, asked } => {
                let others = self.store.shelves.get(*resource_type).map_or(0, |shelf| shelf.live.len());
                budget.spend(others, FOLLOW)?;
                let inner = self.matching(resource_type, std::slice::from_ref(asked.as_ref()), setting, budget)?;
                Ok(self.referred(resource_type, by.code(), &inner))
            }
            Criterion::Narrative(text) => self.words(&self.index.narrative, text, budget),
            Criterion::Content(text) => self.words(&self.index.content, text, budget),
            Criterion::Filter(text) => self.filtered(kind, &filter::compile(kind, text, setting)?, setting, budget),
        }
    }

    fn words(&self, words: &index::Words, text: &str, budget: &Budget) -> Result<Bits, Refusal> {
        let mut found = self.room();
        for part in text.split(',') {
            // One letter begins many words.
            let wanted = part.split_whitespace().count();
            budget.spend(self.store.count().saturating_mul(wanted), 20)?;
            words.find(part, &mut found);
        }
        Ok(found)
    }

    fn room(&self) -> Bits {
        Bits::with_room(self.store.room())
    }

    /// The documents of a type that refer to one of these.
    pub(crate) fn referring(&self, kind: &str, code: &str, to: &Bits) -> Bits {
        let mut found = self.room();
        let Some(Body::References(references)) = self.index.column(kind, code).map(|column| &column.body) else {
            return found;
        };
        // Few targets are looked up one by one; many are cheaper met on a walk through all references.
        if to.len() * 16 < references.rows().len() {
            for target in to.iter() {
                for document in references.to(self.index.target_of(target)) {
                    found.insert(*document);
                }
            }
        } else {
            for (document, target) in references.rows() {
                if to.contains(self.index.place(*target)) {
                    found.insert(*document);
                }
            }
        }
        found
    }

    /// The documents that one of these (of a type) refers to.
    pub(crate) fn referred(&self, kind: &str, code: &str, by: &Bits) -> Bits {
        let mut found = self.room();
        let Some(Body::References(references)) = self.index.column(kind, code).map(|column| &column.body) else {
            return found;
        };
        let mut take = |target: u32| {
            let place = self.index.place(target);
            if place != NOWHERE {
                found.insert(place);
            }
        };
        if by.len() * 16 < references.rows().len() {
            by.iter().flat_map(|document| references.of(document)).for_each(take);
        } else {
            for (document, target) in references.rows() {
                if by.contains(*document) {
                    take(*target);
                }
            }
        }
        found
    }

    fn own(
        &self,
        kind: &str,
        shelf: &Shelf,
        asked: &Asked,
        setting: &Setting,
        budget: &Budget,
    ) -> Result<Bits, Refusal> {
        let column = self.index.column(kind, asked.parameter.code());
        let present = || match column {
            Some(_) if asked.parameter.code() == "_id" => shelf.live.clone(),
            Some(column) => column.present.clone(),
            None => Bits::default(),
        };
        let mut any = self.room();
        let held = shelf.live.len();
        for wanted in asked.condition.wanted() {
            budget.spend(held, price(wanted))?;
            match (wanted, column.map(|column| &column.body)) {
                (Wanted::Id(id), _) => shelf.number(id).into_iter().for_each(|number| any.insert(number)),
                (wanted, Some(body)) if self.find(body, wanted, &mut any) == Answer::Look => {
                    let mut near = present();
                    near.keep(&shelf.live);
                    self.look(&near, asked.parameter, setting, budget, &mut any, |value| wanted.is(value))?;
                }
                _ => {}
            }
        }
        Ok(match asked.condition {
            Condition::AnyOf(_) => any,
            Condition::Present => present(),
            Condition::NoneOf(_) => without(shelf, &any),
            Condition::Missing => without(shelf, &present()),
        })
    }

    /// Adds what the column holds of what is wanted.
    fn find(&self, body: &Body, wanted: &Wanted, found: &mut Bits) -> Answer {
        let symbols = &self.index.shared.symbols;
        match (wanted, body) {
            (Wanted::Token(token), Body::Tokens(tokens)) => tokens.find(token, symbols, found),
            (Wanted::Words(words), Body::Tokens(tokens)) => tokens.texts.find(words, found),
            (Wanted::OfType { system, code, value }, Body::Tokens(tokens)) => {
                tokens.of_type(system, code, value, found);
            }
            (Wanted::Words(words), Body::References(references)) => references.texts.find(words, found),
            (Wanted::Identifier(token), Body::References(references)) => {
                references.identifiers.find(token, symbols, found);
            }
            (Wanted::Reference(wanted), Body::References(references)) => {
                return self.find_targets(references, wanted, found);
            }
            (Wanted::String(words), Body::Strings(texts)) => texts.find(words, found),
            (Wanted::Date { prefix, span, .. }, Body::Dates(ranges)) => {
                ranges.find_any(&index::Asked::of_date(*prefix, *span), found, |_| true);
            }
            (Wanted::Number(number), Body::Numbers(ranges)) => {
                ranges.find_any(&index::Asked::of_number(number.prefix, number.range), found, |_| true);
            }
            (Wanted::Quantity { number, unit }, Body::Quantities(all)) => all.find(number, unit, symbols, found),
            (Wanted::Uri(uri), Body::Uris(uris)) => uris.find(uri, found),
            (Wanted::Composite(parts), Body::Composite(composite)) if parts.len() == composite.parts.len() => {
                let mut rows = composite.rows();
                for (wanted, body) in parts.iter().zip(&composite.parts) {
                    let mut these = Bits::default();
                    if self.find(body, wanted, &mut these) == Answer::Look {
                        return Answer::Look;
                    }
                    rows.keep(&these);
                }
                composite.documents_of(&rows, found);
            }
            _ => return Answer::Look,
        }
        Answer::Whole
    }

    fn find_targets(&self, references: &index::References, wanted: &WantedReference, found: &mut Bits) -> Answer {
        let mut add = |name: &str| {
            let target = self.index.shared.targets.find(name);
            for document in target.map_or(&[][..], |target| references.to(target)) {
                found.insert(*document);
            }
        };
        match wanted {
            WantedReference::Local { version: Some(_), .. } | WantedReference::Url { version: Some(_), .. } => {
                return Answer::Look;
            }
            WantedReference::Local { resource_type: Some(kind), id, .. } => add(&format!("{kind}/{id}")),
            WantedReference::Local { resource_type: None, id, .. } => {
                resource_types().for_each(|kind| add(&format!("{kind}/{id}")));
            }
            WantedReference::Url { url, .. } => add(url),
        }
        Answer::Whole
    }

    /// Reads the resources themselves, for what no column answers.
    pub(crate) fn look(
        &self,
        near: &Bits,
        by: &Parameter,
        setting: &Setting,
        budget: &Budget,
        found: &mut Bits,
        is: impl Fn(&SearchValue<'_>) -> bool,
    ) -> Result<(), Refusal> {
        budget.spend(near.len(), LOOK)?;
        for number in near.iter() {
            let Some(resource) = self.store.document(number).and_then(|document| document.value()) else { continue };
            by.each(&resource, setting, |value| {
                if is(&value) {
                    found.insert(number);
                }
            });
        }
        Ok(())
    }
}

/// Whether a column could answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Whole,
    /// The resources themselves have to be looked at.
    Look,
}

fn without(shelf: &Shelf, found: &Bits) -> Bits {
    let mut rest = shelf.live.clone();
    rest.take_away(found);
    rest
}
