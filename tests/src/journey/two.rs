//! Two windows of two people on one computer: a mother lets her daughter have a part of her record, and takes it back.

use fantoccini::key::Key;
use serde_json::json;

use super::cards::scanned;
use super::share::{address_in, choose_day};
use super::{connect, make};
use crate::{Desktop, Options, Role, Sandbox};

async fn press(desktop: &Desktop, role: Role, name: &str) {
    desktop.tab_to(role, name).await;
    desktop.enter().await;
}

async fn tick(desktop: &Desktop, name: &str) {
    desktop.tab_to(Role::Checkbox, name).await;
    desktop.key(&[], Key::Space).await;
}

/// Two people, each at a window of their own with a home and a key store of its own.
struct Two {
    mother: Desktop,
    daughter: Desktop,
    sandbox: Sandbox,
}

/// Cards are exchanged and compared; a mandate is given, taken, brought in under and ended; what came is erased, and the
/// giver hears it. Everything is pressed with the keyboard; only the long signed texts are pasted.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn two_satchels() {
    // The laboratory does not answer yet.
    let sandbox = Sandbox::start(&["--people", "1", "--resources", "200", "--fault", "forbidden-kind=Observation"]);
    let mother = Desktop::start(Options::beside(&sandbox)).await;
    let daughter = Desktop::start(Options::default()).await;
    let two = Two { mother, daughter, sandbox };
    make(&two.mother, &two.sandbox.person()).await;
    connect(&two.mother, "Fenwick Valley").await;
    make(&two.daughter, "Nora Calder").await;
    two.meet().await;
    two.give_and_take().await;
    two.bring_in().await;
    two.keep_in_step().await;
    two.end_and_erase().await;
    two.mother.visit("#/sharing").await;
    press(&two.mother, Role::Button, "Close the door").await;
    two.mother.see("Nobody can reach this Satchel").await;
    two.mother.close().await;
    two.daughter.close().await;
}

impl Two {
    /// Each makes a card for the other, takes in theirs, and both see one code.
    async fn meet(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        mother.keys(&[Key::Control], "4").await;
        mother.arrive("Sharing").await;
        press(mother, Role::Button, "Let others reach it").await;
        address_in(&mother.see("Address to give to a program:").await);
        press(mother, Role::Link, "Contacts").await;
        mother.see("No contacts yet").await;
        press(mother, Role::Link, "Exchange contact cards").await;
        mother.arrive("Make a contact card").await;
        press(mother, Role::Button, "Make the card").await;
        press(mother, Role::Link, "Write a name.").await;
        mother.focus_is(Role::Textbox, "Who is it for?").await;
        mother.type_text("Nora").await;
        mother.enter().await;
        mother.arrive("A contact card for Nora").await;
        let card = signed_text(mother, "The text of the card").await;
        assert_eq!(read_off(mother, "two-1-card").await, card, "a scanner reads the same from the screen");
        mother.expect_accessible("two-1-card").await;

        daughter.keys(&[Key::Control], "4").await;
        daughter.arrive("Sharing").await;
        press(daughter, Role::Link, "Contacts").await;
        press(daughter, Role::Link, "Take in their card").await;
        daughter.arrive("Take in a contact card").await;
        daughter.tab_to(Role::Textbox, "What do you call them?").await;
        daughter.type_text("Mum").await;
        daughter.paste("Text of their card", "this is not a card").await;
        press(daughter, Role::Button, "Take in their card").await;
        daughter.see("This is not a contact card.").await;
        daughter.paste("Text of their card", &card).await;
        press(daughter, Role::Button, "Take in their card").await;
        daughter.arrive("Compare a code with Mum").await;
        let code = code_of(daughter).await;
        let answer = signed_text(daughter, "The text of the card").await;
        daughter.scene("two-1-compare").await;

        mother.paste("Text of their card", &answer).await;
        press(mother, Role::Button, "Take in their card").await;
        mother.arrive("Compare a code with Nora").await;
        mother.see("Nora Calder").await;
        assert_eq!(code_of(mother).await, code, "both see one code");
        for (desktop, name) in [(mother, "Nora"), (daughter, "Mum")] {
            press(desktop, Role::Button, "It is the same").await;
            desktop.arrive(&format!("You know {name} by their key")).await;
        }
        mother.scene("two-1-known").await;
    }

