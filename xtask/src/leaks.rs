use crate::shell::{Done, call, cargo};

/// How many requests, when nothing else is said.
const MILLION: &str = "1000000";

/// Asks of random records, under random grants, whatever a curious client can ask, and compares the answers with those
/// of a record whose hidden part is another. One difference fails.
pub(crate) fn leaks(cases: Option<&str>) -> Done {
    let mut test = cargo(&["test", "--release", "--package", "consent", "--test", "interference"]);
    test.env("SATCHEL_CASES", cases.unwrap_or(MILLION));
    call(test)
}
