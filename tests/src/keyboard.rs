use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;

use crate::Desktop;
use crate::page::Role;

/// Steps with the Tab key after which a person gives up.
const STEPS: u32 = 200;

impl Desktop {
    /// The role and name of what has the keyboard's focus.
    ///
    /// # Panics
    /// When the window does not answer.
    pub async fn focused(&self) -> (String, String) {
        let answer = self.look("focused", json!([])).await;
        let part = |at: usize| answer[at].as_str().unwrap_or_default().to_owned();
        (part(0), part(1))
    }

    /// Presses one key of the keyboard, with `held` keys held down.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn key(&self, held: &[Key], key: impl Into<char>) {
        self.keys(held, &key.into().to_string()).await;
    }

    /// Presses keys one after the other, with `held` keys held down.
    ///
    /// # Panics
    /// When the window does not take them.
    pub async fn keys(&self, held: &[Key], keys: &str) {
        let down = |value: char| KeyAction::Down { value };
        let up = |value: char| KeyAction::Up { value };
        let before = held.iter().map(|&key| down(key.into()));
        let each = keys.chars().flat_map(|key| [down(key), up(key)]);
        let after = held.iter().rev().map(|&key| up(key.into()));
        let start = KeyActions::new("keyboard".to_owned());
        let actions = before.chain(each).chain(after).fold(start, KeyActions::then);
        self.window.perform_actions(actions).await.expect("the window takes keys");
    }

    /// Presses Enter.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn enter(&self) {
        self.key(&[], Key::Enter).await;
    }

    /// Types `text` where the focus is.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn type_text(&self, text: &str) {
        self.keys(&[], text).await;
    }

    /// Moves with the Tab key, as a person without a pointer does, to the element with this role and name, and sees
    /// there that the focus shows.
    ///
    /// # Panics
    /// When many steps do not lead there, or nothing shows where the focus is.
    pub async fn tab_to(&self, role: Role, name: &str) {
        self.steps_to(&[], role, name).await;
    }

    /// The same backwards, with Shift and Tab.
    ///
    /// # Panics
    /// As [`Desktop::tab_to`].
    pub async fn tab_back_to(&self, role: Role, name: &str) {
        self.steps_to(&[Key::Shift], role, name).await;
    }

    async fn steps_to(&self, held: &[Key], role: Role, name: &str) {
        self.find(role, name).await;
        for _ in 0..STEPS {
            let (is, called) = self.focused().await;
            if is == role.name() && called.contains(name) {
                return self.expect_ring(&called).await;
            }
            self.key(held, Key::Tab).await;
        }
        self.stop(&format!("{role:?} “{name}” cannot be reached with the Tab key")).await;
    }

    /// Ends the test when a person cannot see where the focus is.
    ///
    /// # Panics
    /// When there is no ring, or it is covered or outside the window.
    pub async fn expect_ring(&self, what: &str) {
        // A window that just scrolled there may still be moving.
        let clear = async || self.look("ring", json!([])).await.as_str().filter(|wrong| wrong.is_empty()).map(drop);
        if self.within(clear).await.is_none() {
            let wrong = self.look("ring", json!([])).await;
            self.stop(&format!("the focus on “{what}” does not show: {wrong}")).await;
        }
    }

    /// Waits for the page with this h1 and for the focus to be on it, as after every step to another page.
    ///
    /// # Panics
    /// When either does not come.
    pub async fn arrive(&self, h1: &str) {
        self.page(h1).await;
        self.focus_is(Role::Heading, h1).await;
    }

    /// Waits until the focus is on the element with this role and name.
    ///
    /// # Panics
    /// When it does not come there.
    pub async fn focus_is(&self, role: Role, name: &str) {
        let there = async || {
            let (is, called) = self.focused().await;
            (is == role.name() && called.contains(name)).then_some(())
        };
        if self.within(there).await.is_none() {
            let (is, called) = self.focused().await;
            self.stop(&format!("the focus is on {is} “{called}” and not on {role:?} “{name}”")).await;
        }
    }
}
