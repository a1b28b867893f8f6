use super::*;
use crate::words::Language;

#[test]
fn every_sentence_reason_and_topic_has_its_words_in_both_languages() {
    for language in [Language::English, Language::Spanish] {
        let missing: Vec<&str> =
            consent::Phrase::keys().filter(|key| language.text(&["grant", key]).is_none()).collect();
        assert_eq!(missing, Vec::<&str>::new());
        for topic in rules().unwrap().topics() {
            let name = if language == Language::English { &topic.names.en } else { &topic.names.es };
            assert_eq!(language.text(&["topics", &topic.id]), Some(&**name));
        }
        use consent::Concern as C;
        for concern in
            [C::RareDisease, C::FewOfAKind, C::RareInPlace, C::PublicEvent, C::Story, C::Occupation, C::RareLanguage]
        {
            assert!(language.text(&["concerns", concern.code()]).is_some(), "{concern:?}");
        }
        let of = || ResourceName { resource: "Goal/1".into(), item: None, title: None };
        let topic = WhyOut::Topic { topic: "hiv".into(), rule: "hiv-001".into() };
        for why in [
            WhyOut::NotPermitted,
            topic,
            WhyOut::Excluded,
            WhyOut::NotReferred,
            WhyOut::Spread,
            WhyOut::EmptyShell,
            WhyOut::DateNotExact,
            WhyOut::NotUnderstood,
            WhyOut::NotDeidentifiable,
            WhyOut::Owner,
        ] {
            let code = left_out(of(), &why).why;
            assert!(language.text(&["leftOut", &code]).is_some(), "{code}");
        }
    }
}
