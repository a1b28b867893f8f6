//! What of a view may be found and what may be read, where the permits of a grant differ in that (SMART App Launch 2.2:
//! `r` is not `s`). A view of the permits that allow the one, and a view of those that allow the other, say of each
//! resource which questions reach it. What neither shows by itself (a list of nothing but what may only be read) is
//! reached by no question: doubt denies.

use consent::{Delta, Grant, Interaction, Record, View, ViewKey};
use fhir::Held;
use jiff::Timestamp;
use search::Reach;

use crate::error::WalletError;
use crate::grants::rules;

/// The two views; `None` where all that is shown may be found, or read.
#[derive(Default)]
pub(super) struct Reaches {
    found: Option<View>,
    read: Option<View>,
}

impl Reaches {
    /// Of this grant, with its words.
    pub(super) fn of(record: &Record, grant: &Grant, at: Timestamp, key: &ViewKey) -> Result<Self, WalletError> {
        let view = |interaction| -> Result<Option<View>, WalletError> {
            let Some(part) = part(grant, interaction) else { return Ok(None) };
            Ok(Some(View::build(record, &part, rules()?, at, key)))
        };
        Ok(Self { found: view(Interaction::Search)?, read: view(Interaction::Read)? })
    }

    /// Which questions reach a resource of the view; `None`: not one.
    pub(super) fn of_one(&self, held: &Held) -> Option<Reach> {
        let is_in =
            |part: &Option<View>| part.as_ref().is_none_or(|view| find(view, &held.resource_type, &held.id).is_some());
        match (is_in(&self.found), is_in(&self.read)) {
            (true, true) => Some(Reach::All),
            (true, false) => Some(Reach::Search),
            (false, true) => Some(Reach::Read),
            (false, false) => None,
        }
    }

    /// Follows the record. Gives what of the view has to be put in again, since other questions may reach it now.
    pub(super) fn follow(
        &mut self,
        changed: &[&str],
        record: &Record,
        grant: &Grant,
        at: Timestamp,
        key: &ViewKey,
        view: &View,
    ) -> Result<Vec<Delta>, WalletError> {
        let mut again = Vec::new();
        for (part_of, interaction) in [(&mut self.found, Interaction::Search), (&mut self.read, Interaction::Read)] {
            let (Some(part_of), Some(part)) = (part_of.as_mut(), part(grant, interaction)) else { continue };
            for delta in part_of.update(changed, record, &part, rules()?, at, key) {
                let (resource_type, id) = match &delta {
                    Delta::Put(held) => (&held.resource_type, &held.id),
                    Delta::Removed { resource_type, id } => (resource_type, id),
                };
                again.extend(find(view, resource_type, id).cloned().map(Delta::Put));
            }
        }
        Ok(again)
    }
}

/// The grant with those of its permits that allow this; `None` when all that show anything do.
fn part(grant: &Grant, interaction: Interaction) -> Option<Grant> {
    Some(Grant { what: grant.what.only(interaction)?, ..grant.clone() })
}

fn find<'v>(view: &'v View, resource_type: &str, id: &str) -> Option<&'v Held> {
    let at = view.held().binary_search_by(|one| (&*one.resource_type, &*one.id).cmp(&(resource_type, id))).ok()?;
    view.held().get(at)
}
