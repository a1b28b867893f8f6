//! Places: the state and the country stay, of a ZIP three digits where more than 20,000 people live (identifier B).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

/// More people than this, and three digits may stay (45 CFR 164.514(b)(2)(i)(B)).
const ENOUGH: u32 = 20_000;
/// Prefixes with the people who live there.
static PEOPLE: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let lines = include_str!("zip3.txt").lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.flat_map(str::split_whitespace).filter_map(|pair| pair.split_once(':'));
    pairs.filter_map(|(prefix, people)| Some((prefix, people.parse().ok()?))).collect()
});

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

/// Whether more than 20,000 people are known to live in all ZIPs that begin so. What the Census did not count (military
/// mail, post boxes, prefixes that are not assigned) is not known to hold anybody.
fn populous(prefix: &str) -> bool {
    PEOPLE.get(prefix).is_some_and(|people| *people > ENOUGH)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_adds_up_to_what_the_census_counted() {
        assert_eq!(PEOPLE.len(), 894);
        assert_eq!(PEOPLE.values().sum::<u32>(), 334_726_586);
        let mut small: Vec<&str> = PEOPLE.keys().copied().filter(|prefix| !populous(prefix)).collect();
        small.sort_unstable();
        let known = "036 059 102 202 203 204 205 369 556 692 753 772 821 823 878 879 884 893";
        assert_eq!(small.join(" "), known);
    }

    #[test]
    fn what_the_census_did_not_count_is_not_kept() {
        for prefix in ["000", "001", "090", "098", "340", "962", "966", "213", "abc", ""] {
            assert!(!populous(prefix), "{prefix}");
        }
    }

    #[test]
    fn a_zip_is_of_the_united_states_or_goes() {
        let us = json!("US");
        assert_eq!(zip(Some(&us), "85004").as_deref(), Some("850"));
        assert_eq!(zip(None, "850041234").as_deref(), Some("850"));
        for country in ["DE", "Deutschland", "canary", ""] {
            assert_eq!(zip(Some(&json!(country)), "85004"), None, "{country}");
        }
    }

    #[test]
    fn states_and_countries_are_those_of_the_lists() {
        assert_eq!((state("vt"), state("Vermont"), state("Rutland")), (Some("VT"), Some("VT"), None));
        assert_eq!((country("usa"), country("DE"), country("Rutland")), (Some("US"), Some("DE"), None));
        assert_eq!(STATES.lines().count(), 56);
        assert_eq!(include_str!("countries.txt").split_whitespace().count(), 249);
    }
}
