use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::resource::{RawResource, ResourceError};

/// One page of a search answer.
#[derive(Debug)]
pub struct Page {
    /// `Bundle.total`, when the server says it.
    pub total: Option<u64>,
    /// The address of the next page, as written; the caller checks where it leads.
    pub next: Option<String>,
    /// Resources of the page; one that cannot be kept is an error of its own and does not spoil the page.
    pub entries: Vec<Result<RawResource, ResourceError>>,
}

/// Why a body is not a page.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// Not JSON at all.
    #[error("the answer is not JSON")]
    NotJson,
    /// JSON, but not a `Bundle`; holds the type it names, when it names one.
    #[error("the answer is not a bundle")]
    NotABundle(Option<String>),
}

#[derive(Deserialize)]
struct Bundle {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    total: Option<u64>,
    #[serde(default)]
    link: Vec<BundleLink>,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct BundleLink {
    relation: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Option<Box<RawValue>>,
}

impl Page {
    /// Reads a `Bundle`. Entries without a resource are passed over.
    ///
    /// # Errors
    /// [`PageError`] when the body is not a bundle.
    pub fn parse(body: &[u8]) -> Result<Self, PageError> {
        let bundle: Bundle = serde_json::from_slice(body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => PageError::NotABundle(None),
            _ => PageError::NotJson,
        })?;
        if bundle.resource_type.as_deref() != Some("Bundle") {
            return Err(PageError::NotABundle(bundle.resource_type));
        }
        let next = bundle.link.into_iter().find(|l| l.relation.as_deref() == Some("next")).and_then(|l| l.url);
        let entries = bundle.entry.into_iter().filter_map(|e| e.resource).map(RawResource::from_raw).collect();
        Ok(Self { total: bundle.total, next, entries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gives_its_resources_total_and_next_link() {
        let page = Page::parse(
            br#"{"resourceType":"Bundle","total":3,"link":[{"relation":"self","url":"s"},{"relation":"next","url":"n"}],
                "entry":[{"resource":{"resourceType":"Patient","id":"p"}},{"resource":{"resourceType":"Patient"}},{}]}"#,
        )
        .unwrap();
        assert_eq!((page.total, page.next.as_deref(), page.entries.len()), (Some(3), Some("n"), 2));
        assert_eq!(page.entries[0].as_ref().unwrap().id, "p");
        assert_eq!(page.entries[1].as_ref().unwrap_err(), &ResourceError::NoId);
    }

    #[test]
    fn what_is_no_page_says_why() {
        assert_eq!(Page::parse(b"<html></html>").unwrap_err(), PageError::NotJson);
        assert_eq!(Page::parse(br#"{"resourceType":"Bundle","entry":[{"resource":{"#).unwrap_err(), PageError::NotJson);
        assert_eq!(
            Page::parse(br#"{"resourceType":"OperationOutcome"}"#).unwrap_err(),
            PageError::NotABundle(Some("OperationOutcome".into()))
        );
        assert_eq!(Page::parse(br#"{"resourceType":7}"#).unwrap_err(), PageError::NotABundle(None));
    }
}
