use super::*;

fn found(words: &[&str], text: &str) -> Vec<String> {
    let mut found = Vec::new();
    Words::new(words.iter().map(|word| (*word, ()))).find(text, |(), word| found.push(word.to_owned()));
    found
}

#[test]
fn a_word_is_found_in_any_case_and_without_its_accents() {
    assert_eq!(found(&["metadona"], "Toma METADÓNA cada día"), ["metadona"]);
    assert_eq!(found(&["nota de sesión"], "nota de sesion 12"), ["nota de sesion"]);
}

#[test]
fn a_word_is_not_found_inside_another() {
    assert!(found(&["iep", "ivf"], "diepte activfoo").is_empty());
    assert!(found(&["lithium"], "lithiums").is_empty());
    assert_eq!(found(&["lithium"], "lithium-carbonate"), ["lithium"]);
}

#[test]
fn a_stem_takes_any_ending_and_capitals_stay_capitals() {
    assert_eq!(found(&["psychiatr*"], "Psychiatrist; neuropsychiatry"), ["psychiatr"]);
    assert_eq!(found(&["=AIDS"], "hearing aids, AIDS clinic").len(), 1);
    assert!(found(&["=AIDS"], "hearing aids").is_empty());
}

#[test]
fn no_words_find_nothing() {
    assert!(found(&[], "anything").is_empty());
    assert!(found(&["", "*", "="], "anything").is_empty());
}
