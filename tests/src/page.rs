use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::Desktop;

/// How long the window may take to show what was waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// What finds an element as a person would name it, and tells what a person would read of one.
const LOOK: &str = include_str!("page/look.js");

/// What an element is to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something that is pressed.
    Button,
    /// Something that leads elsewhere.
    Link,
    /// The heading of a page or of a part of it.
    Heading,
    /// A field for words.
    Textbox,
    /// One of several choices.
    Radio,
    /// A choice that stands alone.
    Checkbox,
    /// A choice from a list.
    Combobox,
    /// A tab of several.
    Tab,
    /// What opens and closes a part of the page.
    Summary,
    /// A picture.
    Picture,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Heading => "heading",
            Self::Textbox => "textbox",
            Self::Radio => "radio",
            Self::Checkbox => "checkbox",
            Self::Combobox => "combobox",
            Self::Tab => "tab",
            Self::Summary => "summary",
            Self::Picture => "picture",
        }
    }
}

impl Desktop {
    /// The visible element with this role and name; a name that no element bears exactly is looked for inside names.
    ///
    /// # Panics
    /// When none appears.
    pub async fn find(&self, role: Role, name: &str) -> Element {
        let what = format!("{role:?} “{name}”");
        let id = self.until(&what, async || element_id(&self.look("find", json!([role.name(), name])).await)).await;
        Element::from_element_id(self.window.clone(), ElementRef::from(id))
    }

    /// Whether an element with this role and name is visible now.
    ///
    /// # Panics
    /// When the window does not answer.
    pub async fn shows(&self, role: Role, name: &str) -> bool {
        !self.look("find", json!([role.name(), name])).await.is_null()
    }

    /// Presses the element with this role and name.
    ///
    /// # Panics
    /// When there is none, or it cannot be pressed.
    pub async fn press(&self, role: Role, name: &str) {
        let element = self.find(role, name).await;
        // A person scrolls until they see it; the driver gives up where a page scrolls by itself.
        let scroll = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        let which = serde_json::to_value(&element).expect("an element has an id");
        self.window.execute(scroll, vec![which]).await.expect("the page scrolls");
        element.click().await.unwrap_or_else(|error| panic!("{role:?} “{name}” cannot be pressed: {error:?}"));
    }

    /// Writes `text` into the field with this label, in place of what stood there.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.find(Role::Textbox, label).await;
        field.clear().await.expect("a field can be emptied");
        field.send_keys(text).await.expect("a field takes words");
    }

    /// Waits for the page whose h1 contains `words`, and gives the whole h1.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn page(&self, words: &str) -> String {
        self.until(&format!("the page “{words}”"), async || {
            let h1 = self.look("h1", json!([])).await;
            h1.as_str().filter(|h1| h1.contains(words)).map(str::to_owned)
        })
        .await
    }

    /// Waits until the page's words contain `words`, and gives all of them.
    ///
    /// # Panics
    /// When they do not come.
    pub async fn see(&self, words: &str) -> String {
        self.until(&format!("the words “{words}”"), async || {
            let text = self.text().await;
            text.contains(words).then_some(text)
        })
        .await
    }

    /// What a person can read on the page now.
    ///
    /// # Panics
    /// When the window does not answer.
    pub async fn text(&self) -> String {
        self.look("text", json!([])).await.as_str().unwrap_or_default().to_owned()
    }

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
    pub async fn key(&self, held: &[Key], key: char) {
        let down = |value: char| KeyAction::Down { value };
        let up = |value: char| KeyAction::Up { value };
        let mut actions = KeyActions::new("keyboard".to_owned());
        for held in held {
            actions = actions.then(down((*held).into()));
        }
        actions = actions.then(down(key)).then(up(key));
        for held in held.iter().rev() {
            actions = actions.then(up((*held).into()));
        }
        self.window.perform_actions(actions).await.expect("the window takes a key");
    }

    /// Presses Enter.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn enter(&self) {
        self.key(&[], Key::Enter.into()).await;
    }

    /// Types `text` where the focus is.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn type_text(&self, text: &str) {
        for letter in text.chars() {
            self.key(&[], letter).await;
        }
    }

    /// Goes to one of the places of the navigation, opening its menu where it is folded.
    ///
    /// # Panics
    /// When the place does not appear.
    pub async fn go(&self, place: &str) {
        if !self.shows(Role::Link, place).await {
            self.press(Role::Button, "Menu").await;
        }
        self.press(Role::Link, place).await;
        let heading = if place == "Home" { "Good" } else { place };
        self.page(heading).await;
    }

    /// Moves with the Tab key, as a person without a pointer does, to the element with this role and name.
    ///
    /// # Panics
    /// When two hundred steps do not lead there.
    pub async fn tab_to(&self, role: Role, name: &str) {
        self.find(role, name).await;
        for _ in 0..200 {
            let (is, called) = self.focused().await;
            if is == role.name() && called.contains(name) {
                return;
            }
            self.key(&[], Key::Tab.into()).await;
        }
        self.stop(&format!("{role:?} “{name}” cannot be reached with the Tab key")).await;
    }

    /// By how many CSS pixels the page is wider than its window: 0 where nobody must scroll sideways.
    ///
    /// # Panics
    /// When the window does not answer.
    pub async fn sideways(&self) -> u64 {
        self.look("sideways", json!([])).await.as_u64().unwrap_or_default()
    }

    async fn look(&self, what: &str, with: Value) -> Value {
        let script = format!("{LOOK}\nreturn look[arguments[0]](...arguments[1]);");
        self.window.execute(&script, vec![json!(what), with]).await.expect("the window answers a script")
    }

    async fn until<T>(&self, what: &str, mut there: impl AsyncFnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = there().await {
                return found;
            }
            if start.elapsed() > PATIENCE {
                self.stop(&format!("{what} does not appear")).await;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Ends the test with a picture and the words of the page it stopped at.
    async fn stop(&self, why: &str) -> ! {
        let picture = self.picture("stopped").await;
        panic!("{why}; picture in {}; the page says:\n{}", picture.display(), self.text().await);
    }
}

/// The id in WebDriver's form of an element.
fn element_id(answer: &Value) -> Option<String> {
    answer.as_object()?.values().next()?.as_str().map(str::to_owned)
}
