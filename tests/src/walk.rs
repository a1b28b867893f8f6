//! Every page of the window in its notable states, looked at in every size: a picture, what axe-core finds, and whether
//! anything is cut off or sticks out. Pictures lie in `out/pictures/LOOK-SIZE/PAGE.png`.
//!
//! What is wrong is gathered, so that one walk tells everything. Two walks look at all six views; as this takes a while,
//! each looks at one of them only unless `SATCHEL_VIEWS=all` is set: light at 1180×800, dark at 200 %.

mod cards;
mod doors;
mod elsewhere;
mod frame;
mod items;
mod launch;
mod rest;
mod sharing;

use std::cell::RefCell;

pub(crate) use self::cards::of_an_unreachable_issuer;

use serde_json::json;

use crate::{Desktop, Look, Options, Role, Sandbox, View};

/// A walk through the window in one look.
pub(crate) struct Walk {
    desktop: Desktop,
    sandbox: Sandbox,
    look: Look,
    wrong: RefCell<Vec<String>>,
}

/// Goes through every page in one look.
///
/// # Panics
/// At the end, naming everything that was wrong; at once when a page does not come.
pub async fn every_page(look: Look) {
    let sandbox = Sandbox::start(&[]);
    let desktop = Desktop::start(Options { look, ..Options::beside(&sandbox) }).await;
    let mut walk = Walk { desktop, sandbox, look, wrong: RefCell::default() };
    walk.welcome().await;
    walk.empty_places().await;
    walk.connecting().await;
    walk.home().await;
    walk.record().await;
    walk.cards().await;
    walk.sharing().await;
    walk.connections().await;
    walk.settings().await;
    walk.activity().await;
    walk.people().await;
    walk.closed().await;
    walk.elsewhere().await;
    let Walk { desktop, wrong, .. } = walk;
    desktop.close().await;
    let wrong = wrong.into_inner();
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

impl Walk {
    /// The sizes that this walk looks at.
    fn views(&self) -> &'static [View] {
        match self.look {
            _ if std::env::var("SATCHEL_VIEWS").is_ok_and(|views| views == "all") => &View::ALL,
            Look::Light => &[View::Wide],
            Look::Dark => &[View::Twice],
        }
    }

    /// Looks at the page as it is now, in every size.
    async fn see(&self, page: &str) {
        for &view in self.views() {
            self.desktop.view(view).await;
            self.see_in(view, page).await;
        }
        self.desktop.view(View::Wide).await;
    }

    /// Looks at the page in the size that the window has.
    async fn see_in(&self, view: View, page: &str) {
        let desktop = &self.desktop;
        desktop.ready().await;
        let look = format!("{:?}", self.look).to_lowercase();
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

    /// Goes to an address and looks at the page with this h1.
    async fn at(&self, address: &str, h1: &str, page: &str) {
        self.desktop.visit(address).await;
        self.desktop.page(h1).await;
        self.see(page).await;
    }

    /// Opens or closes the part of the page with this name.
    async fn unfold(&self, name: &str) {
        self.desktop.press(Role::Summary, name).await;
    }
}
