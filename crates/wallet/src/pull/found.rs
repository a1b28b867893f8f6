//! What resources lead to, handed on as soon as they are stored: it is fetched while the searches go on.

use fhir::LocalReference;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Work;
use super::files::Wanted;
use crate::launch::lock;

/// What is looked up and fetched before more is taken from what was found.
pub(super) const ROUND: usize = 1_000;

/// Where findings go.
pub(super) struct Finders {
    links: UnboundedSender<LocalReference>,
    files: UnboundedSender<Wanted>,
}

impl Work {
    /// Where findings come out, from now until the searches are over.
    pub(super) fn find(&self) -> (UnboundedReceiver<LocalReference>, UnboundedReceiver<Wanted>) {
        let ((links, linked), (files, wanted)) = (unbounded_channel(), unbounded_channel());
        *lock(&self.found) = Some(Finders { links, files });
        (linked, wanted)
    }

    /// Hands on what resources that are stored lead to.
    pub(super) fn leads_to(
        &self,
        links: impl IntoIterator<Item = LocalReference>,
        files: impl IntoIterator<Item = Wanted>,
    ) {
        let found = lock(&self.found);
        let Some(finders) = &*found else { return };
        // Who fetches has failed where nobody takes it: the pull ends with that.
        links.into_iter().filter(is_beside).for_each(|link| drop(finders.links.send(link)));
        files.into_iter().for_each(|file| drop(finders.files.send(file)));
    }

    /// Nothing more is found.
    pub(super) fn searched(&self) {
        *lock(&self.found) = None;
    }
}

/// Types that no search of a patient's record brings: people, places and medications.
pub(super) fn is_beside(reference: &LocalReference) -> bool {
    matches!(
        reference.resource_type.as_str(),
        "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "Medication" | "HealthcareService"
    )
}
