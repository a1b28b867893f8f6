//! The authorization server inside the wallet: its ledger in memory, in step with the vault, and its steps.
//!
//! Every step reads what other processes wrote, changes the ledger, and keeps the changes together with the entries of
//! the trail that tell of them, under the vault's own lock for writing. So the window and the command line decide on the
//! same, and never twice.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use audit::Draft;
use authz::{Door, Event, Ledger, Setting, Step, Stored};
use jiff::{SignedDuration, Timestamp};
use types::{GrantId, Secret};
use vault::{AuthorityNews, AuthorityRow, Lasting, News, Writing};

use crate::error::WalletError;
use crate::now;
use crate::open::{Keys, Open};
use lookups::{Lookups, Of};

mod keys;
mod light;
mod lookups;
mod told;

/// Setting with the public base URL of the server, as it was opened last.
pub(crate) const ISSUER: &str = "server.issuer";
/// Where the server is when it was never opened.
const USUAL_ISSUER: &str = "http://127.0.0.1:8731";
/// How long an access token holds at most.
const ACCESS_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How often what is over is swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(30);
/// How often refusals of what opens nothing are told.
pub(crate) const TELL_EVERY: Duration = Duration::from_secs(60);

/// The authorization server of the open vault.
#[derive(Default)]
pub(crate) struct Authority {
    setting: Option<Setting>,
    ledger: Option<Held>,
    swept: Option<Instant>,
    /// Requests that brought nothing that opens, and are not told of yet.
    pub(super) refusals: u32,
    told: Option<Instant>,
    /// Grants with uses that stand in the trail alone.
    uncounted: BTreeSet<GrantId>,
    lookups: Lookups,
    /// The latest instant of the trail when the vault was opened: it was gone by already.
    gone_by: Timestamp,
}

/// The ledger, and up to which stamp it knows what was written.
#[derive(Default)]
struct Held {
    ledger: Ledger,
    stamp: u64,
}

/// How surely a step is kept, and how soon the head of the trail is remembered outside the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// A decision of the owner: on the disk, and remembered, when the call ends.
    Decision,
    /// A step of the authorization server: on the disk, but for those that are [`light`]; remembered within seconds.
    Step,
    /// An answer to a third party: in the log before it leaves; on the disk and remembered within seconds.
    Answer,
}

/// A step, and what is kept together with it.
pub(crate) struct Doing<'a, 'v> {
    pub(crate) step: Step<'a>,
    pub(crate) writing: &'a mut Writing<'v>,
    /// What the trail is told besides what changes in the ledger.
    pub(crate) told: Vec<Draft>,
    uncounted: &'a mut BTreeSet<GrantId>,
}

impl Open {
    /// Takes a step. What it changes and the entries that tell of it are kept together, or, when `work` fails, nothing.
    pub(crate) fn decide<T>(
        &mut self,
        work: impl FnOnce(&mut Doing<'_, '_>) -> Result<T, WalletError>,
    ) -> Result<T, WalletError> {
        self.decide_with(Care::Decision, Secret::new(crypto::random()?), work)
    }

