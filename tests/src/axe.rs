use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Desktop, root};

/// One rule of axe-core that the page breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, such as `color-contrast`.
    pub rule: String,
    /// What it asks for.
    pub help: String,
    /// Selectors of the elements that break it.
    pub at: Vec<String>,
}

impl Desktop {
    /// What axe-core finds on the page as the web view shows it: WCAG 2.2 A and AA, and good practice.
    ///
    /// # Panics
    /// When the packages of `ui/` are not installed, or axe-core does not end.
    pub async fn violations(&self) -> Vec<Violation> {
        self.load_axe().await;
        let run = "const done = arguments[arguments.length - 1];
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
            axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
              .then((all) => done(all.violations.map((one) =>
                ({ rule: one.id, help: one.help, at: one.nodes.map((node) => node.target.join(' ')) }))))
              .catch((error) => done(String(error)));";
        let answer = self.window.execute_async(run, vec![json!(null)]).await.expect("axe-core ends");
        let found = answer.as_array().unwrap_or_else(|| panic!("axe-core failed: {answer}"));
        found.iter().map(violation).collect()
    }

    /// Brings axe-core into the page, once for as long as the page lives.
    async fn load_axe(&self) {
        let there = self.window.execute("return typeof axe;", vec![]).await.expect("the page runs a script");
        if there == "object" {
            return;
        }
        let path = root().join("ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&path).expect("the packages of ui/ are installed");
        // A part of the script, not a <script> element: the page's CSP stays as it is shipped.
        let loaded = self.window.execute(&format!("{axe}; return axe.version;"), vec![]).await.expect("axe-core loads");
        assert!(loaded.is_string(), "axe-core loads");
    }

    /// Keeps a picture of a page, and ends the test when the page is not accessible.
    ///
    /// # Panics
    /// As [`Desktop::picture`] and [`Desktop::expect_accessible`].
    pub async fn scene(&self, name: &str) -> PathBuf {
        let picture = self.picture(name).await;
        self.expect_accessible(name).await;
        picture
    }

    /// Ends the test when axe-core finds anything on the page.
    ///
    /// # Panics
    /// Naming each rule and element.
    pub async fn expect_accessible(&self, page: &str) {
        let found = self.violations().await;
        assert!(found.is_empty(), "{page}: {found:#?}");
        assert_eq!(self.sideways().await, 0, "{page} must not scroll sideways");
    }
}

fn violation(one: &Value) -> Violation {
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let at = one["at"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    Violation { rule: text("rule"), help: text("help"), at }
}
