//! Pages of what is seen and of what stays.

use std::collections::{BTreeMap, HashMap, HashSet};

use consent::{Item, WhyOut};
use vault::ListQuery;

use super::kept::{Preview, Told};
use crate::error::WalletError;
use crate::grants::why_code;
use crate::records::{codes, facts, one_unit};
use crate::views::{
    AttachmentView, CutView, ItemLink, Kind, KindCount, LabPoint, PreviewItem, PreviewPage, RecordPage, SourceCount,
    StaysPage, StaysRow,
};

impl Preview {
    /// Rows that match, with counts of the whole.
    pub(super) fn page(&self, wanted: &ListQuery, only_cut: bool) -> PreviewPage {
        let folded = fhir::parameters::fold(&wanted.words);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let mut tests: HashSet<&str> = HashSet::new();
        let kind = wanted.kind.as_deref().map(Kind::of_name);
        let found: Vec<&Told> = self
            .told
            .iter()
            .filter(|told| fits(told, wanted, kind, &words))
            .filter(|told| !only_cut || self.cuts.contains_key(told.row.id.as_str()))
            .filter(|told| match told.test.as_deref().filter(|_| wanted.newest_of_each) {
                Some(test) => tests.insert(test),
                None => true,
            })
            .collect();
        let rows: Vec<_> =
            found.iter().skip(wide(wanted.offset)).take(wide(wanted.limit)).map(|told| told.row.clone()).collect();
        let cut = rows.iter().filter_map(|row| self.cuts.get(row.id.as_str())).flatten().cloned().collect();
        let page = RecordPage {
            lent: Vec::new(),
            total: size(found.len()),
            rows,
            kinds: self.kinds(),
            sources: self.sources(),
            everything: size(self.told.len()),
            did_you_mean: None,
        };
        PreviewPage { page, cut }
    }

    fn kinds(&self) -> Vec<KindCount> {
        let mut counts: BTreeMap<Kind, u32> = BTreeMap::new();
        for told in &self.told {
            *counts.entry(told.row.kind).or_default() += 1;
        }
        counts.into_iter().map(|(kind, count)| KindCount { kind, count }).collect()
    }

    fn sources(&self) -> Vec<SourceCount> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for source in self.told.iter().filter_map(|told| told.source.as_deref()) {
            *counts.entry(source).or_default() += 1;
        }
        let name = |id: &str| self.sources.get(id).cloned().unwrap_or_default();
        counts.into_iter().map(|(id, count)| SourceCount { id: id.to_owned(), name: name(id), count }).collect()
    }

    /// One item in plain words.
    pub(super) fn item(&self, of: &str) -> Result<PreviewItem, WalletError> {
        let tree = self.answered(of)?;
        let path = self.local(of).unwrap_or_default();
        let known = self.places.get(&path).and_then(|at| self.told.get(*at));
        let told = match known {
            Some(known) => known.row.clone(),
            None => Told::of(&tree, path.clone(), None, String::new()).row,
        };
        let test = known.and_then(|known| known.test.as_deref());
        let history = test.map(|test| self.history(test)).unwrap_or_default();
        Ok(PreviewItem {
            row: told,
            facts: facts(&tree),
            links: self.links(&tree),
            codes: codes(&tree),
            one_unit: one_unit(&history),
            history,
            attachments: self.attachments(&tree),
            cut: self.cut_of(&path),
            json: serde_json::to_string_pretty(&tree).unwrap_or_default(),
        })
    }

    fn cut_of(&self, path: &str) -> Vec<CutView> {
        self.cuts.get(path).cloned().unwrap_or_default()
    }

    /// Every value of a test that they would see, oldest first.
    fn history(&self, test: &str) -> Vec<LabPoint> {
        let of_test = self.told.iter().rev().filter(|told| told.test.as_deref() == Some(test));
        let point = |told: &Told| {
            let row = told.row.clone();
            Some(LabPoint { value: row.value?, id: row.id, date: row.date, source: row.source })
        };
        of_test.filter_map(point).collect()
    }

    fn links(&self, tree: &serde_json::Value) -> Vec<ItemLink> {
        let mut out: Vec<ItemLink> = Vec::new();
        for link in fhir::links(tree) {
            let Some(path) = self.local(&link.reference) else { continue };
            let Some(told) = self.places.get(&path).and_then(|at| self.told.get(*at)) else { continue };
            if !out.iter().any(|known| known.id == path) {
                out.push(ItemLink { label: link.member, id: path, title: told.row.title.clone() });
            }
        }
        out
    }

    fn attachments(&self, tree: &serde_json::Value) -> Vec<AttachmentView> {
        let is_seen = |url: &String| self.local(url).is_some_and(|path| self.places.contains_key(&path));
        let view = |(index, file): (usize, fhir::Attachment)| AttachmentView {
            index: size(index),
            here: file.data.is_some() || file.url.as_ref().is_some_and(is_seen),
            title: file.title,
            content_type: file.content_type,
            size: file.size.and_then(|bytes| u32::try_from(bytes).ok()),
        };
        fhir::attachments(tree).into_iter().enumerate().map(view).collect()
    }

    /// What stays with the owner, in the order of the record.
    pub(super) fn stays(&self, resource_type: Option<&str>, offset: u32, limit: u32) -> StaysPage {
        let of_type = |path: &str| resource_type.is_none_or(|wanted| path.split('/').next() == Some(wanted));
        let found: Vec<_> = self.left.iter().filter(|left| of_type(&left.resource)).collect();
        let shown: Vec<_> = found.iter().skip(wide(offset)).take(wide(limit)).collect();
        let wanted: HashSet<(&str, &str)> = shown.iter().filter_map(|left| left.resource.split_once('/')).collect();
        let items: HashMap<(&str, &str), &Item> = self
            .record()
            .items
            .iter()
            .map(|item| ((&*item.resource_type, &*item.id), item))
            .filter(|(name, _)| wanted.contains(name))
            .collect();
        let rows = shown
            .into_iter()
            .filter_map(|left| {
                let item = items.get(&left.resource.split_once('/')?)?;
                let tree = item.versions.last().and_then(|version| serde_json::from_str(&version.json).ok())?;
                let source = self.sources.get(&*item.source).cloned().unwrap_or_default();
                let topic = match &left.why {
                    WhyOut::Topic { topic, .. } => Some(topic.to_string()),
                    _ => None,
                };
                let row = Told::of(&tree, left.resource.to_string(), None, source).row;
                Some(StaysRow { row, why: why_code(&left.why).to_owned(), topic })
            })
            .collect();
        StaysPage { total: size(found.len()), rows }
    }
}

fn fits(told: &Told, wanted: &ListQuery, kind: Option<Kind>, words: &[&str]) -> bool {
    kind.is_none_or(|kind| told.row.kind == kind)
        && wanted.source.as_ref().is_none_or(|source| told.source.as_deref() == Some(source.as_str()))
        && wanted.from.is_none_or(|from| told.date.is_some_and(|date| from <= date))
        && wanted.to.is_none_or(|to| told.date.is_some_and(|date| date <= to))
        && words.iter().all(|word| told.words.contains(word))
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn wide(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