    /// The same with this care, and this seed for what is drawn.
    pub(crate) fn decide_with<T>(
        &mut self,
        care: Care,
        seed: Secret<[u8; 32]>,
        work: impl FnOnce(&mut Doing<'_, '_>) -> Result<T, WalletError>,
    ) -> Result<T, WalletError> {
        self.pen.ready(&self.keys)?;
        self.authority.ready(&mut self.vault, &self.keys)?;
        let Authority { setting: Some(setting), ledger, swept, uncounted, lookups, gone_by, .. } = &mut self.authority
        else {
            return Err(WalletError::Interrupted);
        };
        let due = care == Care::Decision || self.pen.is_due();
        let logged = care == Care::Answer || (care == Care::Step && light::running().is_some());
        let lasting = if logged && !due { Lasting::Logged } else { Lasting::Settled };
        let mut writing = self.vault.write(lasting)?;
        // Put back only when it says what the vault says; else it is read anew.
        let mut held = ledger.take().unwrap_or_default();
        held.follow(writing.authority_since(held.stamp)?)?;
        let at = held.ledger.at(now().max(*gone_by));
        let mut is_light = match care {
            Care::Step => light::noted(&mut writing, &mut held.ledger, light::running())?,
            Care::Answer | Care::Decision => true,
        };
        let step = Step { setting, ledger: &mut held.ledger, now: at, draw: authz::Draw::new(seed) };
        let mut doing = Doing { step, writing: &mut writing, told: Vec::new(), uncounted };
        if due || care != Care::Answer {
            doing.take_uses()?;
        }
        if swept.is_none_or(|last| last.elapsed() >= SWEEP_EVERY) {
            doing.step.end_of_time();
            doing.step.ledger.sweep(at);
            *swept = Some(Instant::now());
        }
        let done = work(&mut doing);
        let told = doing.told;
        let value = match done {
            Ok(value) => value,
            Err(error) => {
                held.ledger.undo_changes();
                *ledger = Some(held);
                return Err(error);
            }
        };
        let mut drafts = Vec::new();
        for event in held.ledger.take_events() {
            drafts.extend(noted(event, &held.ledger, lookups));
        }
        let due_lookups = lookups.due(TELL_EVERY);
        for (Of { server, grant }, requests) in due_lookups.clone() {
            let row = grant.as_ref().and_then(|grant| held.ledger.grants.find(grant.as_str()));
            drafts.push(told::looked_up(server, row, requests));
        }
        let changes = held.ledger.take_changes();
        if changes.is_empty() && told.is_empty() && drafts.is_empty() {
            *ledger = Some(held);
            return Ok(value);
        }
        let mut of_changes = Vec::new();
        for change in &changes {
            let before = writing.authority_row(&change.table, &change.key)?;
            is_light &= care != Care::Step || light::is_light(change, before.as_deref());
            of_changes.extend(told::of(change, before.as_deref())?);
        }
        held.stamp = writing.put_authority(&changes.into_iter().map(row).collect::<Vec<_>>())?;
        drafts.splice(0..0, of_changes);
        drafts.extend(told);
        let tells = !drafts.is_empty();
        for draft in drafts {
            self.pen.write(&mut writing, draft)?;
        }
        writing.commit()?;
        *ledger = Some(held);
        lookups.told(&due_lookups, TELL_EVERY);
        if !is_light && lasting == Lasting::Logged {
            self.vault.settle()?;
        }
        if tells {
            self.pen.wrote();
            self.remember_if(due);
        }
        Ok(value)
    }

    /// It is done and kept; that the key store does not answer now undoes nothing, and is tried again within seconds.
    fn remember_if(&mut self, due: bool) {
        if !due {
            return;
        }
        if let Err(error) = self.remember() {
            tracing::warn!(code = error.code(), "the head of the trail could not be remembered yet");
        }
    }

    /// Looks at what the authorization server knows, as it stands now.
    pub(crate) fn look<T>(&mut self, look: impl FnOnce(&Step<'_>) -> T) -> Result<T, WalletError> {
        self.authority.ready(&mut self.vault, &self.keys)?;
        let news_since = |stamp| self.vault.authority_since(stamp);
        let Authority { setting: Some(setting), ledger, gone_by, .. } = &mut self.authority else {
            return Err(WalletError::Interrupted);
        };
        let mut held = ledger.take().unwrap_or_default();
        held.follow(news_since(held.stamp)?)?;
        let at = held.ledger.at(now().max(*gone_by));
        // Nothing is drawn by who only looks.
        let draw = authz::Draw::new(Secret::new([0; 32]));
        let seen = look(&Step { setting, ledger: &mut held.ledger, now: at, draw });
        *ledger = Some(held);
        Ok(seen)
    }

    /// A request brought nothing that opens. Told one by one, anybody could fill the trail: they are counted, and told
    /// at most once a minute.
    pub(crate) fn refused(&mut self) -> Result<(), WalletError> {
        self.authority.refusals = self.authority.refusals.saturating_add(1);
        if self.authority.told.is_none_or(|last| last.elapsed() >= TELL_EVERY) { self.tell_refusals() } else { Ok(()) }
    }

    /// Before the vault is closed: what was only counted is told, and what waits for the disk goes there.
    pub(crate) fn rest_authority(&mut self) -> Result<(), WalletError> {
        self.tell_refusals()?;
        self.tell_lookups(Duration::ZERO)?;
        light::leave(&mut self.vault)
    }

    /// Tells of tokens that were looked up, if nothing was told of the same for so long.
    pub(crate) fn tell_lookups(&mut self, every: Duration) -> Result<(), WalletError> {
        let due = self.authority.lookups.due(every);
        for (Of { server, grant }, requests) in &due {
            let find = |step: &Step<'_>| grant.as_ref().and_then(|id| step.ledger.grants.find(id.as_str()).cloned());
            let row = self.look(find)?;
            self.record(told::looked_up(server.clone(), row.as_ref(), *requests))?;
        }
        self.authority.lookups.told(&due, every);
        Ok(())
    }

    /// Tells of refusals that were not told of yet.
    pub(crate) fn tell_refusals(&mut self) -> Result<(), WalletError> {
        let count = std::mem::take(&mut self.authority.refusals);
        if count == 0 {
            return Ok(());
        }
        self.authority.told = Some(Instant::now());
        self.record(told::refusals(count))
    }

    /// Whether the authorization server was needed since the vault was opened.
    pub(crate) fn has_authority(&self) -> bool {
        self.authority.setting.is_some()
    }

    /// The server is reached here from now on.
    pub(crate) fn set_issuer(&mut self, issuer: &str) -> Result<(), WalletError> {
        self.vault.set_setting(ISSUER, issuer)?;
        if let Some(setting) = &mut self.authority.setting {
            issuer.clone_into(&mut setting.issuer);
        }
        Ok(())
    }
}

impl Doing<'_, '_> {
    /// Counts an answer that its entry tells of. Where the number of uses is limited, the grant is written at once; else
    /// the entry is enough, and the grant takes such uses in once in a while.
    pub(crate) fn count_use(&mut self, grant: &GrantId) -> Result<(), WalletError> {
        let Some(row) = self.step.ledger.grants.find(grant.as_str()) else { return Ok(self.step.count_use(grant)?) };
        if row.grant.term.uses.is_some() {
            return Ok(self.step.count_use(grant)?);
        }
        if row.counted.is_none() {
            self.step.take_uses(grant, 0, newest(self.writing)?);
        }
        self.uncounted.insert(grant.clone());
        Ok(())
    }

