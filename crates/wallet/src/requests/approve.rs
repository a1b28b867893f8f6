use authz::{Decided, Draw, Permission, RequestState, TokenFormat};
use consent::Grant;
use jiff::{SignedDuration, Timestamp};
use types::{ContactId, GrantId, PersonId, RequestId, Secret};

use super::{as_asked, contact_of, party_of};
use crate::authority::Care;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::served::{Ground, Shown, Terms, heard, patients};
use crate::views::ShareView;
use crate::{Wallet, now};

/// How the owner approves.
#[derive(Debug, Clone, Default)]
pub struct Approval {
    /// The grant in its JSON, narrowed by the owner; `None`: as asked. The id in it is not looked at.
    pub grant: Option<Vec<u8>>,
    /// Whose record, `per_…`; `None`: the person shown.
    pub person: Option<String>,
    /// Until when it holds, when it is approved as asked.
    pub until: Until,
    /// Scopes that are not about resources and are not given, such as `offline_access`.
    pub without: Vec<String>,
    /// Access tokens are signed and can be read by other resource servers; else they say nothing and are looked up.
    pub signed_tokens: bool,
}

/// Until when a grant holds that is approved as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Until {
    /// Three months, when nothing is said.
    #[default]
    Usual,
    /// So many days.
    Days(u32),
    /// Until the owner ends it.
    Ended,
}

/// What the owner does not say.
const USUAL_DAYS: u32 = 90;

/// A decision that is ready but for what its view says.
pub(crate) struct Plan {
    pub(crate) grant: Grant,
    pub(crate) person: PersonId,
    pub(crate) contact: Option<ContactId>,
    pub(crate) format: TokenFormat,
    pub(crate) scope: String,
    pub(crate) permissions: Vec<Permission>,
}

impl Plan {
    /// The decision, before its view was looked at.
    pub(crate) fn decided(self) -> Decided {
        let Self { grant, person, contact, format, scope, permissions } = self;
        Decided { grant, person, patient: None, format, scope, contact, permissions }
    }
}

impl Wallet {
    /// Approves a request, as asked or narrowed. The view is built as it will be: names of drugs that are hidden now
    /// are kept with the grant, and the app is told the id that the view has for the patient.
    pub async fn approve(&self, id: &str, approval: Approval) -> Result<ShareView, WalletError> {
        let id: RequestId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let seed: [u8; 32] = crypto::random()?;
            // The first value drawn is the grant's id: its view can be built before it is approved.
            let minted = GrantId::from_random(Draw::new(Secret::new(seed)).id());
            let (plan, shown) = wallet.with_now(|open| {
                let plan = open.plan(&id, &minted, approval)?;
                Ok((plan, open.shown.clone()))
            })?;
            let decided = wallet.looked_at(plan, &shown)?;
            shown.tried_enough();
            wallet.with_now(|open| {
                open.decide_with(Care::Decision, Secret::new(seed), |doing| {
                    let made = doing.step.approve(&id, decided)?;
                    if made == minted { Ok(()) } else { Err(WalletError::Interrupted) }
                })?;
                open.share_view(&minted)
            })
        })
        .await
    }

    /// Puts a narrower grant, given as its JSON, in the place of one that holds.
    pub async fn narrow_grant(&self, id: &str, to: Vec<u8>) -> Result<ShareView, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        let to = Grant::parse(&to)?;
        let wallet = self.clone();
        self.aside(move || {
            let seed: [u8; 32] = crypto::random()?;
            let minted = GrantId::from_random(Draw::new(Secret::new(seed)).id());
            let (plan, shown) = wallet.with_now(|open| {
                let old = open.look(|step| step.ledger.grants.find(id.as_str()).cloned())?;
                let old = old.ok_or(InputError::UnknownId)?;
                let mut grant = Grant { id: minted.clone(), ..to };
                // Words that go from texts only grow.
                let more: Vec<_> = old.grant.words.into_iter().filter(|word| !grant.words.contains(word)).collect();
                grant.words.extend(more);
                let plan = Plan {
                    grant,
                    person: old.person,
                    contact: old.contact,
                    format: old.format,
                    scope: old.scope,
                    permissions: old.permissions,
                };
                Ok((plan, open.shown.clone()))
            })?;
            let Decided { grant, patient, .. } = wallet.looked_at(plan, &shown)?;
            shown.tried_enough();
            let view = shown.slot(&id);
            let mut place = view.write();
            let done = wallet.with_now(|open| {
                open.decide_with(Care::Decision, Secret::new(seed), |doing| {
                    let made = doing.step.narrow(&id, grant)?;
                    doing.step.ledger.grants.change(made.as_str(), |row| row.patient = patient);
                    if made == minted { Ok(()) } else { Err(WalletError::Interrupted) }
                })?;
                open.share_view(&minted)
            })?;
            *place = None;
            drop(place);
            shown.drop_view(&id);
            Ok(done)
        })
        .await
    }

    /// The record of a person as it is now, made aside from the open vault. Blocks.
    pub(crate) fn ground(&self, shown: &Shown, person: &PersonId) -> Result<Ground, WalletError> {
        let stamp = self.with_now(|open| Ok(open.vault.record_stamp()?))?;
        shown.record(person, stamp, || Ground::assembled(self.with_now(|open| open.found(person))?))
    }

    /// Looks at the view that a decision gives: the words that go from texts are those of the moment, the patient is the
    /// one it shows.
    pub(crate) fn looked_at(&self, plan: Plan, shown: &Shown) -> Result<Decided, WalletError> {
        let Plan { mut grant, person, contact, format, scope, permissions } = plan;
        let mut patient = None;
        if !grant.what.permits.is_empty() {
            let ground = self.ground(shown, &person)?;
            let key = self.with_now(|open| Ok(open.view_key(&grant)))?;
            let at = grant.term.start.map_or(now(), |start| start.max(now()));
            let (view, told) = heard(&ground.record, grant, at, &key)?;
            // The names of drugs that are hidden at this moment go with the grant, heard in a text already or not.
            grant = told.with_words(view.words())?;
            patient = patients(&view, &grant, &ground.record).into_iter().next().map(String::from);
        }
        Ok(Decided { grant, person, patient, format, scope, contact, permissions })
    }
}

