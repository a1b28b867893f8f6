//! Reading the trail.

use std::collections::BTreeMap;

use audit::{Action, Draft, Entry, Outcome};
use types::GrantId;

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::views::{ActivityEntry, ActivityOutcome, ActivityPage, TrailEntryView, TrailPageView, TrailState};

/// How the trail is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrailFormat {
    /// An entry a line, with all that its hash covers; the signed head last.
    Ndjson,
    /// FHIR R4.
    AuditEvent,
}

/// Most entries of one page.
const MAX_PAGE: u32 = 500;

impl Wallet {
    /// Entries about the person shown and about the vault as a whole, newest first.
    pub async fn activity(&self, offset: u32, limit: u32) -> Result<ActivityPage, WalletError> {
        self.with(move |open| {
            let page = open.vault.audit_page(&open.current, offset, limit.clamp(1, MAX_PAGE))?;
            let names = open.names()?;
            Ok(ActivityPage {
                total: page.total,
                entries: page.entries.into_iter().map(|entry| view(entry, &names)).collect(),
                trail: open.trail_state()?,
            })
        })
        .await
    }

    /// Entries with all they say, newest first: about the person shown and the vault as a whole, or about one grant.
    pub async fn trail(&self, share: Option<&str>, offset: u32, limit: u32) -> Result<TrailPageView, WalletError> {
        let share: Option<GrantId> = share.map(str::parse).transpose().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let limit = limit.clamp(1, MAX_PAGE);
            let page = match &share {
                Some(grant) => open.vault.audit_of_grant(grant, offset, limit)?,
                None => open.vault.audit_page(&open.current, offset, limit)?,
            };
            let mut names = open.names()?;
            names.extend(open.look(|step| {
                let clients = step.ledger.clients.iter().map(|row| (row.id.to_string(), row.name.clone()));
                let contacts = step.ledger.contacts.iter().map(|row| (row.id.to_string(), row.name.clone()));
                clients.chain(contacts).collect::<Vec<_>>()
            })?);
            let entries = page.entries.into_iter().map(|entry| whole(entry, &names)).collect();
            Ok(TrailPageView { total: page.total, entries })
        })
        .await
    }

    /// The whole trail as text: NDJSON with the signed head as its last line, or a FHIR Bundle of `AuditEvent`s.
    pub async fn export_trail(&self, format: TrailFormat) -> Result<String, WalletError> {
        self.with(move |open| {
            open.record(Draft::done(Action::TrailExported))?;
            let entries = open.vault.audit_entries()?;
            let text = match format {
                TrailFormat::Ndjson => {
                    let mut lines: Vec<String> = entries.iter().map(audit::line).collect();
                    if let (Some(signed), Some(key)) = (open.trail_head()?, open.trail_public()?) {
                        lines.push(audit::head_line(&signed, &key));
                    }
                    lines.join("\n") + "\n"
                }
                TrailFormat::AuditEvent => {
                    let entries: Vec<_> = entries
                        .iter()
                        .map(|entry| serde_json::json!({ "resource": audit::audit_event(entry) }))
                        .collect();
                    let bundle =
                        serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
                    format!("{bundle:#}\n")
                }
            };
            Ok(text)
        })
        .await
    }

    /// Checks the whole chain.
    pub async fn verify_trail(&self) -> Result<TrailState, WalletError> {
        self.with(|open| open.trail_state()).await
    }
}

impl Open {
    /// Names of what entries are about, by id.
    fn names(&self) -> Result<BTreeMap<String, String>, WalletError> {
        let mut names = BTreeMap::new();
        for connection in self.vault.connections(&self.current)? {
            names.insert(connection.id.into(), connection.name);
        }
        for did in self.vault.dids(&self.current)? {
            names.insert(did.id.into(), did.name);
        }
        for card in self.vault.cards(&self.current)? {
            names.insert(card.id.clone().into(), self.card_title(&card));
        }
        for person in self.vault.people()? {
            names.insert(person.id.into(), person.name);
        }
        Ok(names)
    }
}

fn whole(entry: Entry, names: &BTreeMap<String, String>) -> TrailEntryView {
    let access = entry.access.map(|access| *access).unwrap_or_default();
    let who = access.who.map(|who| who.to_string());
    TrailEntryView {
        seq: u32::try_from(entry.seq).unwrap_or(u32::MAX),
        at: entry.at.to_string(),
        action: entry.action.as_str().to_owned(),
        outcome: entry.outcome.as_str().to_owned(),
        name: who.as_ref().or(entry.subject.as_ref()).and_then(|id| names.get(id)).cloned(),
        who,
        share: access.grant.map(String::from),
        request: access.request.map(String::from),
        method: access.method,
        target: access.target,
        released: access.released,
        status: access.status,
        counts: entry.counts,
    }
}

fn view(entry: Entry, names: &BTreeMap<String, String>) -> ActivityEntry {
    let about = entry.subject.as_ref().and_then(|id| names.get(id)).cloned();
    let person_named = matches!(entry.action, Action::PersonAdded | Action::PersonRenamed);
    let of_person = entry.person.as_ref().filter(|_| person_named).and_then(|id| names.get(id.as_str())).cloned();
    ActivityEntry {
        seq: u32::try_from(entry.seq).unwrap_or(u32::MAX),
        at: entry.at.to_string(),
        action: entry.action.as_str().to_owned(),
        person: entry.person.map(String::from),
        about: about.or(of_person),
        counts: entry.counts,
        outcome: match entry.outcome {
            Outcome::Done => ActivityOutcome::Done,
            Outcome::Refused => ActivityOutcome::Refused,
            Outcome::Failed => ActivityOutcome::Failed,
        },
    }
}
