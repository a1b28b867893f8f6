use fantoccini::key::Key;
use serde_json::json;

use crate::eye::Eye;
use crate::journey::scanned;
use crate::journey::share::day_from_now;
use crate::{Desktop, Role};

/// The person who stands in the daughter's window for her mother.
pub(super) const PERSON: &str = "Margaret";

/// A person at their window, without a pointer. What is pressed, read and waited for is named as the catalogue of the
/// window has it in English, with its places `{name}`, the other side, and `{person}`, whose record it is; the window
/// speaks the language that it speaks.
pub(super) struct Side<'a> {
    pub(super) desktop: Desktop,
    /// What they call the other side.
    pub(super) other: &'static str,
    pub(super) eye: &'a Eye,
}

impl Side<'_> {
    /// First run: a name, the key in the system's key store, an empty home. A new window speaks English.
    pub(super) async fn begin(&self, name: &str) {
        self.arrive("Your health record, kept by you").await;
        self.write("Your name", name).await;
        self.press(Role::Button, "Make my Satchel").await;
        self.see("Nothing is here yet").await;
    }

    /// Finds a health system, signs in with the browser, brings the record in.
    pub(super) async fn connect(&self) {
        self.press(Role::Link, "Connect a health system").await;
        self.arrive("Connect a health system").await;
        self.write("Search by name or place", "Fenwick").await;
        self.press_named(Role::Button, "Fenwick Valley").await;
        self.arrive("Your record has arrived").await;
    }

    /// The words of the window in its language.
    pub(super) fn say(&self, english: &str) -> String {
        self.desktop.language().say(english, &[("name", self.other), ("person", PERSON)])
    }

    /// Goes with the Tab key to what bears this name, and presses Enter there.
    pub(super) async fn press(&self, role: Role, english: &str) {
        self.press_named(role, &self.say(english)).await;
    }

    /// The same, where the name is not the window's but somebody's.
    pub(super) async fn press_named(&self, role: Role, name: &str) {
        self.desktop.tab_to(role, name).await;
        self.desktop.enter().await;
    }

    /// Goes to one of the seven places by its number.
    pub(super) async fn go(&self, number: &str, place: &str) {
        self.desktop.keys(&[Key::Control], number).await;
        self.arrive(place).await;
    }

    /// Waits for the page with this h1, and for the focus to be on it.
    pub(super) async fn arrive(&self, english: &str) {
        self.desktop.arrive(&self.say(english)).await;
    }

    /// Waits for these words, and gives everything that the page says.
    pub(super) async fn see(&self, english: &str) -> String {
        self.desktop.see(&self.say(english)).await
    }

    /// Waits until the page says from whom it is lent, and that it is a part.
    pub(super) async fn lent(&self) {
        let said = self.see("Lent by {name} until {date}. It is a part of this record, not all of it.").await;
        assert!(said.contains(self.other), "it says who lent it: {said}");
    }

    pub(super) async fn tick(&self, english: &str) {
        self.desktop.tab_to(Role::Checkbox, &self.say(english)).await;
        self.desktop.key(&[], Key::Space).await;
    }

    pub(super) async fn write(&self, field: &str, text: &str) {
        self.desktop.tab_to(Role::Textbox, &self.say(field)).await;
        self.desktop.type_text(text).await;
    }

    /// For the long signed texts that nobody types.
    pub(super) async fn paste(&self, field: &str, text: &str) {
        let field = self.say(field);
        self.desktop.tab_to(Role::Textbox, &field).await;
        self.desktop.paste(&field, text).await;
    }

    /// Chooses a day so many days from now, and gives it as the window writes it.
    pub(super) async fn choose_day(&self, field: &str, days: u32) -> String {
        let [_, shown, said] = day_from_now(&self.desktop, days).await;
        // The field has three parts, with the arrow from one to the next.
        self.write(field, &shown.replace('/', &char::from(Key::Right).to_string())).await;
        said
    }

    /// Looks at the page in every size.
    pub(super) async fn look(&self, page: &str) {
        self.eye.see(&self.desktop, page).await;
    }

    /// Looks at the page in every size, and at the same page in the other language, where it says these words.
    pub(super) async fn look_in_both(&self, page: &str, words: &str) {
        self.look(page).await;
        let there = async || {
            self.see(words).await;
        };
        self.eye.see_translated(&self.desktop, page, there).await;
    }

    /// The text that a page gives away, under what it is called there.
    pub(super) async fn signed_text(&self, english: &str) -> String {
        self.press(Role::Summary, english).await;
        let ask = "return document.querySelector('main .give details[open] pre')?.textContent ?? '';";
        let text = self.there(english, ask, |text| text.starts_with("eyJ")).await;
        // Folded again: the picture of the page is the one that people see.
        self.desktop.enter().await;
        text
    }

    /// What a scanner that is not ours reads from the code on the screen.
    pub(super) async fn read_off(&self, picture: &str) -> String {
        let scroll = "document.querySelector('main .qr').scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.desktop.window.execute(scroll, Vec::new()).await.expect("the page runs a script");
        scanned(&self.desktop, picture).await.trim().to_owned()
    }

    /// The code that both are to compare.
    pub(super) async fn code(&self) -> String {
        let ask = "return document.querySelector('.compare__code')?.textContent ?? '';";
        self.there("a code to compare", ask, |code| code.len() == 7).await
    }

    async fn there(&self, what: &str, ask: &str, whole: impl Fn(&str) -> bool) -> String {
        let there = async || {
            let text = self.desktop.window.execute(ask, Vec::new()).await.expect("the page runs a script");
            text.as_str().filter(|text| whole(text)).map(str::to_owned)
        };
        self.desktop.until(what, there).await
    }

    /// Goes to the record and reads there how many items it has of a kind.
    pub(super) async fn count(&self, kind: &str) -> u64 {
        self.desktop.keys(&[Key::Control], "2").await;
        let ask = "const kinds = document.querySelector('main #kind');
            const kind = kinds?.querySelector(`option[value=${arguments[0]}]`);
            if (kind) return parseInt(/\\(([\\d.,]+)\\)/.exec(kind.textContent)[1].replaceAll(/[.,]/g, ''), 10);
            return kinds?.querySelector('option:not([value=\"\"])') ? 0 : null;";
        let there = async || {
            let count = self.desktop.window.execute(ask, vec![json!(kind)]).await.expect("the page runs a script");
            count.as_u64()
        };
        self.desktop.until(&format!("the count of {kind}"), there).await
    }

    /// Opens the first item of the record.
    pub(super) async fn open_an_item(&self) {
        let ask = "return document.querySelector('main .rows a.row__title')?.textContent.trim() ?? '';";
        let title = self.there("an item", ask, |title| !title.is_empty()).await;
        self.press_named(Role::Link, &title).await;
        self.desktop.arrive(&title).await;
    }
}
