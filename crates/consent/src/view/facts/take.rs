//! What goes of a resource for what it says: by a topic, by a label, by what its source restricts.

use super::super::kinds;
use super::super::select::Subject;
use super::super::shape::{Attachments, Cut};
use super::account::Drugs;
use super::{Facts, Judge};
use crate::{Choice, Hit, Label, Reach, Restriction, Review, Selector, WhyOut, restrictions};

impl Judge<'_> {
    /// topics.md §3: what its source calls very restricted is shared only by name; what it calls restricted without
    /// saying why, the owner sees.
    pub(super) fn hush(&self, subject: &Subject<'_, '_>, facts: &mut Facts) {
        let named = |select: &Selector| {
            select.labels.iter().any(|label| **label == *"V")
                || select.resources.iter().any(|key| **key == *subject.key)
        };
        let named = self.grant.what.permits.iter().any(|permit| permit.shows() && named(&permit.select));
        for restriction in restrictions(self.rules, subject.labels) {
            match restriction {
                Restriction::VeryRestricted(_) if named => {}
                Restriction::VeryRestricted(Reach::Resource) => _ = facts.out.get_or_insert(WhyOut::Excluded),
                Restriction::VeryRestricted(Reach::Element(place)) => {
                    facts.cuts.push(Cut { place: place.into(), rule: "very-restricted".into() });
                }
                Restriction::Restricted(reach) => facts.review.push(Review {
                    resource: subject.key.into(),
                    place: match reach {
                        Reach::Resource => Box::default(),
                        Reach::Element(place) => place.into(),
                    },
                    found: Vec::new(),
                    rule: "restricted".into(),
                    default: Choice::Keep,
                }),
            }
        }
    }

    pub(super) fn take_hit(&self, subject: &Subject<'_, '_>, hit: &Hit<'_>, facts: &mut Facts) {
        let bill = kinds::is_bill(subject.of);
        // A reference is cut where it leads to nothing of the view.
        if hit.place.ends_with("/reference") && !bill {
            return;
        }
        // What is in a document goes with the document, which stays only if the owner keeps it.
        if facts.attachments != Attachments::Stay && subject.said.is_in_document(subject.tree, &hit.place) {
            return;
        }
        if !hit.confidence.hides(self.grant.mode) {
            facts.review.push(Review {
                resource: subject.key.into(),
                place: hit.place.as_str().into(),
                found: subject.said.quoted(subject.tree, &hit.place),
                rule: hit.rule.into(),
                default: Choice::Keep,
            });
            return;
        }
        match &hit.reach {
            Reach::Element(place) if !bill => {
                facts.cuts.push(Cut { place: place.as_str().into(), rule: hit.rule.into() })
            }
            Reach::Element(_) | Reach::Resource => {
                facts.out.get_or_insert(WhyOut::Topic { topic: hit.topic.into(), rule: hit.rule.into() });
            }
        }
    }

    /// Names of drugs in what a topic hides, for the text scan.
    pub(super) fn name_drugs(&self, subject: &Subject<'_, '_>, facts: &mut Facts) {
        let names = |place: &str| Some(subject.said.drugs(self.rules, subject.tree, place));
        let named = |drugs: &Drugs| !drugs.0.is_empty();
        if matches!(facts.out, Some(WhyOut::Topic { .. })) {
            facts.drugs.extend(names("").filter(named));
        } else if self.by_topic {
            let of_a_rule =
                |cut: &&Cut| cut.rule.rsplit_once('-').is_some_and(|(topic, _)| self.rules.topic(topic).is_some());
            let places = facts.cuts.iter().filter(of_a_rule).map(|cut| &*cut.place);
            facts.drugs.extend(places.filter_map(names).filter(named));
        }
    }
}

pub(super) fn take_label(subject: &Subject<'_, '_>, label: &Label, facts: &mut Facts) {
    match &label.reach {
        Reach::Element(place) if !kinds::is_bill(subject.of) => {
            facts.cuts.push(Cut { place: place.as_str().into(), rule: "label".into() });
        }
        Reach::Element(_) | Reach::Resource => _ = facts.out.get_or_insert(WhyOut::Excluded),
    }
}
