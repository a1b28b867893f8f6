//! Places: the state and the country stay, of a ZIP three digits where more than 20,000 people live (identifier B).

use serde_json::Value;

const SMALL: &str = include_str!("zip3.txt");

/// States and territories, as the US Postal Service writes them, with their names.
const STATES: &str = include_str!("states.txt");

/// Which state a text names.
pub(super) fn state(text: &str) -> Option<&'static str> {
    STATES
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find_map(|(code, name)| (text.eq_ignore_ascii_case(code) || text.eq_ignore_ascii_case(name)).then_some(code))
}

/// Which country a text names: two letters of ISO 3166-1, or the usual names of the United States.
pub(super) fn country(text: &str) -> Option<&'static str> {
    if ["US", "USA", "United States", "United States of America", "U.S.", "U.S.A."]
        .iter()
        .any(|us| text.eq_ignore_ascii_case(us))
    {
        return Some("US");
    }
    include_str!("countries.txt").split_whitespace().find(|code| *code == text)
}

/// What may be said of a ZIP in an address. `None`: it is not one of the United States.
pub(super) fn zip(address: Option<&Value>, text: &str) -> Option<String> {
    let elsewhere = address.and_then(Value::as_str).is_some_and(|text| country(text) != Some("US"));
    let digits = |part: &str, long: usize| part.len() == long && part.bytes().all(|byte| byte.is_ascii_digit());
    let written = match text.split_once('-') {
        Some((five, four)) => digits(five, 5) && digits(four, 4),
        None => digits(text, 5) || digits(text, 9),
    };
    if elsewhere || !written {
        return None;
    }
    let prefix = text.get(..3)?;
    Some(if populous(prefix) { prefix } else { "000" }.to_owned())
}

/// Whether more than 20,000 people are known to live in all ZIPs that begin so.
pub(super) fn populous(prefix: &str) -> bool {
    let listed = SMALL.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let mut listed = listed.map(|range| range.split_once('-').unwrap_or((range, range)));
    listed.any(|(from, to)| (from..=to).contains(&prefix))
}
