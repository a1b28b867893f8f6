//! The texts of the command line, and those it shares with the window.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use wallet::views::{ErrorView, Kind};
use wallet::words::{ErrorText, Language};

/// The texts in the language of the terminal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    language: Language,
}

/// Texts by key, as their file has them.
type Texts = BTreeMap<String, String>;

impl Words {
    /// The language of the locale: `LC_ALL`, then `LC_MESSAGES`, then `LANG`.
    pub(crate) fn of_environment() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
        Self::of(Language::of_locale(&locale))
    }

    pub(crate) const fn of(language: Language) -> Self {
        Self { language }
    }

    pub(crate) fn language(self) -> Language {
        self.language
    }

    /// The text of that key. The key itself would stand where there is none; a test sees that there is.
    pub(crate) fn text(self, key: &str) -> &str {
        self.texts().get(key).map_or(key, String::as_str)
    }

    /// The text of that key with its `{name}`s filled in.
    pub(crate) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.text(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// The text of `key.one` or `key.many`, with `{count}` filled in.
    pub(crate) fn count(self, key: &str, count: u32) -> String {
        let form = if count == 1 { "one" } else { "many" };
        self.fill(&format!("{key}.{form}"), &[("count", &self.number(count))])
    }

    /// A number with its thousands apart.
    pub(crate) fn number(self, number: u32) -> String {
        let digits = number.to_string();
        let mut out = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(if self.language == Language::Spanish { '.' } else { ',' });
            }
            out.push(digit);
        }
        out
    }

    /// A text that the window says too; the key where there is none, as for a code of a newer source.
    pub(crate) fn shared<'a>(self, section: &str, key: &'a str) -> &'a str {
        self.language.text(&[section, key]).unwrap_or(key)
    }

    /// What an error's code means; the code where there are no words for it.
    pub(crate) fn shared_error(self, code: &str) -> &str {
        self.language.text(&["errors", code, "what"]).unwrap_or(code)
    }

    /// A kind in the plural.
    pub(crate) fn kind(self, kind: Kind) -> &'static str {
        self.language.text(&["kinds", kind_key(kind), "many"]).unwrap_or_else(|| kind_key(kind))
    }

    /// A kind in the singular.
    pub(crate) fn kind_one(self, kind: Kind) -> &'static str {
        self.language.text(&["kinds", kind_key(kind), "one"]).unwrap_or_else(|| kind_key(kind))
    }

    /// Verdict, reason or help of a verdict's reason, with what the reason names.
    pub(crate) fn reason(self, code: &str, part: &str, detail: &str) -> String {
        self.language.text(&["reasons", code, part]).unwrap_or(code).replace("{detail}", detail)
    }

    /// What happened and what helps. The command line's own codes have their texts here.
    pub(crate) fn error(self, error: &ErrorView) -> ErrorText {
        let own = |part: &str| self.texts().get(&format!("{}.{part}", error.code)).cloned();
        let (Some(what), Some(help)) = (own("what"), own("help")) else { return self.language.error(error) };
        let fill = |text: String| {
            error.details.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        };
        ErrorText { what: fill(what), help: fill(help) }
    }

    fn texts(self) -> &'static Texts {
        static ENGLISH: OnceLock<Texts> = OnceLock::new();
        static SPANISH: OnceLock<Texts> = OnceLock::new();
        match self.language {
            Language::English => ENGLISH.get_or_init(|| read(include_str!("../words/en.json"))),
            Language::Spanish => SPANISH.get_or_init(|| read(include_str!("../words/es.json"))),
        }
    }
}

/// The Spanish of the help pages, by verb and argument; their English stands beside the arguments themselves.
pub(crate) fn spanish_help() -> &'static Texts {
    static HELP: OnceLock<Texts> = OnceLock::new();
    HELP.get_or_init(|| read(include_str!("../words/help.es.json")))
}

/// The files are part of the program; a test reads them whole.
fn read(text: &str) -> Texts {
    serde_json::from_str(text).unwrap_or_default()
}

/// The key of a kind in the message files.
pub(crate) fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Lab => "lab",
        Kind::Vital => "vital",
        Kind::Medication => "medication",
        Kind::Condition => "condition",
        Kind::Allergy => "allergy",
        Kind::Immunization => "immunization",
        Kind::Procedure => "procedure",
        Kind::Visit => "visit",
        Kind::Document => "document",
        Kind::Report => "report",
        Kind::CarePlan => "carePlan",
        Kind::Claim => "claim",
        Kind::People => "people",
        Kind::Other => "other",
    }
}

#[cfg(test)]
mod tests;
