use crate::criteria::error::CriterionError;
use crate::criteria::split::{split, unescape};
use crate::criteria::wanted::{Wanted, WantedReference, WantedSystem, WantedToken};
use crate::parameters::{Address, Setting, address, is_resource_type};
use crate::resource::is_id;

/// `code`, `system|code`, `|code`, `system|`
pub(super) fn token(text: &str) -> Result<WantedToken, CriterionError> {
    match split(text, '|').as_slice() {
        [code] => Ok(WantedToken { system: WantedSystem::Any, code: Some(unescape(code)?) }),
        ["", ""] => Err(CriterionError::BadToken),
        ["", code] => Ok(WantedToken { system: WantedSystem::None, code: Some(unescape(code)?) }),
        [system, ""] => Ok(WantedToken { system: WantedSystem::Is(unescape(system)?), code: None }),
        [system, code] => Ok(WantedToken { system: WantedSystem::Is(unescape(system)?), code: Some(unescape(code)?) }),
        _ => Err(CriterionError::BadToken),
    }
}

/// `system|code|value`, all three.
pub(super) fn of_type(text: &str) -> Result<Wanted, CriterionError> {
    match split(text, '|').as_slice() {
        [system, code, value] if ![system, code, value].iter().any(|part| part.is_empty()) => {
            Ok(Wanted::OfType { system: unescape(system)?, code: unescape(code)?, value: unescape(value)? })
        }
        _ => Err(CriterionError::BadToken),
    }
}

/// `id`, `Type/id`, an address; `of` is the type that a modifier names.
pub(super) fn reference(text: &str, of: Option<&str>, setting: &Setting) -> Result<WantedReference, CriterionError> {
    let plain = unescape(text)?;
    if is_id(&plain) {
        return Ok(WantedReference::Local { resource_type: of.map(Into::into), id: plain, version: None });
    }
    match address(&plain, setting) {
        Address::Local { resource_type, id, version } if is_resource_type(resource_type) => match of {
            Some(of) if of != resource_type => Err(CriterionError::WrongTarget),
            _ => Ok(WantedReference::Local {
                resource_type: Some(resource_type.into()),
                id: id.into(),
                version: version.map(Into::into),
            }),
        },
        Address::Url { url, version } if url.contains(':') && of.is_none() => {
            Ok(WantedReference::Url { url: url.into(), version: version.map(Into::into) })
        }
        _ => Err(CriterionError::BadReference),
    }
}
