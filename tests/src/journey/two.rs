//! Two windows of two people on one computer: a mother lets her daughter have a part of her record, and takes it back.

mod side;

use fantoccini::key::Key;

use self::side::{PERSON, Side};
use super::share::address_in;
use crate::eye::{Eye, all_views};
use crate::language::Language;
use crate::{Desktop, Look, Options, Role, Sandbox, View};

/// Two people, each at a window of their own with a home and a key store of its own.
struct Two<'a> {
    mother: Side<'a>,
    daughter: Side<'a>,
    sandbox: Sandbox,
}

/// Cards are exchanged and compared; a mandate is given, taken, brought in under and ended; what came is erased, and the
/// giver hears it. Everything is done with the keyboard; only the long signed texts are pasted. The mother's window is
/// light and speaks English, the daughter's is dark and speaks Spanish; with `SATCHEL_VIEWS=all` also the other way round.
///
/// # Panics
/// At the first step that is not as it must be, and at the end when a page was not whole.
pub async fn two_satchels() {
    let (english, spanish) = ((Look::Light, Language::English), (Look::Dark, Language::Spanish));
    two(english, spanish).await;
    if all_views() {
        two((Look::Dark, Language::Spanish), (Look::Light, Language::English)).await;
    }
}

async fn two(mothers: (Look, Language), daughters: (Look, Language)) {
    let eye = Eye::new(&View::ALL, if all_views() { &View::ALL } else { &[View::Wide] });
    // The laboratory does not answer yet.
    let sandbox = Sandbox::start(&["--people", "1", "--resources", "200", "--fault", "forbidden-kind=Observation"]);
    let mother = Desktop::start(Options { look: mothers.0, ..Options::beside(&sandbox) }).await;
    let daughter = Desktop::start(Options { look: daughters.0, ..Options::default() }).await;
    let mother = Side { desktop: mother, other: "Nora", eye: &eye };
    let daughter = Side { desktop: daughter, other: "Mum", eye: &eye };
    mother.begin(&sandbox.person()).await;
    mother.connect().await;
    mother.desktop.speak(mothers.1).await;
    daughter.begin("Nora Calder").await;
    daughter.desktop.speak(daughters.1).await;
    let two = Two { mother, daughter, sandbox };
    two.meet().await;
    two.give_and_take().await;
    two.bring_in().await;
    two.keep_in_step().await;
    two.end_and_erase().await;
    two.mother.go("4", "Sharing").await;
    two.mother.press(Role::Button, "Close the door").await;
    two.mother.see("Nobody can reach this Satchel").await;
    two.mother.desktop.close().await;
    two.daughter.desktop.close().await;
    eye.tell();
}