    /// The mother gives a mandate, narrowed; the daughter takes it for the person that stands for her.
    async fn give_and_take(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        press(mother, Role::Link, "Give a mandate").await;
        mother.arrive("Give Nora a mandate").await;
        mother.see("Left out: everything about Medications or Psychotherapy notes.").await;
        let day = choose_day(mother, "Until", 100).await;
        mother.see(&format!("Until the end of {day}.")).await;
        tick(mother, "HIV").await;
        mother.see("Medications, Psychotherapy notes or HIV.").await;
        mother.ready().await;
        press(mother, Role::Button, "Give Nora this mandate until").await;
        mother.arrive("You shared part of your record with Nora").await;
        press(mother, Role::Button, "Show it as a code and a file").await;
        let mandate = signed_text(mother, "The text of the mandate").await;
        assert_eq!(read_off(mother, "two-2-mandate").await, mandate, "a scanner reads the mandate too");
        mother.expect_accessible("two-2-mandate").await;

        press(daughter, Role::Link, "Take in a mandate").await;
        daughter.arrive("Take in a mandate").await;
        daughter.see("Nobody but you is in this Satchel").await;
        press(daughter, Role::Link, "Add a person").await;
        daughter.arrive("Add a person").await;
        daughter.tab_to(Role::Textbox, "Name").await;
        daughter.type_text("Margaret").await;
        daughter.tab_to(Role::Radio, "My child").await;
        daughter.key(&[], Key::Down).await;
        press(daughter, Role::Button, "Add this person").await;
        daughter.arrive("Settings").await;
        daughter.keys(&[Key::Control], "4").await;
        daughter.arrive("Sharing").await;
        press(daughter, Role::Link, "Given to me").await;
        daughter.see("Nobody gave you a mandate").await;
        press(daughter, Role::Link, "Take in a mandate").await;
        daughter.arrive("Take in a mandate").await;
        daughter.paste("Text of the mandate", &mandate).await;
        daughter.scene("two-2-take").await;
        press(daughter, Role::Button, "Take it in").await;
        daughter.arrive("What Mum lets you have").await;
        daughter.see("It is a part of the record of Mum.").await;
        daughter.scene("two-2-held").await;
    }

    /// What the mandate lets through comes, what it hides does not, and each page says whose it is and that it is a part.
    async fn bring_in(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        press(daughter, Role::Button, "Bring in what is new").await;
        daughter.arrive("The record of Margaret has arrived").await;
        press(daughter, Role::Link, "Open the record").await;
        daughter.page("Margaret").await;
        daughter.see("Lent by Mum until").await;
        daughter.see("It is a part of this record, not all of it.").await;
        daughter.scene("two-3-record").await;
        for kind in ["condition", "visit", "immunization"] {
            assert_eq!(count(daughter, kind).await, count(mother, kind).await, "{kind}");
        }
        assert!(count(mother, "medication").await > 0, "the mother has medications");
        assert_eq!(count(daughter, "medication").await, 0, "hidden ones do not come");
        assert_eq!(count(daughter, "lab").await, 0, "none is here yet");
        daughter.visit("#/record?kind=condition").await;
        daughter.open("main .rows a.row__title").await;
        daughter.see("It is a part of this record, not all of it.").await;
    }

    /// A new result of the mother's comes through.
    async fn keep_in_step(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        self.sandbox.clear_faults();
        mother.visit("#/connections").await;
        press(mother, Role::Button, "Bring in new items").await;
        mother.page("Your record has arrived").await;
        let results = count(mother, "lab").await;
        daughter.visit("#/sharing?tab=held").await;
        press(daughter, Role::Link, "Mum").await;
        daughter.arrive("What Mum lets you have").await;
        press(daughter, Role::Button, "Bring in what is new").await;
        daughter.arrive("The record of Margaret has arrived").await;
        let came = count(daughter, "lab").await;
        assert!(came > 0 && came <= results, "{came} of {results} results");
        assert_eq!(count(daughter, "medication").await, 0, "hidden ones still do not come");
    }

