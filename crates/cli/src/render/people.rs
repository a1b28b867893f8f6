use wallet::views::{PersonView, Relation, Status};

use super::{Page, lent};
use crate::dates;
use crate::words::Words;

/// Whose records are kept here.
pub(crate) fn people(words: Words, status: &Status) -> String {
    let mut page = Page::default();
    each_person(words, status, &mut page);
    page.into()
}

pub(super) fn each_person(words: Words, status: &Status, page: &mut Page) {
    let row = |person: &PersonView| {
        let shown = status.current.as_deref() == Some(person.id.as_str());
        vec![
            if shown { "*".to_owned() } else { String::new() },
            person.name.clone(),
            relation(words, &person.relation).to_owned(),
            born(words, person),
            person.id.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = status.people.iter().map(row).collect();
    page.table(&rows);
    for person in &status.people {
        lent(words, &person.lent, page);
    }
    if status.people.len() > 1 {
        page.line(words.text("people.shown"));
    }
}

fn born(words: Words, person: &PersonView) -> String {
    match &person.birth_date {
        Some(date) => words.fill("people.born", &[("date", &dates::day(words, date))]),
        None => words.text("people.birthNotStated").to_owned(),
    }
}

fn relation(words: Words, relation: &Relation) -> &str {
    match relation {
        Relation::Me => words.text("relation.me"),
        Relation::Child => words.text("relation.child"),
        Relation::Parent => words.text("relation.parent"),
        Relation::Partner => words.text("relation.partner"),
        Relation::Other => words.text("relation.other"),
    }
}
