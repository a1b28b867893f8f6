use std::process::{Command, Stdio};
use std::time::Duration;

use crate::process::Kept;

/// An X screen that nobody looks at.
pub(crate) struct Screen {
    _server: Kept,
    /// What `DISPLAY` must be, such as `:7`.
    pub(crate) display: String,
}

impl Screen {
    /// Starts one on the first free number.
    pub(crate) fn start(width: u32, height: u32) -> Self {
        let size = format!("{width}x{height}x24");
        let (server, number) = Kept::start_until(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"])
                .stderr(Stdio::null()),
            Duration::from_secs(20),
            |line| line.trim().parse::<u32>().ok(),
        );
        Self { _server: server, display: format!(":{number}") }
    }
}
