use std::collections::HashSet;

use thiserror::Error;
use types::ServerUrl;
use url::Url;

use crate::code::coded;

/// Most pages of one search: at the usual 50 to 200 resources a page, many lifetimes.
pub const MAX_PAGES: u32 = 20_000;

/// Why a next link is not followed.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextLinkError {
    /// It does not read, or carries a user name.
    #[error("the next link is not an address")]
    NotAnAddress,
    /// It leads to another scheme, host or port: the token is not for there.
    #[error("the next link leads to another server")]
    OtherServer,
    /// It leads to a page that was here already.
    #[error("the next link leads in a circle")]
    Loop,
    /// There is no end to it.
    #[error("there are too many pages")]
    TooMany,
}

coded!(NextLinkError {
    Self::NotAnAddress => "nextLink.notAnAddress" Them,
    Self::OtherServer => "nextLink.otherServer" Them,
    Self::Loop => "nextLink.loop" Them,
    Self::TooMany => "nextLink.tooMany" Them,
});

/// Reads a next link found on the page at `page`. The same server only; a relative link is taken from the page.
///
/// # Errors
/// [`NextLinkError::NotAnAddress`] or [`NextLinkError::OtherServer`].
pub fn next_link(base: &ServerUrl, page: &Url, link: &str) -> Result<Url, NextLinkError> {
    let mut url = page.join(link.trim()).map_err(|_| NextLinkError::NotAnAddress)?;
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(NextLinkError::NotAnAddress);
    }
    url.set_fragment(None);
    if base.same_origin(&url) { Ok(url) } else { Err(NextLinkError::OtherServer) }
}

/// The way through the pages of one search.
#[derive(Debug)]
pub struct Pages {
    base: ServerUrl,
    at: Url,
    seen: HashSet<String>,
    count: u32,
}

impl Pages {
    /// Starts at the first page, or at the page a pull stopped before.
    ///
    /// # Errors
    /// [`NextLinkError::OtherServer`] when the page is not of this server.
    pub fn from(base: &ServerUrl, page: Url) -> Result<Self, NextLinkError> {
        if !base.same_origin(&page) {
            return Err(NextLinkError::OtherServer);
        }
        Ok(Self { base: base.clone(), seen: HashSet::from([page.as_str().to_owned()]), at: page, count: 1 })
    }

    /// The page to ask for now.
    pub fn at(&self) -> &Url {
        &self.at
    }

    /// Moves to the page a link leads to, and gives it.
    ///
    /// # Errors
    /// [`NextLinkError`]; what came so far is good.
    pub fn follow(&mut self, link: &str) -> Result<&Url, NextLinkError> {
        let next = next_link(&self.base, &self.at, link)?;
        if self.count >= MAX_PAGES {
            return Err(NextLinkError::TooMany);
        }
        if !self.seen.insert(next.as_str().to_owned()) {
            return Err(NextLinkError::Loop);
        }
        self.count = self.count.saturating_add(1);
        self.at = next;
        Ok(&self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> ServerUrl {
        ServerUrl::parse("https://ehr.example.org:8443/fhir").expect("an address")
    }

    fn page() -> Url {
        Url::parse("https://ehr.example.org:8443/fhir/Observation?patient=1&_count=200").expect("a url")
    }

    /// SMART App Launch 2.2, "Response" to fetching resources, requirements 97 and 98: the token stays at its server.
    #[test]
    fn a_next_link_leads_on_at_the_same_server_only() {
        let ok = |link: &str| next_link(&base(), &page(), link).map(String::from);
        assert_eq!(
            ok("https://ehr.example.org:8443/fhir?_getpages=1"),
            Ok("https://ehr.example.org:8443/fhir?_getpages=1".into())
        );
        assert_eq!(
            ok("?page=2"),
            Ok("https://ehr.example.org:8443/fhir/Observation?page=2".into()),
            "a relative link is taken from the page"
        );
        assert_eq!(ok("Observation?page=2#top"), Ok("https://ehr.example.org:8443/fhir/Observation?page=2".into()));
        for elsewhere in [
            "https://evil.example/fhir",
            "https://ehr.example.org/fhir",
            "http://ehr.example.org:8443/fhir",
            "//evil.example/x",
            "https://ehr.example.org.evil.example:8443/",
        ] {
            assert_eq!(ok(elsewhere), Err(NextLinkError::OtherServer), "{elsewhere}");
        }
        for odd in ["https://user@ehr.example.org:8443/fhir", "https://[", "javascript:alert(1)", "data:,x"] {
            assert_eq!(ok(odd), Err(NextLinkError::NotAnAddress), "{odd}");
        }
    }

    #[test]
    fn a_circle_of_pages_ends() {
        let mut pages = Pages::from(&base(), page()).expect("a page");
        pages.follow("?page=2").expect("a page");
        pages.follow("?page=3").expect("a page");
        assert_eq!(pages.follow("?page=2"), Err(NextLinkError::Loop));
        assert_eq!(pages.follow("?page=3"), Err(NextLinkError::Loop));
        assert_eq!(pages.follow("?patient=1&_count=200"), Err(NextLinkError::Loop));
    }

    #[test]
    fn pages_without_end_end() {
        let mut pages = Pages::from(&base(), page()).expect("a page");
        pages.count = MAX_PAGES;
        assert_eq!(pages.follow("?page=x"), Err(NextLinkError::TooMany));
    }

    #[test]
    fn a_pull_goes_on_only_at_its_own_server() {
        let elsewhere = Url::parse("https://evil.example/fhir?page=9").expect("a url");
        assert_eq!(Pages::from(&base(), elsewhere).expect_err("elsewhere"), NextLinkError::OtherServer);
    }
}
