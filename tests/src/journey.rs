//! The journeys of a person, each in the real window. A step that is not as it must be ends the telling with a picture.

mod cards;
mod connect;
mod keyboard;
mod look_back;
mod read;
mod share;
mod share_by_keys;
mod start;
mod two;

pub(crate) use cards::scanned;
pub use cards::{add_cards, show_card};
pub use connect::{bring_in_again, connect};
pub use keyboard::by_keyboard;
pub use look_back::{look_back, take_leave_and_return};
pub use read::{follow_a_result, search};
pub use share::{be_asked, close_the_door, end_and_refuse, give_a_mandate, look_at_the_share, open_the_door};
pub(crate) use share::{choose_day, open_request};
pub use start::make;
pub use two::two_satchels;

use crate::{Desktop, Options, Sandbox};

/// Whether the window opens at all.
///
/// # Panics
/// When it does not.
pub async fn opens() {
    let desktop = Desktop::start(Options::default()).await;
    desktop.page("Your health record, kept by you").await;
    desktop.picture("opens").await;
    desktop.close().await;
}

/// All journeys, one after the other, told on standard output.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn all() {
    let say = |number: u32, words: &str| println!("{number}. {words}");
    let sandbox = Sandbox::start(&[]);
    let mut desktop = Desktop::start(Options::beside(&sandbox)).await;
    say(1, "A new person makes a Satchel; its key goes to the key store.");
    make(&desktop, &sandbox.person()).await;
    say(2, "They find their health system, sign in with the browser, and the record comes over.");
    connect(&desktop, "Fenwick Valley").await;
    say(3, "They search the record and follow a result over time.");
    search(&desktop, "glucose").await;
    follow_a_result(&desktop).await;
    say(4, "They bring in again: nothing comes twice.");
    bring_in_again(&desktop).await;
    say(5, "Their health cards come from the health system, and are verified.");
    add_cards(&desktop).await;
    say(6, "They show one; an ordinary scanner reads it from the screen.");
    show_card(&desktop).await;
    say(7, "They open the door, and a daughter's app asks: they see who, what and how much, narrow it, and share.");
    let fhir = open_the_door(&desktop).await;
    be_asked(&desktop, &sandbox, &fhir).await;
    say(8, "They see what was read and on which day, and end it; another app is let in, ended, and refused.");
    look_at_the_share(&desktop).await;
    end_and_refuse(&desktop, &fhir).await;
    say(9, "Somebody they know gets a mandate: everything except two topics, until a day.");
    give_a_mandate(&desktop).await;
    close_the_door(&desktop).await;
    say(10, "They look back: the trail is whole.");
    look_back(&desktop).await;
    say(11, "They lock it, come back, and everything is there.");
    take_leave_and_return(&mut desktop).await;
    desktop.close().await;
}
