//! Documents and their files.

use std::path::Path;

use audit::Action;
use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD};
use fhir::Shown;
use thiserror::Error;
use types::ItemId;

use crate::Wallet;
use crate::error::WalletError;
use crate::folder::write_whole;
use crate::open::Open;
use crate::records::{item_id, tree};
use crate::views::{AttachmentView, DocumentContent, DocumentView, ShownAs};

/// Why a file of a document cannot be shown.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum DocumentError {
    /// The document has no such file.
    #[error("the document has no such file")]
    NoSuchFile,
    /// Its bytes were not brought in.
    #[error("the file is not here")]
    NotHere,
}

/// A file, for saving.
#[derive(Debug)]
pub struct DocumentFile {
    /// A name to offer: the document's title and an ending that fits its bytes.
    pub name: String,
    /// The bytes as received.
    pub bytes: Vec<u8>,
}

impl Wallet {
    /// A document and its files.
    pub async fn document(&self, id: &str) -> Result<DocumentView, WalletError> {
        let id = item_id(id)?;
        self.with(move |open| {
            let item = open.item_view(&id)?;
            Ok(DocumentView { attachments: open.files_of(&id)?, item })
        })
        .await
    }

    /// The bytes of one file, typed by looking at them. Markup and rich text come as the text in them.
    pub async fn document_content(&self, id: &str, index: u32) -> Result<DocumentContent, WalletError> {
        let id = item_id(id)?;
        self.with(move |open| {
            let bytes = open.file(&id, index)?;
            Ok(content(&bytes))
        })
        .await
    }

    /// One file, for saving.
    pub async fn document_file(&self, id: &str, index: u32) -> Result<DocumentFile, WalletError> {
        let id = item_id(id)?;
        self.with(move |open| {
            let bytes = open.file(&id, index)?;
            let title = open.vault.item(&open.current, &id)?.row.title.unwrap_or_else(|| "document".to_owned());
            Ok(DocumentFile { name: file_name(&title, &bytes), bytes })
        })
        .await
    }

    /// Saves one file, readable, where the owner says.
    pub async fn document_save(&self, id: &str, index: u32, path: &Path) -> Result<(), WalletError> {
        let id = item_id(id)?;
        let path = path.to_owned();
        self.with(move |open| {
            let bytes = open.file(&id, index)?;
            open.record_about(Action::DocumentSaved, Some(id.as_str()))?;
            write_whole(&path, &bytes).map_err(WalletError::Disk)
        })
        .await
    }
}

impl Open {
    pub(crate) fn files_of(&self, id: &ItemId) -> Result<Vec<AttachmentView>, WalletError> {
        let stated = fhir::attachments(&tree(&self.vault.item(&self.current, id)?)?);
        let here = self.vault.attachments(&self.current, id)?;
        let files = stated.into_iter().enumerate().map(|(index, file)| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let stored = here.iter().find(|h| h.index == index);
            let size = stored.map(|s| u64::from(s.size)).or(file.size);
            AttachmentView {
                index,
                title: file.title,
                content_type: file.content_type,
                size: size.and_then(|s| u32::try_from(s).ok()),
                here: file.data.is_some() || stored.is_some(),
            }
        });
        Ok(files.collect())
    }

    /// The bytes of a file: inline in the resource, or brought in beside it.
    fn file(&self, id: &ItemId, index: u32) -> Result<Vec<u8>, WalletError> {
        let files = fhir::attachments(&tree(&self.vault.item(&self.current, id)?)?);
        let position = usize::try_from(index).unwrap_or(usize::MAX);
        let file = files.get(position).ok_or(DocumentError::NoSuchFile)?;
        if let Some(data) = &file.data {
            return decode(data).ok_or_else(|| DocumentError::NotHere.into());
        }
        let stored = self.vault.attachment(&self.current, id, index)?;
        stored.map(|s| s.bytes).ok_or_else(|| DocumentError::NotHere.into())
    }
}

/// FHIR R4, "base64Binary": the standard alphabet, white space allowed; padding is not insisted on.
const FHIR_BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    base64::engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

pub(crate) fn decode(data: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = data.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    FHIR_BASE64.decode(digits).ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A file typed by its bytes.
pub(crate) fn content(bytes: &[u8]) -> DocumentContent {
    let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let readable = || String::from_utf8_lossy(bytes).into_owned();
    let (shown_as, content_type, text) = match fhir::sniff(bytes) {
        Shown::Image(kind) => (ShownAs::Image, kind, None),
        Shown::Pdf => (ShownAs::Pdf, "application/pdf", None),
        Shown::Text => (ShownAs::Text, "text/plain", Some(readable())),
        Shown::Markup => (ShownAs::Text, "text/html", Some(fhir::markup_to_text(&readable()))),
        Shown::Rtf => (ShownAs::Text, "text/rtf", Some(fhir::rtf_to_text(&readable()))),
        Shown::SaveOnly => (ShownAs::SaveOnly, "application/octet-stream", None),
    };
    let base64 = matches!(shown_as, ShownAs::Image | ShownAs::Pdf).then(|| encode(bytes));
    DocumentContent { shown_as, content_type: content_type.to_owned(), text, base64, size }
}

/// Letters, digits and a few marks of the title; an ending by the bytes, never by what the source says.
fn file_name(title: &str, bytes: &[u8]) -> String {
    let kept: String = title
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | ',') { c } else { '-' })
        .take(80)
        .collect();
    let ending = match fhir::sniff(bytes) {
        Shown::Image("image/png") => "png",
        Shown::Image("image/jpeg") => "jpg",
        Shown::Image("image/gif") => "gif",
        Shown::Image(_) => "webp",
        Shown::Pdf => "pdf",
        Shown::Text => "txt",
        Shown::Markup => "html.txt",
        Shown::Rtf => "rtf",
        Shown::SaveOnly => "bin",
    };
    format!("{}.{ending}", kept.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_by_what_it_is_and_never_as_markup() {
        let html = content(b"<html><script>steal()</script><p>Seen today</p></html>");
        assert_eq!((html.shown_as, html.text.as_deref()), (ShownAs::Text, Some("Seen today")));
        assert_eq!(content(b"%PDF-1.4").shown_as, ShownAs::Pdf);
        let program = content(b"MZ\x00\x01");
        assert_eq!((program.shown_as, program.base64), (ShownAs::SaveOnly, None));
    }

    #[test]
    fn a_hostile_title_makes_a_harmless_name() {
        let name = file_name("../../etc/passwd\0", b"%PDF-");
        assert!(name.ends_with("passwd-.pdf") && !name.contains(['/', '\0']) && !name.contains(".."), "{name}");
    }
}