    /// The mother ends it and asks to erase; the daughter hears it, erases; the mother reads that she did.
    async fn end_and_erase(&self) {
        let (mother, daughter) = (&self.mother, &self.daughter);
        mother.visit("#/sharing").await;
        press(mother, Role::Link, "Nora").await;
        mother.arrive("Nora").await;
        tick(mother, "Ask them to erase what they have").await;
        mother.scene("two-4-share").await;
        press(mother, Role::Button, "End now").await;
        mother.see("Nothing can be read by it any more").await;
        mother.see("Nothing was heard yet.").await;
        mother.scene("two-4-waiting").await;

        daughter.visit("#/sharing?tab=held").await;
        daughter.see("asks you to erase").await;
        daughter.scene("two-4-held").await;
        press(daughter, Role::Link, "Mum").await;
        daughter.arrive("What Mum lets you have").await;
        daughter.see("Mum asks you to erase what came under it").await;
        daughter.scene("two-4-asked").await;
        press(daughter, Role::Link, "Erase it").await;
        daughter.arrive("Erase what came from Mum").await;
        daughter.scene("two-4-erase").await;
        press(daughter, Role::Button, "from Mum").await;
        daughter.arrive("What Mum lets you have").await;
        daughter.see("You erased what came under it").await;
        daughter.see("Mum was told").await;
        daughter.scene("two-4-erased").await;
        daughter.visit("#/record").await;
        let empty = daughter.see("Nothing").await;
        assert!(!empty.contains("Lent by Mum"), "nothing is lent any more: {empty}");

        press(mother, Role::Button, "Look again").await;
        mother.see("Their Satchel confirms that it erased everything").await;
        mother.scene("two-4-confirmed").await;
    }
}

/// The text that a page gives away, under what it is called there.
async fn signed_text(desktop: &Desktop, name: &str) -> String {
    press(desktop, Role::Summary, name).await;
    let ask = "return document.querySelector('main .give details[open] pre')?.textContent ?? '';";
    let there = async || {
        let text = desktop.window.execute(ask, Vec::new()).await.expect("the page runs a script");
        text.as_str().filter(|text| text.starts_with("eyJ")).map(str::to_owned)
    };
    let text = desktop.until(name, there).await;
    // Folded again: the picture of the page is the one that people see.
    desktop.enter().await;
    text
}

/// What a scanner that is not ours reads from the code on the screen.
async fn read_off(desktop: &Desktop, picture: &str) -> String {
    let scroll = "document.querySelector('main .qr').scrollIntoView({ block: 'center', behavior: 'instant' });";
    desktop.window.execute(scroll, Vec::new()).await.expect("the page runs a script");
    scanned(desktop, picture).await.trim().to_owned()
}

async fn code_of(desktop: &Desktop) -> String {
    let ask = "return document.querySelector('.compare__code')?.textContent ?? '';";
    let there = async || {
        let code = desktop.window.execute(ask, Vec::new()).await.expect("the page runs a script");
        code.as_str().filter(|code| code.len() == 7).map(str::to_owned)
    };
    desktop.until("a code to compare", there).await
}

/// How many items of a kind the record has that is shown.
async fn count(desktop: &Desktop, kind: &str) -> u64 {
    desktop.visit(&format!("#/record?kind={kind}&results=every")).await;
    let ask = "const heading = document.querySelector('#found');
        if (heading) return parseInt(heading.textContent.replaceAll(',', ''), 10);
        return document.querySelector('main .empty, main p.actions--center') ? 0 : null;";
    let there = async || desktop.window.execute(ask, vec![json!(kind)]).await.expect("the page runs a script").as_u64();
    desktop.until(&format!("the count of {kind}"), there).await
}
