use std::time::{Duration, Instant};

use fantoccini::key::Key;
use serde_json::Value;

use crate::Desktop;

/// How large the window is, and how large what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As it opens: 1180×800.
    Wide,
    /// A small window: 800×600.
    Small,
    /// 1180×800 with everything twice as large, as a person makes it with Ctrl and +.
    Twice,
}

/// How long the window may take to take its size.
const PATIENCE: Duration = Duration::from_secs(30);

impl View {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Wide, Self::Small, Self::Twice];

    /// As the pictures call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wide => "1180x800",
            Self::Small => "800x600",
            Self::Twice => "200",
        }
    }

    fn size(self) -> (u32, u32) {
        if self == Self::Small { (800, 600) } else { (1180, 800) }
    }

    fn zoom(self) -> u32 {
        if self == Self::Twice { 2 } else { 1 }
    }
}

impl Desktop {
    /// Gives the window another size, or its page another zoom.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn view(&self, view: View) {
        let before = self.view.replace(view);
        if before.zoom() == 2 && view.zoom() == 1 {
            self.key(&[Key::Control], '0').await;
        }
        let (width, height) = view.size();
        self.window.set_window_size(width, height).await.expect("the window takes its size");
        if before.zoom() == 1 && view.zoom() == 2 {
            // Each press is a fifth of the size, and takes effect before the next: they might overtake each other.
            for fifths in 6..=10 {
                self.key(&[Key::Control], '+').await;
                self.measures(width * 5 / fifths, height * 5 / fifths).await;
            }
        }
        self.measures(width / view.zoom(), height / view.zoom()).await;
    }

    /// Waits until the page has this size, in its own pixels.
    async fn measures(&self, width: u32, height: u32) {
        let wanted = [width, height];
        let start = Instant::now();
        loop {
            let is = self.window.execute("return [innerWidth, innerHeight];", Vec::new()).await.unwrap_or_default();
            if near(&is, wanted) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the window is {is} and not {wanted:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A window on a screen of whole pixels may be one off.
fn near(is: &Value, wanted: [u32; 2]) -> bool {
    let side = |at: usize| is[at].as_f64().unwrap_or_default();
    (0..2).all(|at| (side(at) - f64::from(wanted[at])).abs() < 2.0)
}
