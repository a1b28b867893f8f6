//! One start of a window.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testkit::KeyringSession;
use tests::{Kept, Keyring};

use crate::memory;
use crate::screen::{Frame, Screen};

/// How often the frame is looked at.
const LOOK: Duration = Duration::from_millis(8);
/// Without a change for so long, a page stands.
const STILL: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(60);

/// What one start cost.
pub(crate) struct Start {
    /// Until anything but the ground was painted.
    pub(crate) first: Duration,
    /// Until the page was as it stayed.
    pub(crate) whole: Duration,
    /// All processes of the window together, each shared page by its share (PSS), once the page stood.
    pub(crate) megabytes: f64,
}

/// A screen, a bus and a key store, the same for every start.
pub(crate) struct Stand {
    screen: Screen,
    session: KeyringSession,
    satchel: PathBuf,
}

impl Stand {
    pub(crate) fn new(home: &Path) -> Self {
        let session = KeyringSession::start(home, Keyring::Unlocked).expect("the tests' packages are installed");
        Self { screen: Screen::start(&home.join("frame")), session, satchel: home.join("satchel") }
    }

    pub(crate) fn open(&self, app: &Path) -> Start {
        let name = app.display();
        assert!(!self.screen.frame().is_painted(), "{name}: the screen is not empty before it starts");
        let mut command = self.session.command(app);
        command
            .env("DISPLAY", &self.screen.display)
            .env("SATCHEL_HOME", &self.satchel)
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let begun = Instant::now();
        let window = Kept::start(&mut command);
        let mut changes: Vec<(Duration, Frame)> = Vec::new();
        let mut first = None;
        loop {
            sleep(LOOK);
            let frame = self.screen.frame();
            let at = begun.elapsed();
            if changes.last().is_none_or(|(_, last)| *last != frame) {
                if first.is_none() && frame.is_painted() {
                    first = Some(at);
                }
                changes.push((at, frame));
            } else if first.is_some() && changes.last().is_some_and(|(last, _)| at > *last + STILL) {
                break;
            }
            // A page that never stands still, as one with a cursor that blinks, is taken as it is after a while.
            if first.is_some_and(|first| at > first + 4 * STILL) {
                break;
            }
            assert!(at < PATIENCE, "{name}: nothing was painted");
        }
        let megabytes = memory::of_tree(window.id());
        drop(window);
        self.wait_until_gone();
        let last = &changes.last().expect("it changed").1;
        let before = changes.iter().rev().take_while(|(_, frame)| frame.is_like(last)).last();
        Start { first: first.expect("it was painted"), whole: before.expect("the last one").0, megabytes }
    }

    fn wait_until_gone(&self) {
        let begun = Instant::now();
        while self.screen.frame().is_painted() {
            assert!(begun.elapsed() < PATIENCE, "the window does not go away");
            sleep(LOOK);
        }
        // Its processes end, and the next start finds the machine at rest.
        sleep(Duration::from_millis(500));
    }
}

impl fmt::Display for Start {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, whole) = (self.first.as_millis(), self.whole.as_millis());
        write!(out, "{first} ms, whole {whole} ms, {:.0} MB", self.megabytes)
    }
}
