//! Reading the record: lists, labs, items.

use fhir::{LocalReference, PartialDate};
use types::{ConnectionId, ItemId};
use vault::{Item, ItemRow, ListQuery};

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::views::{
    AttachmentView, CodeView, Fact, ItemLink, ItemView, Kind, KindCount, LabPoint, LabView, Origin, RecordPage,
    RecordQuery, Row, SourceCount, Value,
};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

impl Wallet {
    /// A page of the record of the person shown, newest first, with true counts.
    pub async fn records(&self, query: RecordQuery) -> Result<RecordPage, WalletError> {
        let wanted = list_query(&query)?;
        self.with(move |open| {
            let page = open.vault.list(&open.current, &wanted)?;
            let kinds: Vec<KindCount> = open.kind_counts()?;
            let everything = kinds.iter().map(|k| k.count).sum();
            let nothing_found = page.total == 0 && !wanted.words.trim().is_empty();
            let did_you_mean = match nothing_found {
                true => open.vault.did_you_mean(&open.current, &wanted.words)?,
                false => None,
            };
            Ok(RecordPage {
                lent: open.lent(&open.current)?,
                total: page.total,
                rows: page.rows.into_iter().map(row_view).collect(),
                sources: open.sources()?,
                kinds,
                everything,
                did_you_mean,
            })
        })
        .await
    }

    /// A lab result or vital sign with every value of the same test.
    pub async fn lab(&self, id: &str) -> Result<LabView, WalletError> {
        let id = item_id(id)?;
        self.with(move |open| {
            let item = open.vault.item(&open.current, &id)?;
            let tree = tree(&item)?;
            let history = match &item.row.test_key {
                Some(key) => open.vault.test_history(&open.current, key)?,
                None => vec![item.row.clone()],
            };
            let history: Vec<LabPoint> = history.into_iter().filter_map(lab_point).collect();
            Ok(LabView {
                one_unit: one_unit(&history),
                codes: codes(&tree),
                facts: facts(&tree),
                origin: open.origin(&item)?,
                row: row_view(item.row),
                history,
            })
        })
        .await
    }

    /// Any item in plain words.
    pub async fn item(&self, id: &str) -> Result<ItemView, WalletError> {
        let id = item_id(id)?;
        self.with(move |open| open.item_view(&id)).await
    }

    /// The ids of the items that go by this name at their source, `Observation/123`: one for each source that has it.
    pub async fn items_called(&self, reference: &str) -> Result<Vec<String>, WalletError> {
        let reference = reference.to_owned();
        self.with(move |open| {
            let mut found = Vec::new();
            for connection in open.vault.connections(&open.current)? {
                let item = open.vault.item_by_reference(&open.current, &connection.id, &reference)?;
                found.extend(item.map(|row| row.id.into()));
            }
            Ok(found)
        })
        .await
    }
}

impl Open {
    pub(crate) fn item_view(&self, id: &ItemId) -> Result<ItemView, WalletError> {
        let item = self.vault.item(&self.current, id)?;
        let tree = tree(&item)?;
        Ok(ItemView {
            facts: facts(&tree),
            links: self.links(&item, &tree)?,
            json: serde_json::to_string_pretty(&tree).unwrap_or_default(),
            origin: self.origin(&item)?,
            row: row_view(item.row),
        })
    }

    fn origin(&self, item: &Item) -> Result<Origin, WalletError> {
        Ok(Origin {
            source: item.row.source.clone(),
            address: item.address.clone(),
            received: item.received.to_string(),
            last_updated: item.last_updated.clone(),
            reference: format!("{}/{}", item.row.resource_type, item.source_id),
            version: item.version_id.clone(),
            connection: item.row.connection.to_string(),
            lapsed: self.vault.lapsed(&self.current, &item.row.id)?.map(|since| since.to_string()),
        })
    }

    fn links(&self, item: &Item, tree: &serde_json::Value) -> Result<Vec<ItemLink>, WalletError> {
        let mut out: Vec<ItemLink> = Vec::new();
        for link in fhir::links(tree) {
            let Some(target) = LocalReference::parse(&link.reference, &item.address) else { continue };
            let found = self.vault.item_by_reference(&self.current, &item.row.connection, &target.path())?;
            if let Some(found) = found.filter(|f| !out.iter().any(|l| l.id == f.id.as_str())) {
                out.push(ItemLink { label: link.member, id: found.id.into(), title: found.title });
            }
        }
        Ok(out)
    }

