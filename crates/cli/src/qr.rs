//! QR codes as text of half blocks, and as SVG: black on white, with four modules of quiet zone.

use std::fmt::Write;

use wallet::views::QrView;

/// Modules of white around the code (ISO/IEC 18004, "Quiet zone").
const QUIET: usize = 4;

/// A code as a square of modules, quiet zone included.
struct Modules {
    rows: Vec<Vec<bool>>,
}

impl Modules {
    fn of(code: &QrView) -> Self {
        let side = code.rows.len() + 2 * QUIET;
        let white = || vec![false; side];
        let inner = code.rows.iter().map(|row| {
            let mut out = vec![false; QUIET];
            out.extend(row.chars().map(|module| module == '1'));
            out.resize(side, false);
            out
        });
        let mut rows: Vec<Vec<bool>> = (0..QUIET).map(|_| white()).collect();
        rows.extend(inner);
        rows.resize_with(side, white);
        Self { rows }
    }
}

/// Columns of a terminal that the code takes.
pub(crate) fn columns(code: &QrView) -> usize {
    code.rows.len() + 2 * QUIET
}

/// Two rows of modules to a line. On a terminal the colours are set, so that it is black on white under any theme; on
/// paper and in files the blocks alone are black.
pub(crate) fn drawn(code: &QrView, coloured: bool) -> String {
    let modules = Modules::of(code);
    let mut out = String::new();
    for pair in modules.rows.chunks(2) {
        let (Some(upper), lower) = (pair.first(), pair.get(1)) else { continue };
        out.push_str(if coloured { "\u{1b}[30;107m" } else { "" });
        for (column, up) in upper.iter().enumerate() {
            let low = lower.and_then(|row| row.get(column)).copied().unwrap_or(false);
            out.push(match (up, low) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        out.push_str(if coloured { "\u{1b}[0m\n" } else { "\n" });
    }
    out
}

/// The code as an SVG picture; a run of black modules in a row is one rectangle.
pub(crate) fn svg(code: &QrView) -> String {
    let modules = Modules::of(code);
    let side = modules.rows.len();
    let mut path = String::new();
    for (y, row) in modules.rows.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                // Writing to a text does not fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z", length = run.len());
            }
            x += run.len();
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path d=\"{path}\"/></svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> QrView {
        QrView {
            part: 1,
            parts: 1,
            version: 1,
            level: "L".into(),
            rows: vec!["110".into(), "010".into(), "111".into()],
            text: String::new(),
        }
    }

    #[test]
    fn two_rows_of_modules_make_a_line_within_a_quiet_zone() {
        let text = drawn(&code(), false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(lines.iter().all(|line| line.chars().count() == 11));
        assert_eq!(lines[2], "    ▀█     ");
        assert_eq!(lines[3], "    ▀▀▀    ");
        assert!(
            drawn(&code(), true).lines().all(|line| line.starts_with("\u{1b}[30;107m") && line.ends_with("\u{1b}[0m"))
        );
    }

    #[test]
    fn the_picture_has_the_same_modules() {
        let picture = svg(&code());
        assert!(picture.contains("viewBox=\"0 0 11 11\"") && picture.contains("M4 4h2v1h-2z"), "{picture}");
        assert_eq!(picture.matches("v1h-").count(), 3);
    }
}
