//! Decisions before they are taken: what a grant would let out, narrowed step by step. The view that is counted is made
//! by the very grant that approving enforces, and the window hands that grant back as it was given.

use std::collections::BTreeMap;

use authz::{Decided, TokenFormat};
use consent::{
    Choice, Counts, DateRange, Decision, Grant, GrantError, Party, Permit, Reason, Selector, Sides, Surveyed, Term,
    What, WhyOut,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use types::{Actions, ContactId, Context, GrantId, PersonId, RequestId};

use crate::error::{InputError, WalletError};
use crate::grants::{counted, review_view, sentences, why_code};
use crate::open::Open;
use crate::requests::{Approval, Plan, Until, proof_of};
use crate::served::heard;
use crate::views::{Considered, Mandate, MandateStart, Narrowing, ReasonCount, ShareView, SourceSides, TextDecision};
use crate::{Wallet, now};

/// Texts to look at that are shown at once.
const MOST_TEXTS: usize = 100;
/// A mandate holds at most so many days.
const LONGEST_DAYS: i64 = 731;

impl Wallet {
    /// What approving a request would let out, narrowed by the owner.
    pub async fn consider(&self, id: &str, narrowing: Narrowing) -> Result<Considered, WalletError> {
        let id: RequestId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let minted = GrantId::from_random(crypto::random()?);
            let (decided, wider) = wallet.with_now(|open| {
                // The day that the owner chose is the end, and not the usual one where that is sooner.
                let until = if narrowing.until.is_some() { Until::Ended } else { Until::Usual };
                let plan = open.plan(&id, &minted, Approval { until, ..Approval::default() })?;
                let zone = TimeZone::system();
                let decided = plan.decided();
                let decided = Decided { grant: narrowed(decided.grant, &narrowing, &zone)?, ..decided };
                let wider = open.look(|step| step.is_wider(&id, &decided))?;
                Ok((decided, wider?))
            })?;
            wallet.considered(decided.grant, &decided.person, wider)
        })
        .await
    }

    /// What a mandate for a contact would let out of the record of the person shown.
    pub async fn mandate_consider(&self, contact: &str, mandate: Mandate) -> Result<Considered, WalletError> {
        let id: ContactId = contact.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let (grant, person) = wallet.with_now(|open| Ok((open.mandate(&id, &mandate)?, open.current.clone())))?;
            wallet.considered(grant, &person, false)
        })
        .await
    }

    /// Gives a contact the mandate that was considered: over the record of this person, `per_…`; `None`: of the person
    /// shown.
    pub async fn mandate_give(
        &self,
        contact: &str,
        grant: Vec<u8>,
        person: Option<String>,
    ) -> Result<ShareView, WalletError> {
        let id: ContactId = contact.parse().map_err(|_| InputError::UnknownId)?;
        let person = person.map(|id| id.parse::<PersonId>().map_err(|_| InputError::UnknownId)).transpose()?;
        let grant = Grant::parse(&grant)?;
        let wallet = self.clone();
        self.aside(move || {
            let (plan, shown) = wallet.with_now(|open| {
                let plan = Plan {
                    grant,
                    person: open.known_person(person)?,
                    contact: Some(id),
                    format: TokenFormat::Opaque,
                    scope: String::new(),
                    permissions: Vec::new(),
                };
                Ok((plan, open.shown.clone()))
            })?;
            let decided = wallet.looked_at(plan, &shown)?;
            shown.tried_enough();
            wallet.with_now(|open| {
                let made = open.decide(|doing| Ok(doing.step.grant_by_owner(decided, None)?))?;
                open.share_view(&made)
            })
        })
        .await
    }

    /// What a grant that holds would let out, narrowed. Blocks.
    pub(crate) fn narrower(
        &self,
        grant: Grant,
        person: &PersonId,
        narrowing: &Narrowing,
    ) -> Result<Considered, WalletError> {
        self.considered(narrowed(grant, narrowing, &TimeZone::system())?, person, false)
    }

    /// Looks at the view that a grant would have. The grant that comes back has the words that go from texts frozen.
    fn considered(&self, grant: Grant, person: &PersonId, wider: bool) -> Result<Considered, WalletError> {
        let shown = self.with_now(|open| Ok(open.shown.clone()))?;
        let ground = self.ground(&shown, person)?;
        let at = grant.term.start.map_or(now(), |start| start.max(now()));
        let Surveyed { grant, counts } =
            match shown.tried(person, &ground, at, |survey| survey.under(grant.clone(), at))?? {
                Some(told) => told,
                None => {
                    let key = self.with_now(|open| Ok(open.view_key(&grant)))?;
                    let (view, grant) = heard(&ground.record, grant, at, &key)?;
                    Surveyed { grant: grant.with_words(view.words())?, counts: view.counts() }
                }
            };
        let names = self.with_now(|open| open.source_names())?;
        Ok(Considered {
            summary: sentences(&grant, &names),
            grant: grant.to_json(),
            types: counted(&counts),
            reasons: reasons(&counts),
            sources: sources(&counts, &names),
            review: counts.review.iter().take(MOST_TEXTS).map(|review| review_view(review, &ground.items)).collect(),
            wider,
        })
    }
}

