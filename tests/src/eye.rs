//! A page looked at as people of different eyes see it: in several sizes and both languages, as a picture and by axe-core,
//! and whether anything is cut off or sticks out. Pictures lie in `out/pictures/LOOK-SIZE/PAGE.png`.

use std::cell::RefCell;

use serde_json::json;

use crate::{Desktop, View};

/// Looks at pages and gathers what is wrong with them, so that one test tells everything.
pub(crate) struct Eye {
    views: &'static [View],
    translated: &'static [View],
    wrong: RefCell<Vec<String>>,
}

/// Whether everything is to be looked at, however long it takes: `SATCHEL_VIEWS=all`.
pub(crate) fn all_views() -> bool {
    std::env::var("SATCHEL_VIEWS").is_ok_and(|views| views == "all")
}

impl Eye {
    /// Looks in these sizes: at the pages as they come, and at those that are also seen in the other language.
    pub(crate) fn new(views: &'static [View], translated: &'static [View]) -> Self {
        Self { views, translated, wrong: RefCell::default() }
    }

    /// The sizes in which pages are seen.
    pub(crate) fn views(&self) -> &'static [View] {
        self.views
    }

    /// Looks at the page as it is now, in every size.
    pub(crate) async fn see(&self, desktop: &Desktop, page: &str) {
        self.see_as(desktop, self.views, page).await;
    }

    /// Looks at it in a small window, where that is not one of the sizes anyway.
    pub(crate) async fn see_small(&self, desktop: &Desktop, page: &str) {
        if !self.views.contains(&View::Small) {
            self.see_as(desktop, &[View::Small], page).await;
        }
    }

    /// Looks at the page in the other language, where `there` waits for it, and comes back.
    pub(crate) async fn see_translated(&self, desktop: &Desktop, page: &str, there: impl AsyncFn()) {
        let language = desktop.language();
        desktop.speak(language.other()).await;
        there().await;
        self.see_as(desktop, self.translated, page).await;
        desktop.speak(language).await;
    }

    async fn see_as(&self, desktop: &Desktop, views: &[View], page: &str) {
        for &view in views {
            desktop.view(view).await;
            self.see_in(desktop, view, page).await;
        }
        desktop.view(View::Wide).await;
    }

    /// Looks at the page in the size that the window has.
    pub(crate) async fn see_in(&self, desktop: &Desktop, view: View, page: &str) {
        desktop.ready().await;
        let page = format!("{page}{}", desktop.language().suffix());
        let look = format!("{:?}", desktop.colours()).to_lowercase();
        desktop.picture(&format!("{look}-{}/{page}", view.name())).await;
        let mut wrong = Vec::new();
        for found in desktop.violations().await {
            wrong.push(format!("{} ({}) at {}", found.rule, found.help, found.at.join(", ")));
        }
        match desktop.sideways().await {
            0 => {}
            more => wrong.push(format!("{more} pixels wider than the window")),
        }
        let cut = desktop.look("cut", json!([])).await;
        wrong.extend(cut.as_array().into_iter().flatten().map(|what| format!("cut off: {what}")));
        let headings = desktop.look("headings", json!([])).await;
        if headings != 1 {
            wrong.push(format!("{headings} h1"));
        }
        self.wrong.borrow_mut().extend(wrong.iter().map(|what| format!("{page}, {look}, {}: {what}", view.name())));
    }

    /// Ends the test when anything was wrong.
    ///
    /// # Panics
    /// Naming all of it.
    pub(crate) fn tell(self) {
        let wrong = self.wrong.into_inner();
        assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}
