//! From a resource as received to the row it is kept in.

use fhir::{Against, Json, LocalReference, Measured, PartialDate, Resource, Summary};
use vault::ItemDraft;

use crate::views::{self, AttachmentView, Part, Range, Value};

/// A row, and what its resource leads to.
pub(crate) struct Drafted {
    /// The row.
    pub(crate) item: ItemDraft,
    /// What it points to at the same server.
    pub(crate) links: Vec<LocalReference>,
    /// Files that lie elsewhere: place in the resource, address, content type as stated.
    pub(crate) files: Vec<FileAt>,
    /// Id of the patient it is about, when it names one of the same server.
    pub(crate) patient: Option<String>,
}

/// A file that a resource points to.
pub(crate) struct FileAt {
    pub(crate) index: u32,
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
}

/// Reads what lists and search need. References of the same server are kept as `Type/id`, for links between items.
pub(crate) fn draft(resource: Resource<'_>, base: &str) -> Drafted {
    let Resource { resource_type, id, version_id, last_updated, json, tree } = resource;
    let summary = fhir::summarize(&tree);
    let local = |reference| LocalReference::parse(reference, base);
    let links: Vec<_> = fhir::references(&tree).into_iter().filter_map(local).collect();
    let item = ItemDraft {
        person: None,
        connection: None,
        resource_type,
        source_id: id,
        version_id,
        last_updated,
        kind: summary.kind.as_str().to_owned(),
        date: summary.date.as_ref().map(|d| d.as_str().to_owned()),
        date_sort: summary.date.as_ref().map(PartialDate::sort_key),
        value_json: summary.value.as_ref().and_then(|v| serde_json::to_string(&value_view(v)).ok()),
        attachment_json: attachment(&summary).and_then(|a| serde_json::to_string(&a).ok()),
        title: summary.title,
        status: summary.status,
        test_key: summary.test_key,
        text: summary.words,
        references: links.iter().map(LocalReference::path).collect(),
        json: json.as_bytes().into(),
    };
    Drafted { item, links, files: files(&tree), patient: patient(&tree, base) }
}

fn files(tree: &impl Json) -> Vec<FileAt> {
    let stated = fhir::attachments(tree).into_iter().zip(0..);
    stated
        .filter(|(file, _)| file.data.is_none())
        .filter_map(|(file, index)| Some(FileAt { index, url: file.url?, content_type: file.content_type }))
        .collect()
}

fn patient(tree: &impl Json, base: &str) -> Option<String> {
    let named = ["subject", "patient", "beneficiary"]
        .iter()
        .find_map(|member| tree.member(member)?.member("reference")?.text())?;
    LocalReference::parse(named, base).filter(|found| found.resource_type == "Patient").map(|found| found.id)
}

/// The first file of a document, as lists show it.
pub(crate) fn attachment(summary: &Summary) -> Option<AttachmentView> {
    let file = summary.attachment.as_ref()?;
    Some(AttachmentView {
        index: 0,
        title: file.title.clone(),
        content_type: file.content_type.clone(),
        size: file.size.and_then(|s| u32::try_from(s).ok()),
        here: file.data.is_some(),
    })
}

/// A value as it is shown.
pub(crate) fn value_view(value: &Measured) -> Value {
    Value {
        number: value.number.clone(),
        comparator: value.comparator.clone(),
        unit: value.unit.clone(),
        unit_code: value.unit_code.clone(),
        text: value.text.clone(),
        range: value.range.as_ref().map(|r| Range { low: r.low.clone(), high: r.high.clone(), text: r.text.clone() }),
        against: match value.against {
            Against::Above => views::Against::Above,
            Against::Below => views::Against::Below,
            Against::Within => views::Against::Within,
            Against::RangeNotStated => views::Against::RangeNotStated,
            Against::InWords => views::Against::InWords,
            Against::Outside => views::Against::Outside,
        },
        parts: value
            .parts
            .iter()
            .map(|p| Part {
                title: p.title.clone(),
                number: p.number.clone(),
                unit: p.unit.clone(),
                text: p.text.clone(),
            })
            .collect(),
    }
}
