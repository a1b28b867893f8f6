use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use serde_json::Value;

use super::compile::Program;
use super::datatype::DataType;
use super::extract;
use super::kind::Kind;
use super::row::Row;
use super::setting::Setting;
use super::value::SearchValue;

/// One search parameter of one resource type.
pub struct Parameter {
    resource_type: &'static str,
    code: &'static str,
    kind: Kind,
    id: &'static str,
    expression: &'static str,
    targets: Vec<&'static str>,
    components: Vec<Component>,
    program: Program,
}

/// One part of a composite parameter.
#[derive(Debug)]
pub struct Component {
    kind: Kind,
    code: &'static str,
    program: Program,
}

impl Component {
    /// How it is searched.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Name of the parameter that it is like.
    pub fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        (self.resource_type, self.code) == (other.resource_type, other.code)
    }
}

impl Eq for Parameter {}

/// `Patient.name`
impl Debug for Parameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.resource_type, self.code)
    }
}

impl Hash for Parameter {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.resource_type, self.code).hash(state);
    }
}

impl Parameter {
    /// Type it belongs to; `Resource` or `DomainResource` for those of all types.
    pub fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    /// Name in a search.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// How it is searched.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Canonical address of its definition.
    pub fn definition(&self) -> String {
        format!("http://hl7.org/fhir/SearchParameter/{}", self.id)
    }

    /// Its FHIRPath, of the part that concerns its type. Empty where FHIR gives none (`_text`, `_content`, `_query`).
    pub fn expression(&self) -> &'static str {
        self.expression
    }

    /// Resource types that a reference may lead to, as defined.
    pub fn targets(&self) -> impl Iterator<Item = &'static str> {
        let any = self.targets.first() == Some(&"*");
        self.targets.iter().copied().filter(move |_| !any).chain(resource_types().filter(move |_| any))
    }

    /// Whether a reference may lead to this type.
    pub fn may_target(&self, resource_type: &str) -> bool {
        self.targets.iter().any(|target| *target == resource_type || *target == "*")
    }

    /// Whether what it refers to is named by canonical addresses only.
    pub(crate) fn is_canonical(&self) -> bool {
        let mut ends = self.program.ends().peekable();
        ends.peek().is_some() && ends.all(|end| matches!(end, DataType::Canonical | DataType::Uri))
    }

    /// Whether its codes are media types.
    pub(crate) fn is_media_type(&self) -> bool {
        self.expression.ends_with(".contentType")
    }

    /// Whether its codes may belong to a system.
    pub(crate) fn has_systems(&self) -> bool {
        self.program.ends().any(|end| !matches!(end, DataType::ContactPoint | DataType::Uri | DataType::Boolean))
    }

    /// Parts, in order; empty unless it is a composite.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// What a resource of its type has under it, in order of appearance. Elements that hold only extensions give nothing,
    /// and so does what stands in contained resources.
    pub fn values<'a>(&self, resource: &'a Value, setting: &Setting) -> Vec<SearchValue<'a>> {
        let mut found = Vec::new();
        self.each(resource, setting, |value| found.push(value));
        found
    }

    /// As [`Parameter::values`], one after the other.
    pub fn each<'a>(&self, resource: &'a Value, setting: &Setting, take: impl FnMut(SearchValue<'a>)) {
        extract::each(self, resource, setting, take);
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }
}

/// The parameter of this name, of the type itself or of all resources.
pub fn parameter(resource_type: &str, code: &str) -> Option<&'static Parameter> {
    let all = index().get(resource_type)?;
    all.binary_search_by(|one| one.code.cmp(code)).ok().and_then(|at| all.get(at)).copied()
}

/// Every parameter of a type, those of all resources included, by name. Empty for what is no resource type of R4.
pub fn parameters(resource_type: &str) -> &'static [&'static Parameter] {
    index().get(resource_type).map_or(&[], Vec::as_slice)
}

/// Every resource type of R4, by name.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    index().keys().copied()
}

/// Whether R4 has a resource type of this name.
pub fn is_resource_type(name: &str) -> bool {
    index().contains_key(name)
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

fn rows() -> &'static [Parameter] {
    static ROWS: OnceLock<Vec<Parameter>> = OnceLock::new();
    // The build has read every line already.
    ROWS.get_or_init(|| lines(include_str!("r4.tsv")).filter_map(|line| Row::read(line).ok()).map(of_row).collect())
}

fn of_row(row: Row) -> Parameter {
    let part = |part: super::row::PartRow| Component { kind: part.kind, code: part.code, program: part.program };
    Parameter {
        resource_type: row.resource_type,
        code: row.code,
        kind: row.kind,
        id: row.id,
        expression: row.expression,
        targets: row.targets,
        components: row.parts.into_iter().map(part).collect(),
        program: row.program,
    }
}

fn index() -> &'static BTreeMap<&'static str, Vec<&'static Parameter>> {
    static INDEX: OnceLock<BTreeMap<&'static str, Vec<&'static Parameter>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut by_type: BTreeMap<&'static str, Vec<&'static Parameter>> = BTreeMap::new();
        for (name, base) in lines(include_str!("types.tsv")).filter_map(|line| line.split_once('\t')) {
            let of_all = rows().iter().filter(|row| row.resource_type == "Resource" || row.resource_type == base);
            by_type.insert(name, of_all.collect());
        }
        for row in rows() {
            if let Some(own) = by_type.get_mut(row.resource_type) {
                own.push(row);
            }
        }
        by_type.values_mut().for_each(|all| all.sort_unstable_by_key(|row| row.code));
        by_type
    })
}
