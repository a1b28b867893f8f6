//! Makes of a version what may stand in the view.

mod renamed;

use std::sync::Arc;

use fhir::Member;
use jiff::Timestamp;
use serde_json::Value;

use super::entry::{Known, Made, Standing, Stands};
use super::facts::{Facts, Judge, Links};
use super::form::{End, Formed, Forms};
use super::names::{Name, Names};
use super::shape::{self, Cut, Loss, Order, Outcome, Target};
use super::words;
use crate::{Deidentifier, Review, WhyOut};

/// Makes versions for one grant.
pub(super) struct Maker<'a> {
    pub(super) judge: &'a Judge<'a>,
    /// `Patient` resources of the person that the record has.
    pub(super) person: Vec<Name>,
    pub(super) deidentifier: Option<&'a Deidentifier>,
    /// What pseudonyms are made from, by name.
    pub(super) seeds: &'a [[u8; 16]],
    /// The instant that all resources of a de-identified view bear.
    pub(super) day: Option<Timestamp>,
    /// Where only what becomes of each is asked, and not what it says then.
    pub(super) forms: Option<&'a Forms>,
}

impl Maker<'_> {
    /// What stands at the ends of its references.
    pub(super) fn standing(
        &self,
        facts: &Facts,
        is_in: &dyn Fn(Name) -> bool,
        is_renamed: &dyn Fn(Name) -> bool,
    ) -> Standing {
        let to = || facts.links.to.iter().copied();
        Standing {
            out: to().filter(|name| !is_in(*name)).collect(),
            renamed: to().filter(|name| is_in(*name) && is_renamed(*name)).collect(),
            bare: facts.links.person.iter().copied().filter(|name| !is_in(*name) || is_renamed(*name)).collect(),
        }
    }

    pub(super) fn make(&self, seed: &[u8; 16], known: &Known, standing: &Standing, names: &Names) -> Made {
        let spoken = &known.spoken;
        let made = match self.formed(known, standing) {
            Some(formed) => formed,
            None => self.make_with(&spoken.cuts, seed, known, standing, names),
        };
        if spoken.review.is_empty() {
            return made;
        }
        // The owner is asked about what would be there otherwise.
        let as_written = Standing { renamed: Vec::new(), ..standing.clone() };
        let Made::Stands(without) = self.make_with(&[], seed, known, &as_written, names) else { return made };
        let review = spoken.review.iter().filter(|(_, said)| without.json.contains(&**said));
        let review: Vec<Review> = review.map(|(review, _)| review.clone()).collect();
        match made {
            Made::Gone(why) => Made::Silenced(why, review),
            Made::Stands(made) => Made::Stands(Arc::new(Stands { review, ..Stands::clone(&made) })),
            made => made,
        }
    }

    /// What becomes of it by its form; it bears the text that it had.
    fn formed(&self, known: &Known, standing: &Standing) -> Option<Made> {
        let (forms, form) = (self.forms?, known.form.as_ref()?);
        let (facts, spoken) = (&known.facts, &known.spoken.cuts);
        if spoken.iter().any(|cut| cut.place.is_empty()) {
            return Some(Made::Gone(self.why(words::RULE)));
        }
        if self.is_untouched(known, spoken, standing) {
            return Some(stands(Arc::clone(&known.json), None, Vec::new()));
        }
        let cuts = all_cuts(facts, spoken);
        let formed = forms.formed(form, facts, &cuts, |End { name, own }| match standing {
            Standing { bare, .. } if own && bare.binary_search(&name).is_ok() => Target::OwnBare,
            _ if own => Target::Own,
            Standing { renamed, .. } if renamed.binary_search(&name).is_ok() => Target::Renamed,
            Standing { out, .. } if out.binary_search(&name).is_ok() => Target::Out,
            _ => Target::Stands,
        });
        Some(match &*formed {
            Formed::Gone(loss) => Made::Gone(self.lost(loss)),
            Formed::Stands { changes, renamed, withheld, left } => Made::Stands(Arc::new(Stands {
                json: Arc::clone(&known.json),
                to: left.as_ref().map(|left| form.ends(left)),
                changes: Arc::clone(changes),
                renamed: *renamed,
                withheld: withheld.clone(),
                review: Vec::new(),
            })),
        })
    }

    /// Whether nothing of it need be looked at but what its `meta` says.
    fn is_untouched(&self, known: &Known, spoken: &[Cut], standing: &Standing) -> bool {
        self.deidentifier.is_none()
            && spoken.is_empty()
            && !known.facts.is_touched()
            && *standing == Standing::default()
    }

    fn lost(&self, loss: &Loss) -> WhyOut {
        match loss {
            Loss::Shell => WhyOut::EmptyShell,
            Loss::About => WhyOut::Spread,
            Loss::Rule(rule) => self.why(rule),
        }
    }

    /// Made as if the scan of texts had found only this.
    fn make_with(&self, spoken: &[Cut], seed: &[u8; 16], known: &Known, standing: &Standing, names: &Names) -> Made {
        let facts = &known.facts;
        if spoken.iter().any(|cut| cut.place.is_empty()) {
            return Made::Gone(self.why(words::RULE));
        }
        if self.is_untouched(known, spoken, standing) {
            return match self.tidied(&known.json) {
                Some(json) => stands(json, None, Vec::new()),
                None => Made::Gone(WhyOut::NotUnderstood),
            };
        }
        let Ok(value) = serde_json::from_str::<Value>(&known.json) else { return Made::Gone(WhyOut::NotUnderstood) };
        let cuts = all_cuts(facts, spoken);
        match self.shape(value, facts, &cuts, standing, names) {
            Outcome::Gone(loss) => Made::Gone(self.lost(&loss)),
            Outcome::Shaped(shaped) => match self.deidentifier {
                Some(by) => self.deidentified(by, seed, &shaped.json, standing, names),
                None if shaped.same => stands(Arc::clone(&known.json), None, Vec::new()),
                None => {
                    let to = Links::of(&shaped.json, &self.judge.own, |key| names.known(key)).to;
                    Made::Stands(Arc::new(Stands {
                        json: shaped.json.to_string().into(),
                        to: Some(to),
                        changes: shaped.changes.into(),
                        renamed: shaped.renamed,
                        withheld: shaped.withheld,
                        review: Vec::new(),
                    }))
                }
            },
        }
    }

    fn shape(&self, value: Value, facts: &Facts, cuts: &[Cut], standing: &Standing, names: &Names) -> Outcome {
        let target = |key: &str| {
            if self.judge.own.contains(key) {
                let bare = names.known(key).is_some_and(|name| standing.bare.binary_search(&name).is_ok());
                return if bare { Target::OwnBare } else { Target::Own };
            }
            let of = key.split('/').next().unwrap_or_default();
            if self.deidentifier.is_some() && !Deidentifier::keeps(of) {
                // De-identification takes such references out itself, whether or not they lead anywhere.
                return Target::Stands;
            }
            match names.known(key) {
                Some(name) if standing.renamed.binary_search(&name).is_ok() => Target::Renamed,
                Some(name) if standing.out.binary_search(&name).is_err() => Target::Stands,
                _ => Target::Out,
            }
        };
        shape::shape(
            value,
            &Order {
                cuts,
                elements: facts.elements.as_deref(),
                attachments: facts.attachments,
                kept: &facts.kept,
                labels: &self.judge.labels,
                target: &target,
            },
        )
    }

    /// A rule that took a part without which the rest cannot stand.
    fn why(&self, rule: &str) -> WhyOut {
        let topic = rule.rsplit_once('-').and_then(|(topic, _)| self.judge.rules.topic(topic));
        match (rule, topic) {
            (_, Some(topic)) => WhyOut::Topic { topic: topic.id.clone(), rule: rule.into() },
            ("text-scan", None) => WhyOut::Topic { topic: "medications".into(), rule: rule.into() },
            ("reference", None) => WhyOut::Spread,
            ("owner", None) => WhyOut::Owner,
            ("elements", None) => WhyOut::NotPermitted,
            _ => WhyOut::Excluded,
        }
    }

    /// The same text without what `meta` says of its source; nothing else is read.
    fn tidied(&self, json: &Arc<str>) -> Option<Arc<str>> {
        // A name that is written with escapes shows only when it is read.
        let escaped = json.contains("\\u");
        if !escaped && !json.contains("\"meta\"") {
            return Some(Arc::clone(json));
        }
        let all = fhir::members(json).filter(|_| !escaped);
        let is_meta = |one: &&Member<'_>| one.name == "meta";
        match all.as_deref() {
            Some(all) if all.iter().filter(is_meta).count() < 2 => match all.iter().position(|one| is_meta(&one)) {
                Some(at) => self.tidied_at(json, all, at),
                None => Some(Arc::clone(json)),
            },
            _ => self.reprinted(json),
        }
    }

    /// `at`: the place of `meta` among the members.
    fn tidied_at(&self, json: &Arc<str>, all: &[Member<'_>], at: usize) -> Option<Arc<str>> {
        let Member { start, from, to, .. } = *all.get(at)?;
        let said = json.get(from..to)?;
        if !shape::may_be_unclean(said) {
            return Some(Arc::clone(json));
        }
        let Ok(Value::Object(mut meta)) = serde_json::from_str(said) else { return Some(Arc::clone(json)) };
        if !shape::clean(&mut meta, &self.judge.labels, false) {
            return Some(Arc::clone(json));
        }
        let (from, to, left) = match meta.is_empty() {
            false => (from, to, serde_json::to_string(&meta).ok()?),
            // With the comma behind it, or the one before it.
            true => match (all.get(at + 1), at.checked_sub(1).and_then(|before| all.get(before))) {
                (Some(next), _) => (start, next.start, String::new()),
                (None, Some(before)) => (before.to, to, String::new()),
                (None, None) => (start, to, String::new()),
            },
        };
        Some([json.get(..from)?, &left, json.get(to..)?].concat().into())
    }

    /// The same for a text whose members cannot be told by their bytes.
    fn reprinted(&self, json: &Arc<str>) -> Option<Arc<str>> {
        let Ok(Value::Object(mut members)) = serde_json::from_str(json) else { return None };
        let Some(Value::Object(meta)) = members.get_mut("meta") else { return Some(Arc::clone(json)) };
        shape::clean(meta, &self.judge.labels, false);
        if meta.is_empty() {
            members.remove("meta");
        }
        serde_json::to_string(&members).ok().map(Arc::from)
    }
}

/// What goes in any case, and what goes for its words.
fn all_cuts(facts: &Facts, spoken: &[Cut]) -> Vec<Cut> {
    let mut cuts = [facts.cuts.as_slice(), spoken].concat();
    cuts.sort_unstable();
    cuts.dedup_by(|later, first| later.place == first.place);
    cuts
}

pub(super) fn stands(json: Arc<str>, to: Option<Vec<Name>>, changes: Vec<(Box<str>, Box<str>)>) -> Made {
    let changes = changes.into();
    Made::Stands(Arc::new(Stands { json, to, changes, renamed: false, withheld: Vec::new(), review: Vec::new() }))
}
