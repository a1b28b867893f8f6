//! Whatever comes from outside is read without harm, and what is made of it stays at its server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use jiff::Timestamp;
use proptest::prelude::*;
use smart::plan::{After, Attempt, FollowUps, after, attachment, next_link};
use smart::{Answer, Redirect, Registration, Scopes};
use types::ServerUrl;
use url::Url;

fn base() -> ServerUrl {
    ServerUrl::parse("https://ehr.example.org/fhir").expect("an address")
}

/// Texts that look like addresses more often than chance would have it.
fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        "[/.?#@:a-z0-9\\\\%-]{0,40}",
        "(https?|ftp|data|javascript)?:?//?[a-z0-9.@:\\[\\]-]{0,20}/?[a-zA-Z/.?=%]{0,20}",
        "https://ehr\\.example\\.org[:@/.a-z]{0,10}(/fhir)?[/.a-zA-Z?]{0,20}",
    ]
}

proptest! {
    #[test]
    fn a_next_link_that_is_followed_stays_at_the_server(link in address()) {
        let page = Url::parse("https://ehr.example.org/fhir/Goal?patient=1").expect("a url");
        if let Ok(url) = next_link(&base(), &page, &link) {
            prop_assert_eq!(url.origin(), page.origin());
            prop_assert!(url.username().is_empty() && url.password().is_none());
        }
    }

    #[test]
    fn an_attachment_that_is_fetched_lies_below_the_base(text in address()) {
        if let Some(url) = attachment(&base(), &text) {
            prop_assert!(url.as_str().starts_with("https://ehr.example.org/fhir/"), "{}", url);
        }
    }

    #[test]
    fn a_reference_that_is_read_lies_below_the_base(text in address()) {
        let mut follow_ups = FollowUps::new(&base(), &Scopes::parse("patient/*.rs"), None);
        follow_ups.add(&text);
        for next in follow_ups {
            prop_assert!(next.url.as_str().starts_with("https://ehr.example.org/fhir/"), "{}", next.url);
        }
    }

    #[test]
    fn no_wait_is_longer_than_five_minutes(status: u16, header in "[0-9]{0,25}|.*", before: u32, refreshed: bool) {
        let attempt = Attempt { before, refreshed };
        if let After::Retry { wait } = after(status, Some(&header), attempt, Timestamp::UNIX_EPOCH) {
            prop_assert!(wait.as_secs() >= 1 && wait.as_secs() <= 300);
        }
    }

    #[test]
    fn any_answer_to_a_registration_is_read_without_harm(status: u16, body: Vec<u8>) {
        let registration = Registration::public("Satchel", Redirect::loopback(1), &Scopes::default());
        let _ = registration.answer(&Answer::new(status, None, &body));
    }
}
