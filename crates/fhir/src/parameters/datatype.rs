/// FHIR data types, as far as search tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataType {
    Boolean,
    /// A plain code, with the code system that its required binding implies.
    Code(Option<&'static str>),
    /// `string`, `markdown`, `id`
    Text,
    /// A family name, whose words are searched one by one.
    Family,
    /// `uri`, `url`
    Uri,
    Canonical,
    /// `decimal`, `integer`
    Number,
    /// `date`, `dateTime`
    Date,
    Instant,
    Period,
    Timing,
    Coding,
    CodeableConcept,
    Identifier,
    ContactPoint,
    Reference,
    HumanName,
    Address,
    /// `Quantity`, `Age`, `Duration`
    Quantity,
    Range,
    Money,
    SampledData,
    /// A resource in a resource: an entry of a Bundle.
    Resource,
    /// Has no value of its own: parts of a resource that components are read from, attachments.
    Other,
}

impl DataType {
    /// By its name in the definitions; `code` with `=` and a code system after it.
    pub(crate) fn named(name: &'static str) -> Option<Self> {
        let (name, system) = name.split_once('=').map_or((name, None), |(name, system)| (name, Some(system)));
        Some(match name {
            "boolean" => Self::Boolean,
            "code" => Self::Code(system),
            "string" | "markdown" | "id" => Self::Text,
            "uri" | "url" => Self::Uri,
            "canonical" => Self::Canonical,
            "decimal" | "integer" => Self::Number,
            "date" | "dateTime" => Self::Date,
            "instant" => Self::Instant,
            "Period" => Self::Period,
            "Timing" => Self::Timing,
            "Coding" => Self::Coding,
            "CodeableConcept" => Self::CodeableConcept,
            "Identifier" => Self::Identifier,
            "ContactPoint" => Self::ContactPoint,
            "Reference" => Self::Reference,
            "HumanName" => Self::HumanName,
            "Address" => Self::Address,
            "Quantity" | "Age" | "Duration" => Self::Quantity,
            "Range" => Self::Range,
            "Money" => Self::Money,
            "SampledData" => Self::SampledData,
            "Resource" => Self::Resource,
            "BackboneElement" | "UsageContext" | "Observation" | "Attachment" => Self::Other,
            _ => return None,
        })
    }
}
