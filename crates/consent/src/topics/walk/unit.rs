//! Parts of a resource that can go by themselves: entries, sections, answers, contained resources.

/// Lists whose items can go one by one: type of resource (`*`: any), and names from its root. A name within itself
/// (sections, items) counts as once.
const LISTS: &[(&str, &[&str])] = &[
    ("*", &["contained"]),
    ("*", &["note"]),
    ("*", &["meta", "tag"]),
    ("AdverseEvent", &["suspectEntity"]),
    ("AuditEvent", &["entity"]),
    ("Bundle", &["entry"]),
    ("CarePlan", &["activity"]),
    ("CareTeam", &["participant"]),
    ("Communication", &["payload"]),
    ("CommunicationRequest", &["payload"]),
    ("Composition", &["section"]),
    ("DetectedIssue", &["implicated"]),
    ("FamilyMemberHistory", &["condition"]),
    ("List", &["entry"]),
    ("Observation", &["component"]),
    ("Parameters", &["parameter"]),
    ("Questionnaire", &["item"]),
    ("QuestionnaireResponse", &["item"]),
    ("RequestGroup", &["action"]),
    ("Task", &["input"]),
    ("Task", &["output"]),
];

/// Types whose parts are facts for themselves: what is found in one part says nothing of the others.
const PEOPLE: &[&str] = &["Patient", "Person", "RelatedPerson"];

/// Whether the item of a list at these names can go by itself.
pub(super) fn is_one<'n>(kind: &str, names: impl Iterator<Item = &'n str> + Clone) -> bool {
    let Some(last) = names.clone().last() else { return false };
    if matches!(last, "extension" | "modifierExtension") {
        return true;
    }
    LISTS
        .iter()
        .any(|(of, wanted)| (*of == "*" || *of == kind) && wanted.last() == Some(&last) && same(wanted, names.clone()))
        || (PEOPLE.contains(&kind) && names.count() == 1)
}

/// Whether a member that is no list can go by itself.
pub(super) fn is_lone<'n>(kind: &str, mut names: impl Iterator<Item = &'n str>) -> bool {
    PEOPLE.contains(&kind) && !matches!(names.next(), None | Some("meta" | "contained")) && names.next().is_none()
}

fn same<'n>(wanted: &[&str], names: impl Iterator<Item = &'n str>) -> bool {
    let mut wanted = wanted.iter().copied();
    let mut before = None;
    for name in names {
        // An answer holds items, and an item holds answers.
        if before == Some(name) || (name == "answer" && before == Some("item")) {
            continue;
        }
        if wanted.next() != Some(name) {
            return false;
        }
        before = Some(name);
    }
    wanted.next().is_none()
}