impl Open {
    pub(crate) fn plan(&mut self, id: &RequestId, minted: &GrantId, approval: Approval) -> Result<Plan, WalletError> {
        let Approval { grant, person, until, without, signed_tokens } = approval;
        let person = person.map(|id| id.parse::<PersonId>().map_err(|_| InputError::UnknownId)).transpose()?;
        let person = self.known_person(person)?;
        let written = grant.map(|json| Grant::parse(&json)).transpose()?;
        self.look(|step| {
            let request = step.ledger.requests.find(id.as_str()).ok_or(InputError::UnknownId)?;
            if !matches!(request.state, RequestState::Asked) {
                return Err(authz::DecideError::Decided.into());
            }
            let reading = request.reading()?;
            let grant = match written {
                Some(grant) => Grant { id: minted.clone(), ..grant },
                None => as_asked(&reading, party_of(step, request), minted.clone(), end(until, step.now)),
            };
            let plain: Vec<String> = reading.plain.into_iter().filter(|word| !without.contains(word)).collect();
            let proof = authz::proof_text(&grant.who.proof);
            let contact = contact_of(step, request).filter(|contact| contact.proofs.contains(&proof));
            Ok(Plan {
                grant,
                person,
                contact: contact.map(|contact| contact.id.clone()),
                format: if signed_tokens { TokenFormat::Jwt } else { TokenFormat::Opaque },
                scope: plain.join(" "),
                permissions: reading.elsewhere,
            })
        })?
    }

    /// What the pseudonyms and pages of a grant's view are made from, and where it is answered.
    pub(crate) fn terms_of(&mut self, person: PersonId, grant: Grant) -> Result<Terms, WalletError> {
        let base = self.look(|step| step.setting.fhir())?;
        Ok(Terms::of(self, person, grant, &base))
    }
}

fn end(until: Until, now: Timestamp) -> Option<Timestamp> {
    let days = match until {
        Until::Usual => USUAL_DAYS,
        Until::Days(days) => days,
        Until::Ended => return None,
    };
    now.checked_add(SignedDuration::from_hours(i64::from(days).saturating_mul(24))).ok()
}
