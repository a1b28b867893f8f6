use crate::shell::{Done, call, cargo};

/// How many requests, when nothing else is said.
const MILLION: &str = "1000000";

/// Asks of random records, under random grants, whatever a curious client can ask, and compares the answers with those
/// of a record whose hidden part is another. One difference fails.
pub(crate) fn leaks(cases: Option<&str>) -> Done {
    let words = ["test", "--release", "--workspace", "--exclude", "xtask", "--test", "interference"];
    let mut test = cargo(&words);
    test.env("SATCHEL_CASES", cases.unwrap_or(MILLION));
    call(test)
}
