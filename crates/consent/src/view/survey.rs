//! A record read for the owner who narrows a grant step by step: what no grant can change of it is found once, and each
//! grant is then judged by that. Judge, walk and solution are those of the view; what is left out is only to write down
//! what each resource would say.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use serde_json::Value;
use types::{Actions, Context, GrantId};

use super::around::Surroundings;
use super::entry::Entry;
use super::facts::{Account, Drugs, Facts, Judge, Links, Questions, Tree};
use super::form::Forms;
use super::make::Maker;
use super::many;
use super::names::{Name, Names, key};
use super::referrers::Referrers;
use super::rows::{Row, Rows};
use super::solve::solve;
use super::told;
use super::words::{self, Heard, Spoken};
use super::workings::Workings;
use crate::scan::as_found;
use crate::{Chosen, Counts, DateRange, Grant, GrantError, Item, Permit, Record, Report, Rules, Selector, TextScan};

/// A record that grants can be tried on.
pub struct Survey<'r> {
    rules: &'r Rules,
    /// Patients and zone; the resources are in the workings.
    person: Arc<Record>,
    workings: Workings,
    referrers: Referrers,
    rows: Rows,
    /// By name: the text of the current version.
    texts: Vec<Option<Arc<str>>>,
    /// By name: what is known of each version.
    accounts: Vec<Vec<Account<'r>>>,
    /// By name: strings of the current version that name drugs.
    heard: Vec<Vec<Heard>>,
    /// What those were looked for by.
    words: BTreeSet<Box<str>>,
    forms: Forms,
    questions: Questions,
}

/// What became of the record under a grant that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveyed {
    /// The grant, with the names of the drugs that it hides.
    pub grant: Grant,
    /// How much of the record is on each side.
    pub counts: Counts,
}

impl<'r> Survey<'r> {
    /// Reads a record.
    pub fn new(record: &Record, rules: &'r Rules, now: Timestamp) -> Self {
        let person = Record { patients: record.patients.clone(), zone: record.zone.clone(), items: Vec::new() };
        let mut survey = Self {
            rules,
            person: Arc::new(person),
            workings: Workings::default(),
            referrers: Referrers::default(),
            rows: Rows::default(),
            texts: Vec::new(),
            accounts: Vec::new(),
            heard: Vec::new(),
            words: BTreeSet::new(),
            forms: Forms::default(),
            questions: Questions::default(),
        };
        survey.read(record, now);
        survey.referrers = Referrers::of(&survey.workings.entries);
        survey.rows = Rows::of(&survey.workings.entries);
        let entries = &survey.workings.entries;
        let current = |entry: &Option<Entry>| Some(Arc::clone(&entry.as_ref()?.current()?.json));
        survey.texts = entries.iter().map(current).collect();
        let words = survey.drugs();
        survey.hear(words);
        // Most of it stands as it is under any grant: that is found out once, too.
        _ = survey.under(Grant::everything(GrantId::from_random([0; 16])), now);
        survey
    }

    /// What would become of the record under a grant; `None` for one that de-identifies, whose view must be made to be
    /// known.
    ///
    /// # Errors
    /// [`GrantError`] where the grant cannot hold the names of the drugs that it hides.
    pub fn under(&mut self, grant: Grant, now: Timestamp) -> Result<Option<Surveyed>, GrantError> {
        if grant.deidentified.is_some() {
            return Ok(None);
        }
        if !grant.term.holds(now) {
            return Ok(Some(Surveyed { grant: grant.with_words([])?, counts: Counts::default() }));
        }
        let grant = self.judge(grant, now)?;
        Ok(Some(Surveyed { counts: told::counts(&self.workings, &[], Some(&self.rows)), grant }))
    }

    /// What became of the record under the last grant that was tried.
    pub fn report(&self) -> Report {
        told::report(&self.workings, &[])
    }

