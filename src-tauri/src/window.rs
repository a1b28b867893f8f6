//! The window, made so that its first frame is right: in the colours that were chosen, with what will stay.

use tauri::window::Color;
use tauri::{App, Theme, WebviewWindow, WebviewWindowBuilder};
use wallet::views::{Status, VaultState};

/// `--paper` of `ui/src/styles/tokens.css`, light and dark: what is there before a page is.
const PAPER: (Color, Color) = (Color(0xf7, 0xf5, 0xf0, 0xff), Color(0x14, 0x19, 0x1f, 0xff));

/// Makes the window of the configuration, which leaves that to this.
pub(crate) fn make(app: &App, status: &Status) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.first() else { return Ok(()) };
    let window = WebviewWindowBuilder::from_config(app, config)?.initialization_script(script(status)).build()?;
    // Who follows the system is not asked for here: the answer can take seconds (a portal that is being started).
    if let Some(theme) = chosen(status) {
        let paper = if theme == Theme::Dark { PAPER.1 } else { PAPER.0 };
        if let Err(error) = window.set_background_color(Some(paper)) {
            tracing::warn!(%error, "the window did not take its ground");
        }
    }
    magnify(&window, status.look.zoom);
    Ok(())
}

/// Shows everything in the window at this size, in percent.
pub(crate) fn magnify(window: &WebviewWindow, percent: u32) {
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        tracing::warn!(%error, "the window did not take its zoom");
    }
}

/// The colours that the person chose; nothing when they follow the system.
fn chosen(status: &Status) -> Option<Theme> {
    match status.look.theme.as_str() {
        "dark" => Some(Theme::Dark),
        "light" => Some(Theme::Light),
        _ => None,
    }
}

/// Words of our own only: nothing that is kept in a file is written into a script.
fn script(status: &Status) -> String {
    let theme = match chosen(status) {
        Some(Theme::Dark) => "'dark'",
        Some(_) => "'light'",
        None => "null",
    };
    let starts = match status.state {
        VaultState::Absent => "'absent'",
        _ => "'locked'",
    };
    // A line of its own: the file ends in one, and begins with a comment.
    format!("(\n{}\n)({theme}, {starts});", include_str!("start.js").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_before_a_page_is_that_of_the_pages() {
        let tokens = include_str!("../../ui/src/styles/tokens.css");
        let papers: Vec<&str> =
            tokens.lines().filter_map(|line| line.trim().strip_prefix("--paper: ")?.strip_suffix(';')).collect();
        let hex = |Color(red, green, blue, _): Color| format!("#{red:02x}{green:02x}{blue:02x}");
        assert_eq!(papers, [hex(PAPER.0), hex(PAPER.1), hex(PAPER.1)]);
    }
}
