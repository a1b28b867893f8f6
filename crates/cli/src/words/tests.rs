use std::collections::BTreeSet;
use std::path::Path;

use super::*;

fn sources(folder: &Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            out.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// Keys asked for with `call("key"`.
fn asked(text: &str, call: &str) -> BTreeSet<String> {
    text.split(call)
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'))
        .map(|(key, _)| key.to_owned())
        .collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_placeholders() {
    let (en, es) = (Words::of(Language::English).texts(), Words::of(Language::Spanish).texts());
    assert!(!en.is_empty());
    assert_eq!(en.keys().collect::<Vec<_>>(), es.keys().collect::<Vec<_>>());
    let holes = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    for (key, text) in en {
        assert_eq!(holes(text), holes(&es[key]), "{key}");
    }
}

#[test]
fn every_text_asked_for_is_there_and_none_waits_in_vain() {
    let mut code = String::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut code);
    let texts = Words::of(Language::English).texts();
    let mut wanted: BTreeSet<String> = asked(&code, ".text(").into_iter().chain(asked(&code, ".fill(")).collect();
    wanted.extend(asked(&code, ".count(").into_iter().flat_map(|key| [format!("{key}.one"), format!("{key}.many")]));
    let missing: Vec<_> = wanted.iter().filter(|key| !texts.contains_key(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let idle: Vec<_> = texts
        .keys()
        .filter(|key| {
            !code.contains(&format!(
                "\"{}\"",
                key.trim_end_matches(".one")
                    .trim_end_matches(".many")
                    .trim_end_matches(".what")
                    .trim_end_matches(".help")
            ))
        })
        .collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn numbers_and_counts_read_as_the_language_writes_them() {
    let (en, es) = (Words::of(Language::English), Words::of(Language::Spanish));
    assert_eq!(
        (en.number(1_234_567), es.number(1_234), en.number(999)),
        ("1,234,567".into(), "1.234".into(), "999".into())
    );
    assert_eq!((en.count("items", 1), en.count("items", 2)), ("1 item".into(), "2 items".into()));
}
