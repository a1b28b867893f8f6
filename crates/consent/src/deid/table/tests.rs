use fhir::definitions;

use super::build::one;
use super::*;

#[test]
fn every_word_of_the_allow_list_is_an_element_of_r4() {
    let mut of = "";
    for line in include_str!("../elements.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('=') {
            of = name;
            assert!(definitions::is_resource(of) || !definitions::elements(of).is_empty(), "{of}");
            continue;
        }
        for word in line.split_whitespace() {
            let read = one(word).unwrap_or_else(|| panic!("{of} {word}"));
            let element = definitions::element(of, read.path).unwrap_or_else(|| panic!("{of} {word}"));
            // Two names for one thing would be two rules.
            assert!(element.path.ends_with("[x]") == read.path.ends_with("[x]"), "{of} {word}");
        }
    }
}

#[test]
fn what_is_required_is_listed_or_the_type_could_never_be_kept() {
    for of in TABLE.types() {
        for required in &TABLE.of(of).unwrap().required {
            assert!(
                required.keys.iter().any(|key| TABLE.of(of).unwrap().members.contains_key(key)),
                "{}",
                required.path
            );
        }
    }
    for shape in &TABLE.shapes {
        for required in &shape.required {
            assert!(required.keys.iter().any(|key| shape.members.contains_key(key)), "{}", required.path);
        }
    }
}

#[test]
fn no_listed_element_is_of_a_type_that_is_gone_in_every_form() {
    for shape in &TABLE.shapes {
        for member in shape.members.values() {
            let listed = !member.modifier || member.rule == Rule::KnownGone;
            let gone = member.kind == Kind::Gone && member.rule == Rule::OfType && listed;
            let choice = shape.members.values().any(|other| {
                other.kind != Kind::Gone && other.path != member.path && other.key.get(..4) == member.key.get(..4)
            });
            assert!(!gone || choice, "{}", member.path);
        }
    }
}