    fn read(&mut self, record: &Record, now: Timestamp) {
        let asked = everything_asked();
        let judge = Judge::new(record, &asked, self.rules, now);
        let surroundings = Surroundings::of_record(record);
        let chosen = self.rules.choose(self.rules.topics().iter().map(|topic| &topic.id));
        let Self { rules, workings, accounts, forms, .. } = self;
        let rules = *rules;
        let read = many::pieces(&record.items, |first, items| {
            let mut part = Part::default();
            for item in (first..).zip(items) {
                part.read(item, (rules, chosen), &judge, &surroundings);
            }
            part
        });
        for part in read {
            let (names, blanks) = (workings.names.take_in(part.names), forms.take_in(part.forms));
            for (name, mut entry, all) in part.entries {
                for known in &mut entry.versions {
                    known.facts.links.renumber(&names);
                    known.form.iter_mut().for_each(|form| form.renumber(&names, &blanks));
                }
                let name = names.get(name.at()).copied().unwrap_or(name);
                workings.put(name, Some(entry));
                if accounts.len() <= name.at() {
                    accounts.resize_with(name.at() + 1, Vec::new);
                }
                if let Some(slot) = accounts.get_mut(name.at()) {
                    *slot = all;
                }
            }
        }
        let names = workings.names.len();
        workings.entries.resize(names, None);
        accounts.resize_with(names, Vec::new);
    }

    /// Every name of a drug in the record.
    fn drugs(&self) -> BTreeSet<Box<str>> {
        let all = self.accounts.iter().flatten().filter_map(Account::drugs);
        all.flat_map(|drugs| drugs.0.to_vec()).collect()
    }

    /// Looks for these words too.
    fn hear(&mut self, words: BTreeSet<Box<str>>) {
        self.words.extend(words);
        let scan = TextScan::new(&self.words);
        let heard = |text: &Option<Arc<str>>| text.as_ref().map(|text| words::heard(text, &scan)).unwrap_or_default();
        let heard = many::pieces(&self.texts, |_, texts| texts.iter().map(heard).collect::<Vec<_>>());
        self.heard = heard.into_iter().flatten().collect();
    }

    fn judge(&mut self, grant: Grant, now: Timestamp) -> Result<Grant, GrantError> {
        let person = Arc::clone(&self.person);
        let questions = std::mem::take(&mut self.questions);
        let mut judge = Judge::new(&person, &grant, self.rules, now);
        judge.questions = questions;
        let told = self.judge_by(&judge);
        self.questions = judge.questions;
        told
    }

    fn judge_by(&mut self, judge: &Judge<'_>) -> Result<Grant, GrantError> {
        let surroundings = Surroundings::of_texts(&self.workings.names, &self.texts, &self.referrers);
        let names = &self.workings.names;
        let judged = (&mut self.workings.entries, &mut self.accounts, &mut self.rows.all).into_par_iter().enumerate();
        let hidden: Vec<Drugs> = judged
            .with_min_len(many::PIECE)
            .flat_map_iter(|(at, (slot, accounts, row))| {
                let judged = |entry| judge_again(names.key_at(at), entry, accounts, row, judge, &surroundings);
                slot.as_mut().map(judged).unwrap_or_default()
            })
            .collect();
        let hidden: HashSet<&str> = hidden.iter().flat_map(|drugs| drugs.0.iter()).map(|word| &**word).collect();
        let told = judge.grant.clone().with_words(hidden)?;
        let more: BTreeSet<Box<str>> = told.words.iter().filter(|word| !self.words.contains(*word)).cloned().collect();
        if judge.by_topic && !more.is_empty() {
            self.hear(more);
        }
        self.listen(&told, judge);
        let Workings { names, entries, solution, .. } = &mut self.workings;
        let maker =
            Maker { judge, person: Vec::new(), deidentifier: None, seeds: &[], day: None, forms: Some(&self.forms) };
        *solution = solve(entries, names, &maker, &mut self.rows, Some(&self.referrers));
        Ok(told)
    }

