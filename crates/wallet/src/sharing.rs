//! Sharing at one glance: what waits, who can see something, what they did with it.

use std::collections::BTreeMap;

use audit::{Action, Entry};
use authz::{Approved, Permission, Request, Step, Where, WhyEnded};
use consent::Grant;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use types::GrantId;

use crate::clients::client_view;
use crate::consider::reasons;
use crate::contacts::contact_view;
use crate::error::{InputError, WalletError};
use crate::grants::{counted, sentences};
use crate::mandates::answer_code;
use crate::open::Open;
use crate::served::heard;
use crate::share::since;
use crate::views::{ElsewhereView, EraseView, ShareDetail, ShareView, SharingView, UseView, WeekCount};
use crate::{Wallet, now, requests};

/// Uses that are shown one by one.
const USES: u32 = 100;
/// Uses that are counted by week.
const COUNTED: u32 = 5_000;
/// Weeks that are counted.
const WEEKS: i64 = 12;

impl Wallet {
    /// Everything about sharing, of the person shown.
    pub async fn sharing(&self) -> Result<SharingView, WalletError> {
        let service = self.service();
        self.with(move |open| {
            let names = open.source_names()?;
            let (waiting, contacts) = open.look(|step| {
                let mut waiting: Vec<&Request> =
                    step.ledger.requests.iter().filter(|request| request.is_open(step.now)).collect();
                waiting.sort_by_key(|request| request.made);
                let waiting = waiting.into_iter().map(|request| requests::view(step, request, &names)).collect();
                (waiting, step.ledger.contacts.iter().map(contact_view).collect())
            })?;
            let person = open.current.to_string();
            let (now, mut ended): (Vec<_>, Vec<_>) = open
                .shares()?
                .into_iter()
                .filter(|share| share.person == person)
                .partition(|share| share.ended.is_none());
            ended.sort_by(|one, other| other.ended.cmp(&one.ended));
            Ok(SharingView { service, waiting, now, ended, contacts })
        })
        .await
    }

    /// All grants of all people, newest first.
    pub async fn grants(&self) -> Result<Vec<ShareView>, WalletError> {
        self.with(Open::shares).await
    }

    /// One of them in full, with its view as it is now.
    pub async fn grant(&self, id: &str) -> Result<ShareDetail, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let (row, client, shown) = wallet.with_now(|open| {
                let found = open.look(|step| {
                    let row = step.ledger.grants.find(id.as_str())?.clone();
                    let client = row.client.as_ref().map(|client| client_view(step, client));
                    Some((row, client))
                })?;
                let (row, client) = found.ok_or(InputError::UnknownId)?;
                Ok((row, client, open.shown.clone()))
            })?;
            let at = now();
            let (mut types, mut why, mut came) = (Vec::new(), Vec::new(), None);
            if row.holds(at) && !row.grant.what.permits.is_empty() {
                let ground = wallet.ground(&shown, &row.person)?;
                let key = wallet.with_now(|open| Ok(open.view_key(&row.grant)))?;
                let (view, _) = heard(&ground.record, row.grant.clone(), at, &key)?;
                let counts = view.counts();
                (types, why) = (counted(&counts), reasons(&counts));
                came = since(&row.grant, &ground.record, view.held(), row.approved);
            }
            wallet.with_now(|open| {
                let page = open.vault.audit_of_grant(&id, 0, COUNTED)?;
                let uses: Vec<&Entry> = page.entries.iter().filter(|entry| is_use(entry)).collect();
                Ok(ShareDetail {
                    share: open.share_view(&id)?,
                    types,
                    reasons: why,
                    since: came,
                    weeks: weeks(&uses, at),
                    uses: uses.iter().take(USES as usize).map(|entry| use_view(entry)).collect(),
                    client,
                    grant: row.grant.to_json(),
                })
            })
        })
        .await
    }
}

impl Open {
    /// All grants, newest first.
    pub(crate) fn shares(&mut self) -> Result<Vec<ShareView>, WalletError> {
        let names = self.source_names()?;
        let all = self.look(|step| {
            let mut all: Vec<&Approved> = step.ledger.grants.iter().collect();
            all.sort_by_key(|row| std::cmp::Reverse(row.approved));
            all.into_iter().map(|row| (share(step, row, &names), row.counted)).collect::<Vec<_>>()
        })?;
        all.into_iter().map(|(share, counted)| self.with_uses(share, counted)).collect()
    }

    /// One of them.
    pub(crate) fn share_view(&mut self, id: &GrantId) -> Result<ShareView, WalletError> {
        let names = self.source_names()?;
        let found = self.look(|step| {
            let row = step.ledger.grants.find(id.as_str())?;
            Some((share(step, row, &names), row.counted))
        })?;
        let (share, counted) = found.ok_or(InputError::UnknownId)?;
        self.with_uses(share, counted)
    }

