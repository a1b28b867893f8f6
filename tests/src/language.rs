//! The languages of the window, and its words in each: read from the catalogues that it is built from, never repeated.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fantoccini::key::Key;
use serde_json::Value;

use crate::{Desktop, Role, root};

/// A language that the window speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Spanish,
}

impl Language {
    pub(crate) fn other(self) -> Self {
        if self == Self::English { Self::Spanish } else { Self::English }
    }

    /// What the pictures of its pages are called, after the name of the page.
    pub(crate) fn suffix(self) -> &'static str {
        if self == Self::English { "" } else { "-es" }
    }

    /// As the settings call it, in every language.
    fn name(self) -> &'static str {
        if self == Self::English { "English" } else { "Español" }
    }

    /// The text that stands here for an English one of the catalogue, with its places filled. Where a place stays open,
    /// the longest stretch without one: what can be looked for on a page without knowing everything on it.
    ///
    /// # Panics
    /// When the catalogue does not have it, or has several translations of it.
    pub(crate) fn say(self, english: &str, places: &[(&str, &str)]) -> String {
        let spanish = SPANISH.get(english).unwrap_or_else(|| panic!("no text of the window is “{english}”"));
        let mut text = match self {
            Self::English => english.to_owned(),
            Self::Spanish => {
                assert_eq!(spanish.len(), 1, "“{english}” is several texts of the window");
                spanish.first().cloned().unwrap_or_default()
            }
        };
        for (name, value) in places {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        if !text.contains('{') {
            return text;
        }
        let stretches = text.split('{').enumerate().map(|(at, part)| match part.split_once('}') {
            Some((_, after)) if at > 0 => after,
            _ => part,
        });
        stretches.map(str::trim).max_by_key(|stretch| stretch.len()).unwrap_or_default().to_owned()
    }
}

/// What the window says in Spanish for each of its English texts. Few have several, for different places.
static SPANISH: LazyLock<HashMap<String, BTreeSet<String>>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for folder in catalogues() {
        translate(&read(&folder.join("en.json")), &read(&folder.join("es.json")), &mut all);
    }
    all
});

/// The folders that hold an `en.json` and an `es.json`.
fn catalogues() -> Vec<PathBuf> {
    let areas = fs::read_dir(root().join("ui/src/words")).expect("the window has words");
    let areas = areas.map(|entry| entry.expect("a folder's entries can be read").path());
    areas.filter(|path| path.is_dir()).chain([root().join("crates/wallet/words")]).collect()
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn translate(english: &Value, spanish: &Value, all: &mut HashMap<String, BTreeSet<String>>) {
    if let (Some(from), Some(to)) = (english.as_str(), spanish.as_str()) {
        all.entry(from.to_owned()).or_default().insert(to.to_owned());
    }
    for (key, from) in english.as_object().into_iter().flatten() {
        translate(from, &spanish[key], all);
    }
}

impl Desktop {
    /// Changes the language in the settings with the keyboard, as a person does, and comes back to the page.
    ///
    /// # Panics
    /// When the settings do not let it be changed.
    pub(crate) async fn speak(&self, language: Language) {
        let before = self.language();
        let address = self.address().await;
        self.keys(&[Key::Control], "7").await;
        self.arrive(&before.say("Settings", &[])).await;
        let row = before.say("Language", &[]).to_lowercase();
        self.tab_to(Role::Link, &format!("{} {row}", before.say("Change", &[]))).await;
        self.enter().await;
        self.arrive(&before.say("Language of Satchel", &[])).await;
        self.tab_to(Role::Radio, "").await;
        for key in [Key::Up, Key::Up, Key::Down, Key::Down] {
            if !self.focused().await.1.contains(language.name()) {
                self.key(&[], key).await;
            }
        }
        self.focus_is(Role::Radio, language.name()).await;
        self.enter().await;
        self.now_speaks(language);
        self.page(&language.say("Settings", &[])).await;
        self.key(&[Key::Alt], Key::Left).await;
        self.until(&address, async || (self.address().await == address).then_some(())).await;
        self.ready().await;
    }

    async fn address(&self) -> String {
        let address = self.window.execute("return location.hash;", Vec::new()).await.expect("the page runs a script");
        address.as_str().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_said_in_the_language_of_the_window() {
        let name = [("name", "Nora")];
        assert_eq!(Language::English.say("Compare a code with {name}", &name), "Compare a code with Nora");
        assert_eq!(Language::Spanish.say("Compare a code with {name}", &name), "Comparar un código con Nora");
        assert_eq!(
            Language::Spanish.say("Give {name} this mandate until {date}", &name),
            "Dar a Nora este mandato hasta el"
        );
    }
}
