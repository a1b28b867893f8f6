//! What a version says of itself, whatever grant it is judged by: each thing is found when it is first asked for, and
//! known from then on.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::super::select;
use super::context::Seen;
use super::glance::Glance;
use super::nested::{self, Inner};
use crate::grant::is_plain;
use crate::{Around, Chosen, CodeFilter, Confidence, Hit, Label, Reach, Rules, Span, drug_words, labels_of};

/// One version as text, read when somebody asks for more than is known of it.
#[derive(Debug)]
pub(in super::super) struct Tree<'a> {
    written: Written<'a>,
    value: OnceCell<Value>,
}

#[derive(Debug)]
enum Written<'a> {
    Text(&'a str),
    /// A resource within another, at this place.
    Within(&'a Tree<'a>, &'a str),
}

/// What a version says of itself.
#[derive(Debug)]
pub(in super::super) struct Account<'r> {
    /// It is not what its name says.
    pub(super) stray: bool,
    read: bool,
    /// The rules that it meets: of the topics that were asked for when it was read.
    pub(super) hits: Vec<Hit<'r>>,
    pub(super) seen: Seen,
    pub(super) said: Said,
}

/// What is found when it is asked for.
#[derive(Debug)]
pub(in super::super) struct Said {
    pub(super) glance: Glance,
    labels: OnceCell<Vec<Label>>,
    coded: OnceCell<bool>,
    unknown: OnceCell<bool>,
    own: OnceCell<bool>,
    dated: OnceCell<Dated>,
    inner: OnceCell<Vec<Inner>>,
    documents: OnceCell<Vec<Box<str>>>,
    fact: OnceCell<Option<u64>>,
    /// Names of drugs, by the place they are found at.
    drugs: RefCell<Vec<(Box<str>, Drugs)>>,
    /// What is written, by place.
    quoted: RefCell<Vec<(Box<str>, Vec<String>)>>,
    /// What was asked of it by selectors, by the number of the question.
    answers: RefCell<Vec<(usize, Option<bool>)>>,
}

/// Words that tell of drugs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Drugs(pub(in super::super) Arc<[Box<str>]>);

/// When it was.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Dated {
    pub(in super::super) span: Option<Span>,
    /// Dated by a period: its ends are exact.
    pub(in super::super) period: bool,
    /// Another resource was looked for to tell.
    pub(in super::super) by_others: bool,
}

/// What selectors ask of the whole of a resource, each with a number: the answers are kept with what they are about.
#[derive(Debug, Default)]
pub(in super::super) struct Questions(RwLock<Vec<Question>>);

#[derive(Debug, PartialEq, Eq)]
enum Question {
    Codes(Vec<CodeFilter>),
    Query(String),
}

impl<'a> Tree<'a> {
    pub(in super::super) fn of(text: &'a str) -> Self {
        Self { written: Written::Text(text), value: OnceCell::new() }
    }

    /// A resource within another.
    pub(super) fn within(outer: &'a Tree<'a>, at: &'a str) -> Self {
        Self { written: Written::Within(outer, at), value: OnceCell::new() }
    }

    /// One that has been read.
    pub(in super::super) fn read(text: &'a str, value: Value) -> Self {
        Self { written: Written::Text(text), value: OnceCell::from(value) }
    }

    pub(in super::super) fn value(&self) -> &Value {
        self.value.get_or_init(|| match self.written {
            Written::Text(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            Written::Within(outer, at) => outer.value().pointer(at).cloned().unwrap_or(Value::Null),
        })
    }
}

impl<'r> Account<'r> {
    /// What a version of the resource `key` says of itself, and of these topics.
    pub(in super::super) fn of(
        key: &str,
        text: &str,
        tree: &Tree<'_>,
        rules: &'r Rules,
        chosen: Chosen,
        around: &Around<'_>,
    ) -> Self {
        let value = tree.value();
        let stray = value.get("resourceType").and_then(Value::as_str) != key.split('/').next();
        let seen = Seen::default();
        let hits = match stray {
            true => Vec::new(),
            false => seen.look(around, |around| rules.judge_for(chosen, value, around)),
        };
        Self { stray, read: true, hits, seen, said: Said::with(Glance::of(text)) }
    }

    /// Of a text that is no JSON.
    pub(in super::super) fn unread() -> Self {
        let said = Said::with(Glance::ANYTHING);
        Self { stray: true, read: false, hits: Vec::new(), seen: Seen::default(), said }
    }

    /// Whether there is anything that can be judged.
    pub(in super::super) fn is_read(&self) -> bool {
        self.read
    }

    /// Finds out what a judge may ask only of some.
    pub(in super::super) fn know_the_rest(&self, rules: &Rules, tree: &Tree<'_>) {
        if self.stray {
            return;
        }
        self.said.is_coded(tree);
        self.said.is_in_document(tree, "");
        self.said.drugs(rules, tree, "");
        for hit in &self.hits {
            if hit.confidence == Confidence::Hint {
                self.said.quoted(tree, &hit.place);
            }
            if let Reach::Element(place) = &hit.reach {
                self.said.drugs(rules, tree, place);
            }
        }
    }

    /// The names of all drugs in it, if they have been asked for.
    pub(in super::super) fn drugs(&self) -> Option<Drugs> {
        self.said.drugs.borrow().iter().find(|(place, _)| place.is_empty()).map(|(_, drugs)| drugs.clone())
    }
}

impl Said {
    pub(super) fn with(glance: Glance) -> Self {
        Self {
            glance,
            labels: OnceCell::new(),
            coded: OnceCell::new(),
            unknown: OnceCell::new(),
            own: OnceCell::new(),
            dated: OnceCell::new(),
            inner: OnceCell::new(),
            documents: OnceCell::new(),
            fact: OnceCell::new(),
            drugs: RefCell::default(),
            quoted: RefCell::default(),
            answers: RefCell::default(),
        }
    }

