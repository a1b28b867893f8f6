use std::time::{Duration, Instant};

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::Desktop;

/// How long the window may take to show what was waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

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
    pub(crate) fn name(self) -> &'static str {
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
        // A person scrolls until they see it; the driver gives up where a page scrolls by itself.
        let scroll = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.with(role, name, async |element| {
            self.window.execute(scroll, vec![serde_json::to_value(&element)?]).await?;
            element.click().await
        })
        .await;
    }

    /// Writes `text` into the field with this label, in place of what stood there.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn fill(&self, label: &str, text: &str) {
        self.with(Role::Textbox, label, async |field| {
            field.clear().await?;
            field.send_keys(text).await
        })
        .await;
    }

    /// Does something with the element with this role and name. Where it made way for its like elsewhere on the page
    /// in the meantime, it is looked for again, as a person would.
    async fn with(&self, role: Role, name: &str, act: impl AsyncFn(Element) -> Result<(), CmdError>) {
        let what = format!("{role:?} “{name}” that stays");
        self.until(&what, async || match act(self.find(role, name).await).await {
            Ok(()) => Some(()),
            Err(error) if error.is_stale_element_reference() => None,
            Err(error) => panic!("{role:?} “{name}” does not take it: {error:?}"),
        })
        .await;
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

    /// Goes to an address of the window, as its links do, and waits until the page is there.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn visit(&self, address: &str) {
        let go = "const [address, done] = arguments;
            if (location.hash === address) return done(true);
            addEventListener('popstate', () => requestAnimationFrame(() => requestAnimationFrame(done)), { once: true });
            location.hash = address;";
        self.window.execute_async(go, vec![json!(address)]).await.expect("the window goes there");
        self.ready().await;
    }

    /// Follows the first link that a selector finds.
    ///
    /// # Panics
    /// When there is none.
    pub async fn open(&self, selector: &str) {
        let what = format!("a link ({selector})");
        let there = async || self.look("link", json!([selector])).await.as_str().map(str::to_owned);
        let address = self.until(&what, there).await;
        self.visit(&address).await;
    }

    /// Puts `text` into the field with this label in one go, as pasting does.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn paste(&self, label: &str, text: &str) {
        let field = self.find(Role::Textbox, label).await;
        let which = serde_json::to_value(&field).expect("an element has an id");
        let paste = "const [field, text] = arguments;
            field.focus();
            field.value = text;
            field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
        self.window.execute(paste, vec![which, json!(text)]).await.expect("the page runs a script");
    }

    /// Waits until nothing on the page is still being fetched.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn ready(&self) {
        self.until("the page", async || self.look("ready", json!([])).await.as_bool().filter(|ready| *ready)).await;
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

    /// By how many CSS pixels the page is wider than its window: 0 where nobody must scroll sideways.
    ///
    /// # Panics
    /// When the window does not answer.
    pub async fn sideways(&self) -> u64 {
        self.look("sideways", json!([])).await.as_u64().unwrap_or_default()
    }

    pub(crate) async fn look(&self, what: &str, with: Value) -> Value {
        let script = format!("{LOOK}\nreturn look[arguments[0]](...arguments[1]);");
        self.window.execute(&script, vec![json!(what), with]).await.expect("the window answers a script")
    }

    pub(crate) async fn until<T>(&self, what: &str, there: impl AsyncFnMut() -> Option<T>) -> T {
        match self.within(there).await {
            Some(found) => found,
            None => self.stop(&format!("{what} does not appear")).await,
        }
    }

    /// What was waited for, unless it takes too long.
    pub(crate) async fn within<T>(&self, mut there: impl AsyncFnMut() -> Option<T>) -> Option<T> {
        let start = Instant::now();
        loop {
            if let Some(found) = there().await {
                return Some(found);
            }
            if start.elapsed() > PATIENCE {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Ends the test with a picture and the words of the page it stopped at.
    pub(crate) async fn stop(&self, why: &str) -> ! {
        let picture = self.picture("stopped").await;
        panic!("{why}; picture in {}; the page says:\n{}", picture.display(), self.text().await);
    }
}

/// The id in WebDriver's form of an element.
fn element_id(answer: &Value) -> Option<String> {
    answer.as_object()?.values().next()?.as_str().map(str::to_owned)
}
