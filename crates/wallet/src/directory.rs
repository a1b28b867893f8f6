//! The directory of health systems: bundles in the form of the SMART App Launch guide's User-access Brands that the
//! owner brought in. Public facts; they lie beside the vault and are searched in memory.

use serde_json::Value;
use thiserror::Error;
use types::ServerUrl;

use crate::Wallet;
use crate::error::WalletError;
use crate::folder::{Files, write_whole};
use crate::views::{DirectoryEntry, DirectoryPage};

/// Largest directory file that is read: 64 MiB; the largest published one is a third of that.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Most hits that are shown.
const MAX_HITS: usize = 50;

/// Why a file is not a directory.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum DirectoryError {
    /// Larger than is read.
    #[error("the directory file is too large")]
    TooLarge,
    /// Not a bundle of brands.
    #[error("the file is not a bundle of user-access brands")]
    NotADirectory,
    /// No entry has an address that can be used.
    #[error("the directory names no usable address")]
    Empty,
}

impl Wallet {
    /// Searches names, portals and places; an empty search lists the first entries.
    pub async fn directory_search(&self, words: String) -> Result<DirectoryPage, WalletError> {
        let files = self.files().clone();
        self.aside(move || search(&files, &words)).await
    }

    /// Brings a directory in: of health systems, or of card issuers. A file of the same name is replaced; a failed
    /// import changes nothing.
    pub async fn directory_import(&self, name: String, bytes: Vec<u8>) -> Result<DirectoryPage, WalletError> {
        let files = self.files().clone();
        if let Ok(issuers) = credentials::directory::Directory::parse(&bytes) {
            self.take_issuers(issuers).await?;
            return self.directory_search(String::new()).await;
        }
        self.aside(move || {
            if bytes.len() > MAX_BYTES {
                return Err(DirectoryError::TooLarge.into());
            }
            let bundle: Value = serde_json::from_slice(&bytes).map_err(|_| DirectoryError::NotADirectory)?;
            if bundle.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
                return Err(DirectoryError::NotADirectory.into());
            }
            if entries_of(&bundle).is_empty() {
                return Err(DirectoryError::Empty.into());
            }
            let plain: String = name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
            write_whole(&files.directory().join(format!("{plain}.json")), &bytes).map_err(WalletError::Disk)?;
            search(&files, "")
        })
        .await
    }
}

fn search(files: &Files, words: &str) -> Result<DirectoryPage, WalletError> {
    let mut entries: Vec<DirectoryEntry> = Vec::new();
    let mut date: Option<jiff::Timestamp> = None;
    let folder = match std::fs::read_dir(files.directory()) {
        Ok(folder) => folder,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(DirectoryPage { entries: 0, date: None, hits: Vec::new() });
        }
        Err(error) => return Err(WalletError::Disk(error)),
    };
    for file in folder {
        let file = file.map_err(WalletError::Disk)?;
        let bytes = std::fs::read(file.path()).map_err(WalletError::Disk)?;
        // A file that somebody else put there and that is no directory is passed over, not an end of the search.
        let Ok(bundle) = serde_json::from_slice::<Value>(&bytes) else { continue };
        entries.extend(entries_of(&bundle));
        let changed = file.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.try_into().ok());
        date = date.max(changed);
    }
    entries.sort_by(|a, b| (&a.name, &a.address).cmp(&(&b.name, &b.address)));
    entries.dedup_by(|a, b| a.name == b.name && a.address == b.address);
    let wanted: Vec<String> = words.split_whitespace().map(fold).collect();
    let total = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let hits = entries.into_iter().filter(|e| matches(e, &wanted)).take(MAX_HITS).collect();
    Ok(DirectoryPage { entries: total, date: date.map(|d| d.to_string()), hits })
}

fn matches(entry: &DirectoryEntry, wanted: &[String]) -> bool {
    let all = [Some(&entry.name), entry.portal.as_ref(), entry.place.as_ref(), Some(&entry.address)];
    let text = fold(&all.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "));
    wanted.iter().all(|word| text.contains(word))
}

/// Lower case, without the accents of Latin letters.
fn fold(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            other => other,
        })
        .collect()
}