    /// The labels of its source.
    pub(super) fn labels(&self, tree: &Tree<'_>) -> &[Label] {
        self.labels.get_or_init(|| if self.glance.labels { labels_of(tree.value()) } else { Vec::new() })
    }

    /// Whether a code says what it is.
    pub(in super::super) fn is_coded(&self, tree: &Tree<'_>) -> bool {
        *self.coded.get_or_init(|| select::is_coded(tree.value()))
    }

    /// Nothing but extensions that nobody but their maker knows.
    pub(super) fn is_unknown(&self, tree: &Tree<'_>) -> bool {
        *self.unknown.get_or_init(|| nested::is_unknown(tree.value()))
    }

    /// Whether it is of the person, as `find` finds it.
    pub(in super::super) fn is_own(&self, find: impl FnOnce() -> bool) -> bool {
        *self.own.get_or_init(find)
    }

    /// When it was, in this zone; what is around it may say so.
    pub(in super::super) fn dated(&self, tree: &Tree<'_>, around: &Around<'_>, zone: &jiff::tz::TimeZone) -> Dated {
        *self.dated.get_or_init(|| {
            let value = tree.value();
            let looked = Cell::new(false);
            let resolve = |reference: &str| {
                looked.set(true);
                (around.resolve)(reference)
            };
            let referred_by = |key: &str| {
                looked.set(true);
                (around.referred_by)(key)
            };
            let span = crate::span_of(value, &Around { resolve: &resolve, referred_by: &referred_by }, zone);
            let told = span.map_or("", |span| span.told_by);
            let period = told.to_ascii_lowercase().ends_with("period") || value.get(format!("{told}Period")).is_some();
            Dated { span, period, by_others: looked.get() }
        })
    }

    /// Resources within it.
    pub(super) fn inner(&self, tree: &Tree<'_>) -> &[Inner] {
        self.inner.get_or_init(|| if self.glance.inner { nested::inner_of(tree.value()) } else { Vec::new() })
    }

    /// Whether a place is an attachment, or in one.
    pub(super) fn is_in_document(&self, tree: &Tree<'_>, place: &str) -> bool {
        let documents =
            self.documents.get_or_init(|| if self.glance.files { nested::documents(tree.value()) } else { Vec::new() });
        let inside = |one: &str| place.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        documents.iter().any(|one| inside(one))
    }

    /// Type, first code and day as one number.
    pub(super) fn fact(&self, of: &str, tree: &Tree<'_>) -> Option<u64> {
        *self.fact.get_or_init(|| nested::fact(of, tree.value()))
    }

    /// The names of the drugs at a place; a word that no grant can hold is none that anybody reads.
    pub(super) fn drugs(&self, rules: &Rules, tree: &Tree<'_>, place: &str) -> Drugs {
        if let Some((_, known)) = self.drugs.borrow().iter().find(|(at, _)| **at == *place) {
            return known.clone();
        }
        let words = tree.value().pointer(place).map(|there| drug_words(rules, there)).unwrap_or_default();
        let found = Drugs(words.into_iter().filter(|word| is_plain(word)).map(Box::from).collect());
        self.drugs.borrow_mut().push((place.into(), found.clone()));
        found
    }

    /// What is written at a place, for the owner to read.
    pub(super) fn quoted(&self, tree: &Tree<'_>, place: &str) -> Vec<String> {
        if let Some((_, known)) = self.quoted.borrow().iter().find(|(at, _)| **at == *place) {
            return known.clone();
        }
        let found = nested::said(tree.value(), place);
        self.quoted.borrow_mut().push((place.into(), found.clone()));
        found
    }

    /// The answer to the question with this number, as `find` finds it.
    fn answer(&self, number: usize, find: impl FnOnce() -> Option<bool>) -> Option<bool> {
        if let Some((_, known)) = self.answers.borrow().iter().find(|(at, _)| *at == number) {
            return *known;
        }
        let found = find();
        self.answers.borrow_mut().push((number, found));
        found
    }
}

impl Questions {
    /// Whether it has one of these codes.
    pub(in super::super) fn has_code(&self, said: &Said, codes: &[CodeFilter], find: impl FnOnce() -> bool) -> bool {
        let number = self.number(
            |known| matches!(known, Question::Codes(all) if *all == *codes),
            || Question::Codes(codes.to_vec()),
        );
        said.answer(number, || Some(find())) == Some(true)
    }

    /// Whether it answers a query; `None` where that cannot be said.
    pub(in super::super) fn answers(
        &self,
        said: &Said,
        query: &str,
        find: impl FnOnce() -> Option<bool>,
    ) -> Option<bool> {
        // What is near to now is not so tomorrow; the prefix may be written with escapes.
        if query.contains("ap") || query.contains(['%', '\\']) {
            return find();
        }
        let number = self.number(
            |known| matches!(known, Question::Query(text) if *text == *query),
            || Question::Query(query.to_owned()),
        );
        said.answer(number, find)
    }

    fn number(&self, is_it: impl Fn(&Question) -> bool, new: impl FnOnce() -> Question) -> usize {
        if let Some(at) = self.0.read().unwrap_or_else(PoisonError::into_inner).iter().position(&is_it) {
            return at;
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have asked it just now.
        all.iter().position(is_it).unwrap_or_else(|| {
            all.push(new());
            all.len() - 1
        })
    }
}
