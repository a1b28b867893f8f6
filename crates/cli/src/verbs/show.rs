//! One item: its facts, its history, its files.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::Serialize;
use wallet::views::{ItemView, Kind};
use wallet::{InputError, WalletError};

use crate::args::{Show, kind_name};
use crate::failure::Failure;
use crate::input;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;
use crate::words::kind_key;

/// A file that was saved.
#[derive(Debug, Serialize)]
struct Saved {
    /// Where it lies.
    saved: PathBuf,
}

/// Shows an item in the way of its kind.
pub(super) async fn show(session: &Session, show: Show) -> Result<Shown, Failure> {
    session.open().await?;
    let id = meant(session, &show.item).await?;
    if let Some(save) = show.save {
        return saved(session, &id, save).await;
    }
    let item = session.wallet.item(&id).await?;
    if show.original {
        return Ok(match session.wants_json() {
            true => Shown::document(item.json),
            false => Shown::text(item.json),
        });
    }
    match item.row.kind {
        Kind::Lab | Kind::Vital => session.show(&session.wallet.lab(&id).await?, render::lab),
        Kind::Document | Kind::Report if has_files(&item) => {
            session.show(&session.wallet.document(&id).await?, render::document)
        }
        _ => session.show(&item, render::item),
    }
}

/// A report is a document only where it comes with one.
fn has_files(item: &ItemView) -> bool {
    item.row.kind == Kind::Document || item.row.attachment.is_some()
}

/// The id that is meant: `itm_…`, `lab/itm_…`, or the item's name at its source, `Observation/123`.
async fn meant(session: &Session, text: &str) -> Result<String, Failure> {
    let unknown = || Failure::from(WalletError::from(InputError::UnknownId));
    let Some((kind, id)) = text.split_once('/') else { return Ok(text.to_owned()) };
    if !id.starts_with("itm_") {
        return match session.wallet.items_called(text).await?.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(unknown()),
            _ => Err(Failure::Ambiguous),
        };
    }
    let item = session.wallet.item(id).await?;
    if kind == kind_name(item.row.kind) || kind == kind_key(item.row.kind) || kind == item.row.resource_type {
        Ok(id.to_owned())
    } else {
        Err(unknown())
    }
}

async fn saved(session: &Session, id: &str, save: Vec<OsString>) -> Result<Shown, Failure> {
    let mut save = save.into_iter();
    let (Some(index), Some(path)) = (save.next(), save.next().map(PathBuf::from)) else {
        return Err(Failure::Usage { code: "cli.saveIndex" });
    };
    let index =
        index.to_str().and_then(|text| text.parse::<u32>().ok()).ok_or(Failure::Usage { code: "cli.saveIndex" })?;
    let path = input::free(&path)?;
    session.wallet.document_save(id, index, &path).await?;
    session.show(&Saved { saved: path }, |words, done| {
        words.fill("document.saved", &[("file", &done.saved.display().to_string())])
    })
}