impl Two<'_> {
    /// Each makes a card for the other, takes in theirs, and both see one code.
    async fn meet(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        mother.go("4", "Sharing").await;
        mother.press(Role::Button, "Let others reach it").await;
        address_in(&mother.see("Address to give to a program").await);
        mother.press(Role::Link, "Contacts ({count})").await;
        mother.see("No contacts yet").await;
        mother.press(Role::Link, "Exchange contact cards").await;
        mother.arrive("Make a contact card").await;
        mother.press(Role::Button, "Make the card").await;
        mother.press(Role::Link, "Write a name.").await;
        mother.desktop.focus_is(Role::Textbox, &mother.say("Who is it for?")).await;
        mother.desktop.type_text("Nora").await;
        mother.desktop.enter().await;
        mother.arrive("A contact card for {name}").await;
        mother.look("two-1-card").await;
        let card = mother.signed_text("The text of the card").await;
        assert_eq!(mother.read_off("two-1-card").await, card, "a scanner reads the same from the screen");

        daughter.go("4", "Sharing").await;
        daughter.press(Role::Link, "Contacts ({count})").await;
        daughter.press(Role::Link, "Take in their card").await;
        daughter.arrive("Take in a contact card").await;
        daughter.write("What do you call them?", "Mum").await;
        daughter.paste("Text of their card", "this is not a card").await;
        daughter.press(Role::Button, "Take in their card").await;
        daughter.see("This is not a contact card.").await;
        daughter.paste("Text of their card", &card).await;
        daughter.press(Role::Button, "Take in their card").await;
        daughter.arrive("Compare a code with {name}").await;
        let code = daughter.code().await;
        daughter.look_in_both("two-1-compare", "It is the same").await;
        let answer = daughter.signed_text("The text of the card").await;

        mother.paste("Text of their card", &answer).await;
        mother.press(Role::Button, "Take in their card").await;
        mother.arrive("Compare a code with {name}").await;
        mother.desktop.see("Nora Calder").await;
        assert_eq!(mother.code().await, code, "both see one code");
        for side in [mother, daughter] {
            side.press(Role::Button, "It is the same").await;
            side.arrive("You know {name} by their key").await;
        }
        mother.look("two-1-known").await;
    }

    /// The mother gives a mandate, narrowed; the daughter takes it for the person that stands for her.
    async fn give_and_take(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        mother.press(Role::Link, "Give a mandate").await;
        mother.arrive("Give {name} a mandate").await;
        mother.see("Left out: everything").await;
        let day = mother.choose_day("Until", 100).await;
        mother.tick("HIV").await;
        let left_out = ["Psychotherapy notes", " or ", "HIV"].map(|part| mother.say(part)).concat();
        mother.desktop.see(&format!("{}, {left_out}.", mother.say("Medications"))).await;
        let until = mother.desktop.language().say("the end of {day}", &[("day", &day)]);
        mother.desktop.see(&format!("{until}.")).await;
        mother.desktop.ready().await;
        mother.press(Role::Button, "Give {name} this mandate until {date}").await;
        mother.arrive("You shared part of your record with {name}").await;
        mother.press(Role::Button, "Show it as a code and a file").await;
        mother.see("The text of the mandate").await;
        mother.look("two-2-mandate").await;
        let mandate = mother.signed_text("The text of the mandate").await;
        assert_eq!(mother.read_off("two-2-mandate").await, mandate, "a scanner reads the mandate too");
        let shown_again = async || {
            mother.arrive("You shared part of your record with {name}").await;
            mother.press(Role::Button, "Show it as a code and a file").await;
            mother.see("The text of the mandate").await;
        };
        mother.eye.see_translated(&mother.desktop, "two-2-mandate", shown_again).await;

        daughter.press(Role::Link, "Take in a mandate").await;
        daughter.arrive("Take in a mandate").await;
        daughter.see("Nobody but you is in this Satchel").await;
        daughter.press(Role::Link, "Add a person").await;
        daughter.arrive("Add a person").await;
        daughter.write("Name", PERSON).await;
        daughter.desktop.tab_to(Role::Radio, &daughter.say("My child")).await;
        daughter.desktop.key(&[], Key::Down).await;
        daughter.press(Role::Button, "Add this person").await;
        daughter.arrive("Settings").await;
        daughter.go("4", "Sharing").await;
        daughter.press(Role::Link, "Given to me ({count})").await;
        daughter.see("Nobody gave you a mandate").await;
        daughter.press(Role::Link, "Take in a mandate").await;
        daughter.arrive("Take in a mandate").await;
        daughter.paste("Text of the mandate", &mandate).await;
        daughter.look("two-2-take").await;
        daughter.press(Role::Button, "Take it in").await;
        daughter.arrive("What {name} lets you have").await;
        daughter.see("It is a part of the record of {name}. What they leave out is not said.").await;
        daughter
            .look_in_both("two-2-held", "It is a part of the record of {name}. What they leave out is not said.")
            .await;
    }

    /// What the mandate lets through comes, what it hides does not, and each page says whose it is and that it is a part.
    async fn bring_in(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        self.bring_in_what_is_new().await;
        daughter.look("two-3-report").await;
        daughter.press(Role::Link, "Open the record").await;
        daughter.desktop.arrive(PERSON).await;
        daughter.lent().await;
        daughter.look("two-3-record").await;
        for kind in ["condition", "visit", "immunization"] {
            assert_eq!(daughter.count(kind).await, mother.count(kind).await, "{kind}");
        }
        assert!(mother.count("medication").await > 0, "the mother has medications");
        assert_eq!(daughter.count("medication").await, 0, "hidden ones do not come");
        assert_eq!(daughter.count("lab").await, 0, "none is here yet");
        daughter.open_an_item().await;
        daughter.lent().await;
        daughter.look("two-3-item").await;
    }

    async fn bring_in_what_is_new(&self) {
        let daughter = &self.daughter;
        daughter.press(Role::Button, "Bring in what is new").await;
        let arrived = daughter.desktop.language().say("The record of {name} has arrived", &[("name", PERSON)]);
        daughter.desktop.arrive(&arrived).await;
    }

    /// A new result of the mother's comes through.
    async fn keep_in_step(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        self.sandbox.clear_faults();
        mother.go("6", "Connections").await;
        mother.press(Role::Button, "Bring in new items").await;
        mother.arrive("Your record has arrived").await;
        let results = mother.count("lab").await;
        self.look_at_what_is_held().await;
        self.bring_in_what_is_new().await;
        let came = daughter.count("lab").await;
        assert!(came > 0 && came <= results, "{came} of {results} results");
        assert_eq!(daughter.count("medication").await, 0, "hidden ones still do not come");
    }

    /// The daughter opens the mandate that she has.
    async fn look_at_what_is_held(&self) {
        let daughter = &self.daughter;
        daughter.go("4", "Sharing").await;
        daughter.press(Role::Link, "Given to me ({count})").await;
        daughter.press_named(Role::Link, daughter.other).await;
        daughter.arrive("What {name} lets you have").await;
    }

    /// The mother ends it and asks to erase; the daughter hears it, erases; the mother reads that she did.
    async fn end_and_erase(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        mother.go("4", "Sharing").await;
        mother.press_named(Role::Link, mother.other).await;
        mother.desktop.arrive(mother.other).await;
        mother.tick("Ask them to erase what they have").await;
        mother.look("two-4-share").await;
        mother.press(Role::Button, "End now").await;
        mother.see("Ended {when}: {why}. Nothing can be read by it any more.").await;
        mother.see("You asked them to erase it, {when}.").await;
        mother.look("two-4-waiting").await;

        daughter.go("4", "Sharing").await;
        daughter.press(Role::Link, "Given to me ({count})").await;
        daughter.see("asks you to erase").await;
        daughter.look("two-4-held").await;
        daughter.press_named(Role::Link, daughter.other).await;
        daughter.arrive("What {name} lets you have").await;
        daughter.see("{name} asks you to erase what came under it, {when}.").await;
        daughter.look_in_both("two-4-asked", "{name} asks you to erase what came under it, {when}.").await;
        daughter.press(Role::Link, "Erase it …").await;
        daughter.arrive("Erase what came from {name}").await;
        daughter.look_in_both("two-4-erase", "It cannot be brought back from this computer.").await;
        daughter.press(Role::Button, "Erase {count} items from {name}").await;
        daughter.arrive("What {name} lets you have").await;
        daughter.see("You erased what came under it, {when}.").await;
        daughter.see("{name} was told, {when}.").await;
        daughter.look_in_both("two-4-erased", "You erased what came under it, {when}.").await;
        daughter.desktop.keys(&[Key::Control], "2").await;
        let empty = daughter.see("Nothing here yet").await;
        assert!(!empty.contains(daughter.other), "nothing is lent any more: {empty}");

        mother.press(Role::Button, "Look again").await;
        mother.see("Their Satchel confirms that it erased everything, {when}.").await;
        mother.look_in_both("two-4-confirmed", "Their Satchel confirms that it erased everything, {when}.").await;
    }
}
