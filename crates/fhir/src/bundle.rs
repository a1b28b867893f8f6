use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::resource::{Resource, ResourceError};

/// One page of a search answer.
#[derive(Debug)]
pub struct Page {
    /// `Bundle.total`, when the server says it.
    pub total: Option<u64>,
    /// The address of the next page, as written; the caller checks where it leads.
    pub next: Option<String>,
    text: String,
    /// Where the resources stand in the text.
    places: Vec<Range<usize>>,
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
struct Bundle<'a> {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    total: Option<u64>,
    #[serde(default)]
    link: Vec<BundleLink<'a>>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct BundleLink<'a> {
    #[serde(borrow)]
    relation: Option<Cow<'a, str>>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

impl Page {
    /// Reads a `Bundle`. Entries without a resource are passed over.
    ///
    /// # Errors
    /// [`PageError`] when the body is not a bundle.
    pub fn parse(body: Vec<u8>) -> Result<Self, PageError> {
        let text = String::from_utf8(body).map_err(|_| PageError::NotJson)?;
        let bundle: Bundle<'_> = serde_json::from_str(&text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => PageError::NotABundle(None),
            _ => PageError::NotJson,
        })?;
        if bundle.resource_type.as_deref() != Some("Bundle") {
            return Err(PageError::NotABundle(bundle.resource_type));
        }
        let next = bundle.link.into_iter().find(|l| l.relation.as_deref() == Some("next")).and_then(|l| l.url);
        let place = |entry: &Entry<'_>| {
            let json = entry.resource?.get();
            let from = json.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
            Some(from..from + json.len())
        };
        let places = bundle.entry.iter().filter_map(place).collect();
        Ok(Self { total: bundle.total, next, text, places })
    }

    /// One resource as a page of its own.
    ///
    /// # Errors
    /// [`ResourceError`] when it is none.
    pub fn of_one(body: Vec<u8>) -> Result<Self, ResourceError> {
        let text = String::from_utf8(body).map_err(|_| ResourceError::NotJson)?;
        Resource::read(&text)?;
        let all = 0..text.len();
        Ok(Self { total: Some(1), next: None, text, places: vec![all] })
    }

    /// How many resources are on it.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The resources, each read when it is asked for. One that cannot be kept is an error of its own and does not spoil
    /// the page.
    pub fn resources(&self) -> impl Iterator<Item = Result<Resource<'_>, ResourceError>> {
        let json = |place: &Range<usize>| self.text.get(place.clone()).ok_or(ResourceError::NotJson);
        self.places.iter().map(move |place| json(place).and_then(Resource::read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Page, PageError> {
        Page::parse(text.as_bytes().to_vec())
    }

    #[test]
    fn a_page_gives_its_resources_total_and_next_link() {
        let page = read(
            r#"{"resourceType":"Bundle","total":3,"link":[{"relation":"self","url":"s"},{"relation":"next","url":"n"}],
                "entry":[{"resource": {"resourceType":"Patient", "id":"ñ", "id":"p"} },{"resource":{"resourceType":"Patient"}},{}]}"#,
        )
        .unwrap();
        assert_eq!((page.total, page.next.as_deref(), page.len()), (Some(3), Some("n"), 2));
        let resources: Vec<_> = page.resources().collect();
        let first = resources[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.json), ("p", r#"{"resourceType":"Patient", "id":"ñ", "id":"p"}"#));
        assert_eq!(resources[1].as_ref().unwrap_err(), &ResourceError::NoId);
    }

    #[test]
    fn what_is_no_page_says_why() {
        let no = |text: &str| read(text).unwrap_err();
        assert_eq!(no("<html></html>"), PageError::NotJson);
        assert_eq!(no(r#"{"resourceType":"Bundle","entry":[{"resource":{"#), PageError::NotJson);
        assert_eq!(
            no(r#"{"resourceType":"OperationOutcome"}"#),
            PageError::NotABundle(Some("OperationOutcome".into()))
        );
        assert_eq!(no(r#"{"resourceType":7}"#), PageError::NotABundle(None));
        assert_eq!(Page::parse(b"{\"resourceType\":\"Bundle\xff\"}".to_vec()).unwrap_err(), PageError::NotJson);
    }

    #[test]
    fn one_resource_is_a_page_of_its_own() {
        let one = |text: &str| Page::of_one(text.as_bytes().to_vec());
        let page = one(r#"{"resourceType":"Patient","id":"p"}"#).unwrap();
        assert_eq!((page.total, page.len(), page.resources().filter_map(Result::ok).count()), (Some(1), 1, 1));
        assert_eq!(one("<html>").unwrap_err(), ResourceError::NotJson);
        assert_eq!(one(r#"{"resourceType":"Bundle"}"#).unwrap_err(), ResourceError::NoId);
    }
}
