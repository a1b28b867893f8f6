//! Every page of the window in its notable states, looked at in every size.
//!
//! Two walks look at all six views; as this takes a while, each looks at one of them only unless `SATCHEL_VIEWS=all` is
//! set: light at 1180×800, dark at 200 %.

mod cards;
mod doors;
mod elsewhere;
mod frame;
mod items;
mod launch;
mod rest;
mod sharing;

pub(crate) use self::cards::of_an_unreachable_issuer;

use crate::eye::{Eye, all_views};
use crate::{Desktop, Look, Options, Role, Sandbox, View};

/// A walk through the window in one look.
pub(crate) struct Walk {
    desktop: Desktop,
    sandbox: Sandbox,
    look: Look,
    eye: Eye,
}

/// Goes through every page in one look.
///
/// # Panics
/// At the end, naming everything that was wrong; at once when a page does not come.
pub async fn every_page(look: Look) {
    let sandbox = Sandbox::start(&[]);
    let desktop = Desktop::start(Options { look, ..Options::beside(&sandbox) }).await;
    let views = views(look);
    let mut walk = Walk { desktop, sandbox, look, eye: Eye::new(views, views) };
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
    let Walk { desktop, eye, .. } = walk;
    desktop.close().await;
    eye.tell();
}

/// The sizes that a walk looks at.
fn views(look: Look) -> &'static [View] {
    match look {
        _ if all_views() => &View::ALL,
        Look::Light => &[View::Wide],
        Look::Dark => &[View::Twice],
    }
}

impl Walk {
    /// Looks at the page as it is now, in every size.
    async fn see(&self, page: &str) {
        self.eye.see(&self.desktop, page).await;
    }

    /// The same page in a small window.
    async fn see_small(&self, page: &str) {
        self.eye.see_small(&self.desktop, page).await;
    }

    /// The same page in Spanish, where it has this h1 and these words.
    async fn in_spanish(&self, h1: &str, words: &str, page: &str) {
        let there = async || {
            self.desktop.page(h1).await;
            self.desktop.see(words).await;
        };
        self.eye.see_translated(&self.desktop, page, there).await;
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
