use super::*;

fn once(hash: &str, until: &str) -> Once {
    Once { hash: hash.to_owned(), until: until.parse().unwrap() }
}

#[test]
fn what_changed_is_kept_once_and_reads_back() {
    let mut ledger = Ledger::default();
    ledger.once.put(once("a", "2027-01-01T00:00:00Z"));
    ledger.once.put(once("b", "2027-01-02T00:00:00Z"));
    ledger.once.remove("b");
    let changes = ledger.take_changes();
    assert_eq!(changes.len(), 2);
    assert!(ledger.take_changes().is_empty());
    let mut other = Ledger::default();
    for stored in &changes {
        other.take(stored).unwrap();
    }
    assert_eq!(other.once.find("a"), Some(&once("a", "2027-01-01T00:00:00Z")));
    assert_eq!(other.once.count(), 1);
    assert!(other.take_changes().is_empty(), "what was read is not a change");
}

#[test]
fn a_row_that_does_not_read_is_an_error_and_an_unknown_table_is_left_alone() {
    let stored = |table: &str| Stored { table: table.to_owned(), key: "a".to_owned(), json: Some("{}".to_owned()) };
    assert!(Ledger::default().take(&stored("once")).is_err());
    assert!(Ledger::default().take(&stored("something newer")).is_ok());
}

#[test]
fn what_is_over_is_swept_out() {
    let mut ledger = Ledger::default();
    ledger.once.put(once("a", "2027-01-01T00:00:00Z"));
    ledger.sweep("2026-12-31T23:59:59Z".parse().unwrap());
    assert_eq!(ledger.once.count(), 1);
    ledger.sweep("2027-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(ledger.once.count(), 0);
}

#[test]
fn a_clock_that_was_set_back_revives_nothing() {
    let mut ledger = Ledger::default();
    let later: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(ledger.at(later), later);
    assert_eq!(ledger.at("2026-01-01T00:00:00Z".parse().unwrap()), later);
}

#[test]
fn what_was_changed_can_be_put_back() {
    let mut ledger = Ledger::default();
    ledger.once.put(once("a", "2027-01-01T00:00:00Z"));
    ledger.take_changes();
    ledger.once.change("a", |row| row.until = "2027-02-01T00:00:00Z".parse().unwrap());
    ledger.once.remove("a");
    ledger.once.put(once("b", "2027-01-01T00:00:00Z"));
    ledger.undo_changes();
    assert_eq!(ledger.once.find("a"), Some(&once("a", "2027-01-01T00:00:00Z")));
    assert_eq!(ledger.once.count(), 1);
    assert!(ledger.take_changes().is_empty());
}
