//! What resources lead to, handed on at once: it is fetched while the searches go on and their pages are stored.

use fhir::LocalReference;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Work;
use super::files::Wanted;
use crate::launch::lock;

/// What is looked up and fetched before more is taken from what was found.
pub(super) const ROUND: usize = 1_000;

/// Where findings go. Nothing more is found when the last of them is gone.
#[derive(Clone)]
pub(super) struct Finders {
    links: UnboundedSender<LocalReference>,
    files: UnboundedSender<Wanted>,
}

impl Finders {
    /// Hands on what resources point to, whether they are stored or not.
    pub(super) fn links(&self, links: impl IntoIterator<Item = LocalReference>) {
        // Who fetches has failed where nobody takes it: the pull ends with that.
        links.into_iter().filter(|link| is_beside(&link.resource_type)).for_each(|link| drop(self.links.send(link)));
    }

    /// Hands on the files of documents that are stored.
    pub(super) fn files(&self, files: impl IntoIterator<Item = Wanted>) {
        files.into_iter().for_each(|file| drop(self.files.send(file)));
    }
}

/// Where findings go, and where they come out.
pub(super) fn finders() -> (Finders, UnboundedReceiver<LocalReference>, UnboundedReceiver<Wanted>) {
    let ((links, linked), (files, wanted)) = (unbounded_channel(), unbounded_channel());
    (Finders { links, files }, linked, wanted)
}

impl Work {
    /// Where findings go, while the searches go on.
    pub(super) fn finders(&self) -> Option<Finders> {
        lock(&self.found).clone()
    }

    /// Nothing more is found.
    pub(super) fn searched(&self) {
        *lock(&self.found) = None;
    }
}

/// Types that no search of a patient's record brings: people, places and medications.
pub(super) fn is_beside(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "Medication" | "HealthcareService"
    )
}
