//! The QR code of a card, in the terminal or as a picture.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use console::Term;
use serde::Serialize;

use crate::failure::Failure;
use crate::session::{Session, aside};
use crate::shown::Shown;
use crate::{input, qr};

/// Pictures that were saved.
#[derive(Debug, Serialize)]
struct Saved {
    saved: Vec<PathBuf>,
}

/// Draws the code, or its parts one after another.
pub(super) async fn draw(session: &Session, card: &str, chunked: bool, svg: Option<PathBuf>) -> Result<Shown, Failure> {
    let svg = svg.map(|path| input::free(&path)).transpose()?;
    let terminal = std::io::stdout().is_terminal() && !session.wants_json() && svg.is_none();
    let codes = session.wallet.card_qr(card, chunked).await?;
    if let Some(path) = svg {
        let saved = aside(move || {
            let mut saved = Vec::new();
            for code in &codes {
                let path = if code.parts > 1 { numbered(&path, code.part) } else { path.clone() };
                input::write_new(&path, qr::svg(code).as_bytes())?;
                saved.push(path);
            }
            Ok(Saved { saved })
        })
        .await?;
        return session.show(&saved, |words, done| {
            let files: Vec<String> = done.saved.iter().map(|path| path.display().to_string()).collect();
            words.fill("cards.exported", &[("file", &files.join(", "))])
        });
    }
    if session.wants_json() {
        return Shown::json(&codes);
    }
    let there = Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    let needed = codes.iter().map(qr::columns).max().unwrap_or(0);
    if let Some(there) = there.filter(|there| terminal && *there < needed) {
        return Err(Failure::Narrow { needed, there });
    }
    let words = session.words;
    let mut out = String::new();
    for code in &codes {
        if code.parts > 1 {
            let (part, parts) = (words.number(code.part), words.number(code.parts));
            out.push_str(&words.fill("cards.part", &[("part", &part), ("parts", &parts)]));
            out.push('\n');
        }
        out.push_str(&qr::drawn(code, terminal));
    }
    out.push_str(words.text("cards.learn"));
    Ok(Shown::drawing(out))
}

/// `card.svg` as `card-2.svg`.
fn numbered(path: &Path, part: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{part}"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered_before_the_ending() {
        assert_eq!(numbered(Path::new("a/card.svg"), 2), Path::new("a/card-2.svg"));
        assert_eq!(numbered(Path::new("card"), 1), Path::new("card-1"));
    }
}
