//! Exports for clients that act for themselves. What is remembered of one is what was asked and where its files begin;
//! lines are written from the view when they are fetched, as they stood when the export began. It goes with its grant,
//! with the lock, and after an hour.

use std::collections::BTreeMap;

use authz::{ClientKind, ErrorCode, OAuthError, Presented};
use consent::{Interaction, Need, Rights};
use jiff::{SignedDuration, Timestamp};
use search::{Among, Lines, Request};
use serde_json::Value;
use server::{Export, ExportFile, ExportOf, Exported, Manifest};
use types::{ClientId, GrantId};

use super::{Admitted, Leave, opens_nothing};
use crate::error::WalletError;
use crate::served::Served;
use crate::{Wallet, now};

/// Most lines of a file.
const LINES: usize = 2_000;
/// Most exports of one grant, and of all together, that are remembered.
const MAX_OF_GRANT: usize = 5;
const MAX: usize = 50;
/// How long one is.
const LIFE: SignedDuration = SignedDuration::from_hours(1);

/// The exports that can be fetched from, by their ids.
#[derive(Default)]
pub(crate) struct Exports(BTreeMap<String, Job>);

#[derive(Clone)]
struct Job {
    grant: GrantId,
    client: ClientId,
    of: ExportOf,
    since: Option<Timestamp>,
    manifest: Manifest,
    /// First id of each file, and of the file behind it.
    bounds: Vec<(String, Option<String>)>,
}

impl Exports {
    /// What this client has under this grant.
    fn find(&self, id: &str, of: (&GrantId, &ClientId)) -> Option<&Job> {
        self.0.get(id).filter(|job| (&job.grant, &job.client) == of && now() < job.manifest.until)
    }

    fn add(&mut self, id: &str, job: Job) -> bool {
        self.0.retain(|_, job| now() < job.manifest.until);
        let of_grant = self.0.values().filter(|known| known.grant == job.grant).count();
        let fits = of_grant < MAX_OF_GRANT && self.0.len() < MAX;
        if fits {
            self.0.insert(id.to_owned(), job);
        }
        fits
    }
}

/// What a step of an export comes to, and what the trail is told of it.
struct Done {
    exported: Exported,
    status: u16,
    released: Vec<String>,
}

impl Done {
    fn with(status: u16, exported: Exported) -> Self {
        Self { exported, status, released: Vec::new() }
    }
}

