//! What a grant says, and what it would let out.

use serde::{Deserialize, Serialize};

use crate::words::Language;

/// What a grant would let out of the record of the person shown. For the owner only: it names what stays in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct GrantPreview {
    /// Id of the grant.
    pub id: String,
    /// What the owner calls the other side.
    pub name: String,
    /// Whether it holds now. One that does not lets nothing out.
    pub holds: bool,
    /// What it says, sentence by sentence.
    pub summary: Vec<Sentence>,
    /// The scopes that a client would be told of.
    pub scopes: String,
    /// Resources by type.
    pub types: Vec<TypeCount>,
    /// Resources let out as they are.
    pub kept: u32,
    /// Resources let out with something taken out of them.
    pub changed: u32,
    /// Resources that stay in.
    pub left_out: u32,
    /// What is taken out of which resource, and by which rule.
    pub changes: Vec<ChangeView>,
    /// What stays in, and why.
    pub left: Vec<LeftOutView>,
    /// What the owner should look at.
    pub review: Vec<ReviewView>,
    /// What could not be judged, and stays in.
    pub not_understood: Vec<NotUnderstoodView>,
    /// What may point to the person in a de-identified view although the rules kept it.
    pub concerns: Vec<ConcernView>,
    /// Names of hidden drugs that texts were searched for; kept with the grant when the owner approves.
    pub words: Vec<String>,
}

/// Something that may point to the person although the rules of de-identification kept it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ConcernView {
    /// What, as a code with its words under `concerns`.
    pub code: String,
    /// In how many resources.
    pub count: u32,
}

/// A sentence of a grant, in words: the window and the command line show it as it stands here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// What it is about, such as `permit.types` or `term.end`.
    pub key: String,
    /// In English.
    pub en: String,
    /// In Spanish.
    pub es: String,
}

impl Sentence {
    /// In one of the languages.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Spanish => &self.es,
        }
    }
}

/// Resources of one type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TypeCount {
    /// Resource type.
    pub resource_type: String,
    /// Let out as they are.
    pub kept: u32,
    /// Let out changed.
    pub changed: u32,
    /// That stay in.
    pub left_out: u32,
}

/// A resource of the record, as the owner knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ResourceName {
    /// `Type/id` of the record.
    pub resource: String,
    /// Id of the item, to show it; a file that was fetched by itself has none.
    pub item: Option<String>,
    /// Plain title.
    pub title: Option<String>,
}

/// Something taken out of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// Of what.
    pub of: ResourceName,
    /// FHIR path of the element.
    pub element: String,
    /// Which rule.
    pub rule: String,
}

/// A resource that stays in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LeftOutView {
    /// Which.
    pub of: ResourceName,
    /// Why, as a code with its words under `leftOut`.
    pub why: String,
    /// The topic, when one is the reason.
    pub topic: Option<String>,
    /// The rule that found it.
    pub rule: Option<String>,
}

/// A place the owner should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ReviewView {
    /// Of what.
    pub of: ResourceName,
    /// JSON pointer of the element.
    pub place: String,
    /// The words found.
    pub found: Vec<String>,
    /// Which rule.
    pub rule: String,
    /// What is done unless the owner decides: `keep`, `takeOut`, `leaveOut`.
    pub default: String,
}

/// A resource that could not be judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct NotUnderstoodView {
    /// Which.
    pub of: ResourceName,
    /// Why, as a code.
    pub why: String,
}