    /// With what the trail alone tells: when it was last used, and uses behind the entry that its count goes to.
    fn with_uses(&self, share: ShareView, counted: Option<u64>) -> Result<ShareView, WalletError> {
        let id: GrantId = share.id.parse().map_err(|_| InputError::UnknownId)?;
        let fresh = counted.map_or(Ok(0), |counted| self.vault.uses_since(&id, counted))?;
        let last_used = self.vault.last_answer(&id)?.map(|at| at.to_string());
        Ok(ShareView { uses: share.uses.saturating_add(fresh), last_used, ..share })
    }
}

/// A grant as the owner sees it, without what the trail alone tells.
pub(crate) fn share(step: &Step<'_>, row: &Approved, names: &dyn Fn(&str) -> Option<String>) -> ShareView {
    let Approved { grant, person, permissions, approved, uses, ended, contact, request, erase, .. } = row;
    // One whose time is over has ended, whether that was written down yet or not.
    let over = grant.term.end.filter(|end| *end <= step.now);
    let ended_at = ended.map(|ended| ended.at).or(over);
    let why = ended.map(|ended| ended.why).or(over.map(|_| WhyEnded::Time));
    ShareView {
        id: grant.id.to_string(),
        name: grant.who.name.clone(),
        mandate_for: contact.as_ref().filter(|_| request.is_none()).map(ToString::to_string),
        person: person.to_string(),
        summary: sentences(grant, names),
        elsewhere: elsewhere(step, permissions),
        approved: approved.to_string(),
        until: grant.term.end.map(|at| at.to_string()),
        uses: *uses,
        uses_at_most: grant.term.uses,
        last_used: None,
        ended: ended_at.map(|at| at.to_string()),
        why_ended: why.map(|why| why_code(why).to_owned()),
        compared: is_compared(step, grant),
        erase: erase.map(|erase| EraseView {
            asked: erase.asked.to_string(),
            answer: erase.answer.map(|(answer, _)| answer_code(answer).to_owned()),
            answered: erase.answer.map(|(_, at)| at.to_string()),
        }),
    }
}

/// Whether a grant is for a contact whose code the owner compared.
fn is_compared(step: &Step<'_>, grant: &Grant) -> bool {
    let proof = authz::proof_text(&grant.who.proof);
    step.ledger.contacts.iter().any(|contact| contact.compared.is_some() && contact.proofs == [&*proof])
}

/// Resources of other resource servers, as those call them.
pub(crate) fn elsewhere(step: &Step<'_>, permissions: &[Permission]) -> Vec<ElsewhereView> {
    let view = |permission: &Permission| {
        let Where::At(server) = &permission.at else { return None };
        let resource = step.ledger.resources.find(&permission.resource);
        Some(ElsewhereView {
            name: resource.and_then(|resource| resource.name.clone()).unwrap_or_else(|| permission.resource.clone()),
            server: client_view(step, server).name,
            scopes: permission.scopes.clone(),
        })
    };
    permissions.iter().filter_map(view).collect()
}

/// Whether an entry is a request of the other side.
pub(crate) fn is_use(entry: &Entry) -> bool {
    matches!(entry.action, Action::Answered | Action::Denied | Action::Offered)
}

/// A request of the other side, and what became of it.
pub(crate) fn use_view(entry: &Entry) -> UseView {
    let access = entry.access.as_deref();
    let text = |part: Option<&String>| part.cloned().unwrap_or_default();
    let (method, target) = (text(access.and_then(|a| a.method.as_ref())), text(access.and_then(|a| a.target.as_ref())));
    let kind = target.split(['/', '?']).next().filter(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()));
    UseView {
        seq: u32::try_from(entry.seq).unwrap_or(u32::MAX),
        at: entry.at.to_string(),
        resource_type: kind.map(str::to_owned),
        asked: format!("{method} {target}"),
        released: access.map_or(0, |access| u32::try_from(access.released.len()).unwrap_or(u32::MAX)),
        status: access.and_then(|access| access.status).unwrap_or_default(),
    }
}

fn why_code(why: WhyEnded) -> &'static str {
    match why {
        WhyEnded::Owner => "owner",
        WhyEnded::Time => "time",
        WhyEnded::Uses => "uses",
        WhyEnded::Replaced => "replaced",
        WhyEnded::Reuse => "reuse",
        WhyEnded::Client => "client",
    }
}

fn weeks(uses: &[&Entry], at: Timestamp) -> Vec<WeekCount> {
    let zone = TimeZone::system();
    let this = monday(at.to_zoned(zone.clone()).date());
    let mut counts: BTreeMap<Date, u32> = (0..WEEKS)
        .filter_map(|back| this.checked_sub(jiff::Span::new().weeks(back)).ok())
        .map(|monday| (monday, 0))
        .collect();
    for entry in uses {
        if let Some(count) = counts.get_mut(&monday(entry.at.to_zoned(zone.clone()).date())) {
            *count = count.saturating_add(1);
        }
    }
    counts.into_iter().map(|(monday, count)| WeekCount { monday: monday.to_string(), count }).collect()
}

fn monday(date: Date) -> Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(jiff::Span::new().days(back)).unwrap_or(date)
}
