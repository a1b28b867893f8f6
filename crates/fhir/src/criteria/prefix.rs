/// What stands before a number or a date (FHIR R4, "Prefixes").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Prefix {
    /// `eq`: the range asked for contains that of the resource.
    #[default]
    Equal,
    /// `ne`: it does not.
    NotEqual,
    /// `gt`: the range above overlaps that of the resource.
    Greater,
    /// `lt`: the range below does.
    Less,
    /// `ge`: greater or equal.
    GreaterOrEqual,
    /// `le`: less or equal.
    LessOrEqual,
    /// `sa`: the resource's range lies above.
    StartsAfter,
    /// `eb`: it lies below.
    EndsBefore,
    /// `ap`: within a tenth.
    About,
}

impl Prefix {
    const ALL: [(&'static str, Self); 9] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("lt", Self::Less),
        ("ge", Self::GreaterOrEqual),
        ("le", Self::LessOrEqual),
        ("sa", Self::StartsAfter),
        ("eb", Self::EndsBefore),
        ("ap", Self::About),
    ];

    /// Takes the prefix off a text; `None` when two letters stand there that are none.
    pub(super) fn take(text: &str) -> Option<(Self, &str)> {
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Some((Self::Equal, text));
        }
        let found = Self::ALL.iter().find_map(|(word, prefix)| Some((*prefix, text.strip_prefix(word)?)));
        found.filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    /// The two letters.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, prefix)| *prefix == self).map_or("eq", |(word, _)| word)
    }
}