    /// Looks for the words of the grant in all that may stand.
    fn listen(&mut self, grant: &Grant, judge: &Judge<'_>) {
        let wanted: HashSet<String> = match judge.by_topic {
            true => grant.words.iter().filter_map(|word| as_found(word)).collect(),
            false => HashSet::new(),
        };
        let wanted = |word: &str| wanted.contains(word);
        let Workings { names, entries, .. } = &mut self.workings;
        let listened = (entries, &self.heard, &mut self.rows.all).into_par_iter().enumerate();
        listened.with_min_len(many::PIECE).filter(|(_, (_, heard, _))| !heard.is_empty()).for_each(|(at, one)| {
            let (slot, heard, row) = one;
            let Some(known) = slot.as_mut().and_then(|entry| entry.versions.last_mut()) else { return };
            let spoken = match known.may_stand() {
                true => words::spoken(names.key_at(at), known, heard, &wanted, judge),
                false => Spoken::default(),
            };
            if spoken != known.spoken {
                known.made.clear();
                known.spoken = spoken;
                row.plain = false;
            }
        });
    }
}

/// What was read of a part of the record, by the numbers of that part.
#[derive(Default)]
struct Part<'r> {
    names: Names,
    forms: Forms,
    entries: Vec<(Name, Entry, Vec<Account<'r>>)>,
}

impl<'r> Part<'r> {
    fn read(
        &mut self,
        (place, item): (usize, &Item),
        (rules, chosen): (&'r Rules, Chosen),
        judge: &Judge<'_>,
        surroundings: &Surroundings<'_>,
    ) {
        let Self { names, forms, entries } = self;
        let key = key(&item.resource_type, &item.id);
        let mut entry = Entry::of((place, item));
        let mut all = Vec::with_capacity(entry.versions.len());
        for known in &mut entry.versions {
            let Ok(value) = serde_json::from_str::<Value>(&known.json) else {
                all.push(Account::unread());
                continue;
            };
            let tree = Tree::read(&known.json, value);
            let account = surroundings.ask(|around| Account::of(&key, &known.json, &tree, rules, chosen, around));
            // Asked once by a grant that asks for everything, it knows what any other may ask.
            surroundings.ask(|around| judge.judge_by(&key, &entry.source, &tree, &account, around));
            account.know_the_rest(rules, &tree);
            known.facts.links = Links::of(tree.value(), &judge.own, |key| Some(names.number(key)));
            known.form = forms.form(tree.value(), &judge.own, |key| names.number(key));
            all.push(account);
        }
        entries.push((names.number(&key), entry, all));
    }
}

/// Judges a resource that has been read by another grant; gives the names of the drugs in what is hidden of it.
fn judge_again(
    key: &str,
    entry: &mut Entry,
    accounts: &[Account<'_>],
    row: &mut Row,
    judge: &Judge<'_>,
    surroundings: &Surroundings<'_>,
) -> Vec<Drugs> {
    let mut hidden = Vec::new();
    for (known, account) in entry.versions.iter_mut().zip(accounts) {
        let tree = Tree::of(&known.json);
        let mut facts = match account.is_read() {
            true => surroundings.ask(|around| judge.judge_by(key, &entry.source, &tree, account, around)),
            false => Facts::new(),
        };
        facts.links = std::mem::take(&mut known.facts.links);
        if !facts.asks_the_same(&known.facts) {
            known.made.clear();
            row.plain = false;
        }
        row.plain &= facts.review.is_empty();
        hidden.extend(facts.drugs.iter().cloned());
        known.facts = facts;
        known.with_visit = None;
    }
    if let Some(known) = entry.versions.last() {
        row.judged(&entry.of, known);
    }
    hidden
}

/// A grant that asks whatever a grant can ask of the whole of a resource: whose, when, and about what.
fn everything_asked() -> Grant {
    let all =
        Selector { dates: Some(DateRange { from: Some(jiff::civil::Date::MIN), to: None }), ..Selector::default() };
    let mut grant = Grant::everything(GrantId::from_random([0; 16]));
    grant.what.permits = vec![Permit { context: Context::Patient, actions: Actions::READ, select: all }];
    let topics = Rules::builtin().iter().flat_map(|rules| rules.topics().to_vec()).map(|topic| topic.id).collect();
    grant.what.exclusions = vec![Selector { topics, ..Selector::default() }];
    grant
}
