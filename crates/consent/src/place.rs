//! Where in a resource something is: kept as steps while looking, written as a JSON pointer when found.

/// A step down from the top.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'v> {
    /// A member.
    Name(&'v str),
    /// An item of a list.
    At(usize),
}

impl<'v> Part<'v> {
    /// The name of a member.
    pub(crate) fn name(&self) -> Option<&'v str> {
        match self {
            Self::Name(name) => Some(name),
            Self::At(_) => None,
        }
    }
}

/// RFC 6901.
pub(crate) fn pointer(parts: &[Part<'_>]) -> String {
    let mut pointer = String::with_capacity(parts.len() * 10);
    for part in parts {
        pointer.push('/');
        match part {
            Part::At(at) => pointer.push_str(&at.to_string()),
            Part::Name(name) if name.contains(['~', '/']) => {
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Part::Name(name) => pointer.push_str(name),
        }
    }
    pointer
}