    /// Items by kind, in the order of the filter list.
    pub(crate) fn kind_counts(&self) -> Result<Vec<KindCount>, WalletError> {
        let counts = self.vault.kind_counts(&self.current)?;
        let mut out: Vec<KindCount> =
            counts.into_iter().map(|c| KindCount { kind: Kind::of_name(&c.kind), count: c.count }).collect();
        out.sort_by_key(|c| c.kind);
        Ok(out)
    }

    pub(crate) fn sources(&self) -> Result<Vec<SourceCount>, WalletError> {
        let counts = self.vault.source_counts(&self.current)?;
        Ok(counts.into_iter().map(|c| SourceCount { id: c.id.into(), name: c.name, count: c.count }).collect())
    }
}

pub(crate) fn item_id(text: &str) -> Result<ItemId, InputError> {
    text.parse().map_err(|_| InputError::UnknownId)
}

pub(crate) fn tree(item: &Item) -> Result<serde_json::Value, WalletError> {
    serde_json::from_slice(&item.json).map_err(|_| WalletError::Open(vault::OpenError::Damaged))
}

pub(crate) fn list_query(query: &RecordQuery) -> Result<ListQuery, InputError> {
    let source = query.source.as_deref().map(str::parse::<ConnectionId>).transpose();
    Ok(ListQuery {
        words: query.words.clone(),
        kind: query.kind.map(|k| fhir::Kind::from(k).as_str().to_owned()),
        source: source.map_err(|_| InputError::UnknownId)?,
        from: query.from.as_deref().map(day).transpose()?,
        to: query.to.as_deref().map(day).transpose()?.map(|first| first.saturating_add(DAY - 1)),
        newest_of_each: query.newest_of_each,
        offset: query.offset,
        limit: query.limit.clamp(1, 500),
    })
}

fn day(text: &str) -> Result<i64, InputError> {
    let date = PartialDate::parse(text).filter(|d| d.as_str().len() == 10);
    date.map(|d| d.sort_key()).ok_or(InputError::NotADate)
}

/// A stored row as it is shown. What was stored as JSON was written by [`crate::draft`]; if it does not read back, the
/// list still shows the row, and the detail page reads the resource itself.
pub(crate) fn row_view(row: ItemRow) -> Row {
    Row {
        id: row.id.into(),
        kind: Kind::of_name(&row.kind),
        resource_type: row.resource_type,
        title: row.title,
        value: row.value_json.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        date: row.date,
        status: row.status,
        source: row.source,
        attachment: row.attachment_json.as_deref().and_then(|text| serde_json::from_str::<AttachmentView>(text).ok()),
    }
}

/// Whether values may stand on one line.
pub(crate) fn one_unit(history: &[LabPoint]) -> bool {
    let units: Vec<&Option<String>> =
        history.iter().filter(|point| point.value.number.is_some()).map(|point| unit_of(&point.value)).collect();
    units.windows(2).all(|pair| pair.first() == pair.last())
}

/// What a resource goes by.
pub(crate) fn codes(tree: &serde_json::Value) -> Vec<CodeView> {
    let view = |code: fhir::Code| CodeView { system: code.system, code: code.code, display: code.display };
    fhir::codes(tree).into_iter().map(view).collect()
}

fn lab_point(row: ItemRow) -> Option<LabPoint> {
    let row = row_view(row);
    Some(LabPoint { value: row.value?, id: row.id, date: row.date, source: row.source })
}

/// What must be equal for two values to stand on one line: the UCUM code, or the unit as written.
fn unit_of(value: &Value) -> &Option<String> {
    if value.unit_code.is_some() { &value.unit_code } else { &value.unit }
}

pub(crate) fn facts(tree: &serde_json::Value) -> Vec<Fact> {
    fhir::facts(tree).into_iter().map(|f| Fact { label: f.label.as_str().to_owned(), text: f.text }).collect()
}