impl Wallet {
    /// Takes a step of an export. Blocks.
    pub(super) fn export_now(
        &self,
        presented: &Presented,
        export: Export,
    ) -> Result<Result<Exported, OAuthError>, WalletError> {
        let admitted = match self.with_now(|open| open.admit(presented))? {
            Ok(admitted) => admitted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (method, target) = asked(&export);
        let refusal = |why| OAuthError::new(ErrorCode::InsufficientScope, why);
        let Some(client) = self.backend(&admitted)? else {
            self.with_now(|open| open.tell(&admitted, (method, &target), 403, Vec::new()))?;
            return Ok(Err(refusal("an export is for clients that act for themselves")));
        };
        let slot = admitted.shown.slot(&admitted.row.grant.id);
        self.bring_up_to_date(&slot, &admitted)?;
        let view = slot.read();
        let Some(served) = view.as_ref() else { return Ok(Err(opens_nothing())) };
        let Some(done) = self.exported(served, (&admitted.row.grant.id, &client), export)? else {
            self.with_now(|open| open.tell(&admitted, (method, &target), 403, Vec::new()))?;
            return Ok(Err(refusal("what was granted does not reach that far")));
        };
        let Done { exported, status, released } = done;
        let leave = self.with_now(|open| open.tell(&admitted, (method, &target), status, released))?;
        drop(view);
        Ok(match leave {
            Leave::May => Ok(exported),
            Leave::MustNot => Err(opens_nothing()),
        })
    }

    /// The client, when it acts for itself and its token opens all of its grant.
    fn backend(&self, admitted: &Admitted) -> Result<Option<ClientId>, WalletError> {
        let access = &admitted.access;
        let Some(client) = access.client.clone().filter(|_| access.app_password.is_none() && access.only.is_none())
        else {
            return Ok(None);
        };
        let kind = self.with_now(|open| {
            open.look(|step| step.ledger.clients.find(client.as_str()).map(|row| row.kind == ClientKind::Backend))
        })?;
        Ok((kind == Some(true)).then_some(client))
    }

    /// `None`: the grant does not reach that far.
    fn exported(
        &self,
        served: &Served,
        of: (&GrantId, &ClientId),
        export: Export,
    ) -> Result<Option<Done>, WalletError> {
        let find = |id: &str| self.with_now(|open| Ok(open.exports.find(id, of).cloned()));
        let unknown = || Done::with(404, Exported::Unknown);
        Ok(Some(match export {
            Export::Begin { of: asked, types, since, request } => {
                let reads =
                    |kind| served.rights().allows(Need { interaction: Interaction::Read, resource_type: Some(kind) });
                if matches!(asked, ExportOf::Group(_)) && !reads("Group") {
                    return Ok(None);
                }
                let Some(kinds) = kinds(served, types) else { return Ok(None) };
                let Some(among) = among(served, &asked) else { return Ok(Some(unknown())) };
                let (manifest, bounds) = listed(served, &kinds, since, among.as_ref(), request);
                let (grant, client) = (of.0.clone(), of.1.clone());
                let job = Job { grant, client, of: asked, since, manifest, bounds };
                let id: String = crypto::random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
                let added = self.with_now(|open| Ok(open.exports.add(&id, job)))?;
                if added { Done::with(202, Exported::Begun { id }) } else { Done::with(429, Exported::TooMany) }
            }
            Export::Manifest { id } => match find(&id)? {
                Some(job) => Done::with(200, Exported::Manifest(job.manifest)),
                None => unknown(),
            },
            Export::File { id, name } => {
                let found = find(&id)?.and_then(|job| file(served, &job, &name));
                let done = |(lines, released)| Done { exported: Exported::File(lines), status: 200, released };
                found.map_or_else(unknown, done)
            }
            Export::End { id } => {
                if find(&id)?.is_none() {
                    return Ok(Some(unknown()));
                }
                self.with_now(|open| Ok(open.exports.0.remove(&id)))?;
                Done::with(202, Exported::Ended)
            }
        }))
    }
}

/// What is exported of: the types named, each of which must be allowed; else those of the view that are.
fn kinds(served: &Served, named: Option<Vec<String>>) -> Option<Vec<String>> {
    let rights = served.rights();
    match named {
        Some(named) => named.iter().all(|kind| may(rights, kind)).then_some(named),
        None if rights.is_empty() => None,
        None => {
            let kinds = served.engine().types().map(|(kind, _)| kind.to_owned());
            Some(kinds.filter(|kind| may(rights, kind)).collect())
        }
    }
}

/// An export finds and reads: `r` is not `s`, and it needs both.
fn may(rights: &Rights, kind: &str) -> bool {
    let both = [Interaction::Read, Interaction::Search];
    both.into_iter().all(|interaction| rights.allows(Need { interaction, resource_type: Some(kind) }))
}

/// The resources that are exported of; `Some(None)`: all that there are. `None`: the view has no such group.
fn among(served: &Served, of: &ExportOf) -> Option<Option<Among>> {
    let engine = served.engine();
    Some(match of {
        ExportOf::Everything => None,
        ExportOf::Patients => Some(engine.among(None)),
        ExportOf::Group(id) => {
            let answer = engine.answer(&Request::get(&format!("Group/{id}")), now());
            let group: Value = (answer.status == 200).then(|| serde_json::from_slice(&answer.body).ok())??;
            let members = group.get("member").and_then(Value::as_array).into_iter().flatten();
            let members = members.filter(|member| member.get("inactive") != Some(&Value::Bool(true)));
            let named =
                members.filter_map(|member| member.pointer("/entity/reference")?.as_str()?.strip_prefix("Patient/"));
            Some(engine.among(Some(&named.collect::<Vec<&str>>())))
        }
    })
}

/// What there is to fetch, and where each file begins.
fn listed(
    served: &Served,
    kinds: &[String],
    since: Option<Timestamp>,
    among: Option<&Among>,
    request: String,
) -> (Manifest, Vec<(String, Option<String>)>) {
    let at = now();
    let (mut files, mut bounds) = (Vec::new(), Vec::new());
    for kind in kinds {
        let ids = served.engine().export_ids(kind, Lines { since, until: Some(at), among, ..Lines::default() });
        let firsts: Vec<&str> = ids.iter().step_by(LINES).copied().collect();
        for (number, (first, part)) in (1..).zip(firsts.iter().zip(ids.chunks(LINES))) {
            let name = format!("{kind}-{number}");
            files.push(ExportFile { name, resource_type: kind.clone(), count: part.len() });
            let next = firsts.get(number).map(|next| (*next).to_owned());
            bounds.push(((*first).to_owned(), next));
        }
    }
    (Manifest { at, until: at.saturating_add(LIFE).unwrap_or(at), request, files }, bounds)
}

/// The lines of a file and the versions in them; `None`: there is no such file.
fn file(served: &Served, job: &Job, name: &str) -> Option<(Vec<u8>, Vec<String>)> {
    let at = job.manifest.files.iter().position(|file| file.name == name)?;
    let (kind, (from, to)) = (&job.manifest.files.get(at)?.resource_type, job.bounds.get(at)?);
    let among = among(served, &job.of)?;
    let (until, to, among) = (Some(job.manifest.at), to.as_deref(), among.as_ref());
    let lines = Lines { since: job.since, until, from: Some(from), to, among };
    let (mut out, mut released) = (Vec::new(), Vec::new());
    served.engine().export(kind, lines, |version, line| {
        out.extend_from_slice(line);
        released.push(version);
    });
    Some((out, released))
}

/// What was asked, as the trail says it.
fn asked(export: &Export) -> (&'static str, String) {
    match export {
        Export::Begin { of, request, .. } => {
            let above = match of {
                ExportOf::Everything => String::new(),
                ExportOf::Patients => "Patient/".to_owned(),
                ExportOf::Group(id) => format!("Group/{id}/"),
            };
            let query = request.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
            ("GET", format!("{above}$export{query}"))
        }
        Export::Manifest { .. } => ("GET", "$export".to_owned()),
        Export::File { name, .. } => ("GET", format!("$export/{name}")),
        Export::End { .. } => ("DELETE", "$export".to_owned()),
    }
}