impl Open {
    /// The grant of a mandate: everything but some topics, or some topics alone.
    fn mandate(&mut self, contact: &ContactId, mandate: &Mandate) -> Result<Grant, WalletError> {
        let known = self.look(|step| step.ledger.contacts.find(contact.as_str()).cloned())?;
        let known = known.ok_or(InputError::UnknownId)?;
        let proof = known.proofs.iter().find_map(|proof| proof_of(proof)).ok_or(InputError::NotAProof)?;
        let end = end_of(&mandate.until, &TimeZone::system())?;
        let longest = now().checked_add(jiff::SignedDuration::from_hours(24 * LONGEST_DAYS)).unwrap_or(Timestamp::MAX);
        if end <= now() || end > longest {
            return Err(InputError::NotADate.into());
        }
        let topics: Vec<Box<str>> = mandate.topics.iter().map(|topic| topic.as_str().into()).collect();
        let of_topics = Selector { topics, ..Selector::default() };
        let permit = |select| Permit { context: Context::Patient, actions: Actions::READ, select };
        let what = match mandate.start {
            MandateStart::Except => What {
                permits: vec![permit(Selector::default())],
                exclusions: if of_topics.topics.is_empty() { Vec::new() } else { vec![of_topics] },
            },
            // No topic chosen: nothing is permitted, which is said so.
            MandateStart::Only if of_topics.topics.is_empty() => What::default(),
            MandateStart::Only => What { permits: vec![permit(of_topics)], exclusions: Vec::new() },
        };
        let grant = Grant {
            who: Party { name: known.name, proof },
            what,
            purposes: vec![mandate.purpose.as_str().into()],
            term: Term { start: None, end: Some(end), uses: None },
            ..Grant::everything(GrantId::from_random(crypto::random()?))
        };
        read_again(grant)
    }
}

/// Takes away what the owner said. Nothing here can give more: dates narrow permits, the rest are exclusions.
fn narrowed(mut grant: Grant, narrowing: &Narrowing, zone: &TimeZone) -> Result<Grant, WalletError> {
    let Narrowing { topics, types, sources, resources, from, to, until, decisions } = narrowing;
    let boxed = |texts: &[String]| texts.iter().map(|text| text.as_str().into()).collect::<Vec<Box<str>>>();
    let out = [
        Selector { topics: boxed(topics), ..Selector::default() },
        Selector { types: boxed(types), ..Selector::default() },
        Selector { sources: boxed(sources), ..Selector::default() },
        Selector { resources: boxed(resources), ..Selector::default() },
    ];
    grant.what.exclusions.extend(out.into_iter().filter(|select| *select != Selector::default()));
    let (from, to) = (day(from.as_deref())?, day(to.as_deref())?);
    if from.is_some() || to.is_some() {
        for permit in &mut grant.what.permits {
            let asked = permit.select.dates.unwrap_or(DateRange { from: None, to: None });
            let later = asked.from.max(from);
            let sooner = [asked.to, to].into_iter().flatten().min();
            permit.select.dates = Some(DateRange { from: later, to: sooner });
        }
    }
    if let Some(until) = until.as_deref() {
        let end = end_of(until, zone)?;
        grant.term.end = Some(grant.term.end.map_or(end, |asked| asked.min(end)));
    }
    for TextDecision { resource, place, choice } in decisions {
        let choice = match choice.as_str() {
            "keep" => Choice::Keep,
            "takeOut" => Choice::TakeOut,
            "leaveOut" => Choice::LeaveOut,
            _ => return Err(InputError::NotOffered.into()),
        };
        grant.decisions.push(Decision { resource: resource.as_str().into(), place: place.as_str().into(), choice });
    }
    read_again(grant)
}

/// Read again from its own writing, so that what cannot be meant is refused before it is shown.
fn read_again(grant: Grant) -> Result<Grant, WalletError> {
    let again: Result<Grant, GrantError> = Grant::parse(grant.to_json().as_bytes());
    Ok(again?)
}

fn day(text: Option<&str>) -> Result<Option<Date>, InputError> {
    text.map(|text| text.parse().map_err(|_| InputError::NotADate)).transpose()
}

/// The end of a day, where the owner is.
fn end_of(day: &str, zone: &TimeZone) -> Result<Timestamp, InputError> {
    let date: Date = day.parse().map_err(|_| InputError::NotADate)?;
    let next = date.tomorrow().map_err(|_| InputError::NotADate)?;
    Ok(next.to_zoned(zone.clone()).map_err(|_| InputError::NotADate)?.timestamp())
}

/// How much goes out and how much stays, by source.
fn sources(counts: &Counts, name_of: &dyn Fn(&str) -> Option<String>) -> Vec<SourceSides> {
    let view = |id: &str, sides: &Sides| SourceSides {
        id: id.to_owned(),
        name: name_of(id).unwrap_or_default(),
        out: sides.kept.saturating_add(sides.changed),
        stays: sides.left_out,
    };
    counts.sources.iter().map(|(id, sides)| view(id, sides)).collect()
}

/// Why what stays in stays in, by type.
pub(crate) fn reasons(counts: &Counts) -> Vec<ReasonCount> {
    let mut sums: BTreeMap<(&str, &'static str, Option<&str>), u32> = BTreeMap::new();
    for Reason { resource_type, why, count } in &counts.reasons {
        let topic = match why {
            WhyOut::Topic { topic, .. } => Some(&**topic),
            _ => None,
        };
        let sum = sums.entry((resource_type, why_code(why), topic)).or_default();
        *sum = sum.saturating_add(*count);
    }
    let row = |((resource_type, why, topic), count): ((&str, &str, Option<&str>), u32)| ReasonCount {
        resource_type: resource_type.to_owned(),
        why: why.to_owned(),
        topic: topic.map(str::to_owned),
        count,
    };
    sums.into_iter().map(row).collect()
}