/// Brands (`Organization`) with the endpoints they, or their parents, refer to.
fn entries_of(bundle: &Value) -> Vec<DirectoryEntry> {
    let resources: Vec<(&str, &Value)> = bundle
        .get("entry")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|e| Some((e.get("fullUrl").and_then(Value::as_str).unwrap_or_default(), e.get("resource")?)))
        .collect();
    let of_type = |wanted: &'static str| {
        resources.iter().filter(move |(_, r)| r.get("resourceType").and_then(Value::as_str) == Some(wanted))
    };
    let find = |reference: &str| {
        resources.iter().find(|(url, resource)| {
            let text = |member: &str| resource.get(member).and_then(Value::as_str).unwrap_or_default();
            *url == reference || reference == format!("{}/{}", text("resourceType"), text("id"))
        })
    };
    let endpoints = |brand: &Value| -> Vec<String> {
        brand
            .get("endpoint")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|e| e.get("reference")?.as_str())
            .filter_map(find)
            .filter_map(|(_, endpoint)| endpoint.get("address")?.as_str())
            .filter_map(|address| ServerUrl::parse(address).ok())
            .map(String::from)
            .collect()
    };
    let mut out = Vec::new();
    for (_, brand) in of_type("Organization") {
        let Some(name) = brand.get("name").and_then(Value::as_str) else { continue };
        let parent = brand.pointer("/partOf/reference").and_then(Value::as_str).and_then(find).map(|(_, r)| *r);
        let mut addresses = endpoints(brand);
        if addresses.is_empty() {
            addresses = parent.map(endpoints).unwrap_or_default();
        }
        for address in addresses {
            out.push(DirectoryEntry { name: name.to_owned(), portal: portal(brand), place: place(brand), address });
        }
    }
    out
}

/// The portal's name, from the guide's `organization-portal` extension.
fn portal(brand: &Value) -> Option<String> {
    let extensions = brand.get("extension")?.as_array()?;
    let portal = extensions
        .iter()
        .find(|e| e.get("url").and_then(Value::as_str).is_some_and(|u| u.ends_with("/organization-portal")))?;
    let name = portal
        .get("extension")?
        .as_array()?
        .iter()
        .find(|e| e.get("url").and_then(Value::as_str) == Some("portalName"))?;
    name.get("valueString").and_then(Value::as_str).map(str::to_owned)
}

fn place(brand: &Value) -> Option<String> {
    let address = brand.get("address")?.as_array()?.first()?;
    let parts: Vec<&str> =
        ["city", "state"].iter().filter_map(|m| address.get(*m)?.as_str()).filter(|t| !t.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_are_found_by_name_portal_and_place() {
        let Some(folder) = testkit::shared("data/user-access-brands") else { return };
        let home = tempfile::tempdir().unwrap();
        let files = Files { root: home.path().to_owned() };
        std::fs::create_dir_all(files.directory()).unwrap();
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), files.directory().join(file.file_name())).unwrap();
        }
        std::fs::write(files.directory().join("broken.json"), b"{").unwrap();
        let all = search(&files, "").unwrap();
        assert!(all.entries > 2, "{all:?}");
        // Here a brand and its endpoint share an id.
        assert_eq!(search(&files, "ExampleLabs").unwrap().hits.len(), 1);
        for hit in &all.hits {
            let by_name = search(&files, &hit.name.to_uppercase()).unwrap();
            assert!(by_name.hits.contains(hit));
            if let Some(place) = &hit.place {
                assert!(search(&files, place.split(',').next().unwrap()).unwrap().hits.contains(hit));
            }
        }
        assert!(search(&files, "no such clinic").unwrap().hits.is_empty());
    }

    #[test]
    fn an_address_that_is_not_https_is_not_listed() {
        let bundle = serde_json::json!({"resourceType":"Bundle","entry":[
            {"resource":{"resourceType":"Organization","id":"o","name":"Plain","endpoint":[{"reference":"Endpoint/e"}]}},
            {"resource":{"resourceType":"Endpoint","id":"e","address":"http://plain.example/fhir"}}]});
        assert!(entries_of(&bundle).is_empty());
    }
}
