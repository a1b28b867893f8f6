use wallet::views::{
    ConnectionState, ConnectionView, DirectoryPage, DisconnectView, DoctorStep, DoctorView, Revoked, StepOutcome,
};

use super::Page;
use crate::dates;
use crate::words::Words;

/// The connected health systems.
pub(crate) fn connections(words: Words, connections: &Vec<ConnectionView>) -> String {
    let mut page = Page::default();
    if connections.is_empty() {
        page.line(words.text("connections.none"));
    }
    for connection in connections {
        page.gap();
        one(words, connection, &mut page);
    }
    page.into()
}

fn one(words: Words, connection: &ConnectionView, page: &mut Page) {
    page.line(&format!("{}  {}", connection.name, connection.id));
    page.line(match connection.state {
        ConnectionState::Ready => words.text("connection.ready"),
        ConnectionState::NeedsSignIn => words.text("connection.needsSignIn"),
        ConnectionState::Disconnected => words.text("connection.disconnected"),
    });
    page.fact(words, words.text("connection.address"), Some(&connection.address));
    page.fact(words, words.text("connection.since"), Some(&dates::instant(words, &connection.since)));
    let last = connection.last_pull.as_deref().map(|at| dates::instant(words, at));
    page.fact(words, words.text("connection.last"), Some(last.as_deref().unwrap_or(words.text("connection.never"))));
    page.fact(words, words.text("connection.items"), Some(&words.number(connection.items)));
    if connection.state != ConnectionState::Disconnected {
        let next = match connection.refreshable {
            true => words.text("connection.refreshable"),
            false => words.text("connection.notRefreshable"),
        };
        page.fact(words, words.text("connection.next"), Some(next));
        if connection.issues_cards {
            page.fact(words, words.text("connection.cards"), Some(words.text("connection.cardsFetch")));
        }
    }
}

/// What a disconnect did.
pub(crate) fn disconnected(words: Words, done: &DisconnectView) -> String {
    let mut page = Page::default();
    page.line(&words.count("disconnected", done.items));
    page.line(match done.revoked {
        Revoked::Confirmed => words.text("disconnected.confirmed"),
        Revoked::NotOffered => words.text("disconnected.notOffered"),
        Revoked::NotConfirmed => words.text("disconnected.notConfirmed"),
    });
    page.into()
}

/// Hits in the directory.
pub(crate) fn directory(words: Words, directory: &DirectoryPage) -> String {
    let mut page = Page::default();
    let rows: Vec<Vec<String>> = directory
        .hits
        .iter()
        .map(|hit| {
            vec![
                hit.name.clone(),
                hit.portal.clone().unwrap_or_default(),
                hit.place.clone().unwrap_or_default(),
                hit.address.clone(),
            ]
        })
        .collect();
    page.table(&rows);
    page.gap();
    match (&directory.date, directory.entries) {
        (_, 0) => page.line(words.text("directory.none")),
        (date, entries) => {
            let date = date.as_deref().map(|date| dates::instant(words, date));
            let hits = words.number(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            let date = date.as_deref().unwrap_or(words.text("notStated"));
            page.line(
                &words.fill("directory.hits", &[("hits", &hits), ("all", &words.number(entries)), ("date", date)]),
            );
        }
    }
    page.into()
}

/// What the connection doctor found.
pub(crate) fn doctor(words: Words, doctor: &DoctorView) -> String {
    let mut page = Page::default();
    page.line(doctor.name.as_deref().unwrap_or(&doctor.address));
    page.gap();
    match &doctor.finding {
        None => page.line(words.text("doctor.well")),
        Some(finding) => {
            let text = words.error(finding);
            page.line(&text.what);
            page.line(&text.help);
        }
    }
    page.gap();
    let rows: Vec<Vec<String>> = doctor
        .steps
        .iter()
        .map(|step| {
            let outcome = match step.outcome {
                StepOutcome::Good => words.text("doctor.good"),
                StepOutcome::Note => words.text("doctor.note"),
                StepOutcome::Bad => words.text("doctor.bad"),
                StepOutcome::Skipped => words.text("doctor.skipped"),
            };
            vec![words.shared("doctor", &step.step).to_owned(), outcome.to_owned(), seen(words, step)]
        })
        .collect();
    page.table(&rows);
    if let Some(message) = &doctor.message {
        page.gap();
        page.line(words.text("doctor.message"));
        page.block(message);
    }
    page.into()
}

/// What was seen. The view says `code: what was seen`; a note's code is said in words, and of what works none is.
fn seen(words: Words, step: &DoctorStep) -> String {
    let (code, evidence) = step.evidence.split_once(": ").unwrap_or((&step.evidence, ""));
    let said = match step.outcome {
        StepOutcome::Note => words.shared_error(code),
        StepOutcome::Bad => code,
        StepOutcome::Good | StepOutcome::Skipped => "",
    };
    [said, evidence].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