    /// The grants take in the uses that stand in the trail alone.
    fn take_uses(&mut self) -> Result<(), WalletError> {
        for grant in std::mem::take(self.uncounted) {
            let known = self.step.ledger.grants.find(grant.as_str()).and_then(|row| row.counted);
            if let Some(known) = known {
                let uses = self.writing.uses_since(&grant, known)?;
                self.step.take_uses(&grant, uses, newest(self.writing)?);
            }
        }
        Ok(())
    }
}

/// Number of the newest entry of the trail.
fn newest(writing: &Writing<'_>) -> Result<u64, WalletError> {
    Ok(writing.audit_head()?.map_or(0, |signed| signed.head.seq))
}

impl Authority {
    fn ready(&mut self, vault: &mut vault::Vault, keys: &Keys) -> Result<(), WalletError> {
        if self.setting.is_none() {
            let issuer = vault.setting(ISSUER)?.unwrap_or_else(|| USUAL_ISSUER.to_owned());
            let (made, secret) = keys::of(vault, keys)?;
            let doors = BTreeSet::from([Door::Launch, Door::Uma, Door::Backend, Door::Federation]);
            self.gone_by = vault.audit_latest()?.unwrap_or_default();
            self.setting = Some(Setting { issuer, keys: made, secret, access_life: ACCESS_LIFE, doors });
        }
        Ok(())
    }
}

/// What the trail is told of something that no row tells of; what is only counted is not told yet.
fn noted(event: Event, ledger: &Ledger, lookups: &mut Lookups) -> Option<Draft> {
    match event {
        Event::Issued { grant, client, audience, tokens } => {
            ledger.grants.find(grant.as_str()).map(|row| told::issued(client, &audience, tokens, row))
        }
        Event::Introspected { server, grant } => {
            lookups.count(server, grant);
            None
        }
    }
}

impl Held {
    fn follow(&mut self, news: AuthorityNews) -> Result<(), WalletError> {
        let rows = match news.news {
            News::All(rows) => {
                // What was gone by stays gone by.
                let latest = self.ledger.at(Timestamp::MIN);
                self.ledger = Ledger::default();
                self.ledger.at(latest);
                rows
            }
            News::Changes(rows) => rows,
        };
        for AuthorityRow { table, key, json } in rows {
            self.ledger.take(&Stored { table, key, json })?;
        }
        self.stamp = news.stamp;
        Ok(())
    }
}

fn row(stored: Stored) -> AuthorityRow {
    let Stored { table, key, json } = stored;
    AuthorityRow { table, key, json }
}

#[cfg(test)]
mod tests;
