//! Progress on standard error, and only where a person looks at it.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use wallet::views::{KindOutcome, PullStage, PullView};

use crate::escape;
use crate::words::Words;

/// How often a running pull or launch is looked at.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Something that takes a while and whose length is not known. Goes away when dropped.
pub(crate) struct Waiting(ProgressBar);

impl Waiting {
    pub(crate) fn new(text: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_message(escape::line(text).into_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Steps aside while lines are written.
    pub(crate) fn pausing(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }

    pub(crate) fn say(&self, text: &str) {
        self.0.set_message(escape::line(text).into_owned());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A pull: one line for all of it, and one for the kind that comes in now.
pub(crate) struct Pulling {
    words: Words,
    lines: MultiProgress,
    all: ProgressBar,
    kind: ProgressBar,
}

impl Pulling {
    pub(crate) fn new(words: Words) -> Self {
        let lines = MultiProgress::new();
        let all = lines.add(ProgressBar::new_spinner());
        let kind = lines.add(ProgressBar::new_spinner());
        all.enable_steady_tick(Duration::from_millis(120));
        Self { words, lines, all, kind }
    }

    pub(crate) fn show(&self, pull: &PullView) {
        let items = self.words.count("items", pull.items);
        let text = match (&pull.stage, pull.waiting_seconds) {
            (PullStage::Slowed, Some(seconds)) => {
                self.words.fill("progress.slowed", &[("name", &pull.name), ("seconds", &self.words.number(seconds))])
            }
            _ => self.words.fill("progress.all", &[("name", &pull.name), ("items", &items)]),
        };
        self.all.set_message(escape::line(&text).into_owned());
        let Some(kind) = pull.kinds.iter().find(|kind| kind.outcome == KindOutcome::Running) else {
            self.kind.set_message("");
            return;
        };
        let name = escape::line(&format!("{} ({})", self.words.kind(kind.kind), kind.name)).into_owned();
        match kind.expected {
            Some(expected) => {
                self.kind.set_length(u64::from(expected.max(kind.seen)));
                self.style("  {bar:30} {pos}/{len} {msg}");
            }
            None => self.style("  {pos} {msg}"),
        }
        self.kind.set_position(u64::from(kind.seen));
        self.kind.set_message(name);
    }

    fn style(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.kind.set_style(style);
        }
    }
}

impl Drop for Pulling {
    fn drop(&mut self) {
        self.all.finish_and_clear();
        self.kind.finish_and_clear();
        // A terminal that cannot be cleared keeps two lines more.
        let _ = self.lines.clear();
    }
}
