use serde_json::Value;

use super::coded;
use crate::parameters::datatype::DataType;
use crate::parameters::setting::Setting;
use crate::parameters::value::{Address, Reference};
use crate::parameters::walk;
use crate::references::local;

/// What an element refers to: a `Reference`, a canonical address, or a resource inside a Bundle.
pub(super) fn reference<'a>(
    data_type: DataType,
    element: &'a Value,
    resource: &'a Value,
    setting: &Setting,
) -> Option<Reference<'a>> {
    match data_type {
        DataType::Reference => {
            let stated = element.get("reference").and_then(Value::as_str).filter(|text| !text.is_empty());
            let to = stated.map(|text| address(text, setting));
            let identifier = element.get("identifier").and_then(coded::identifier);
            let text = element.get("display").and_then(Value::as_str).filter(|text| !text.is_empty());
            let resource_type = walk::leads_to(element, resource);
            let found = to.is_some() || identifier.is_some() || text.is_some();
            found.then_some(Reference { to, resource_type, identifier, text })
        }
        DataType::Canonical | DataType::Uri => {
            let text = element.as_str().filter(|text| !text.is_empty())?;
            let resource_type = walk::type_in(text.split('|').next().unwrap_or_default());
            Some(Reference { to: Some(canonical(text)), resource_type, ..Reference::default() })
        }
        DataType::Resource => {
            let resource_type = element.get("resourceType").and_then(Value::as_str)?;
            let id = element.get("id").and_then(Value::as_str)?;
            let to = Address::Local { resource_type, id, version: None };
            Some(Reference { to: Some(to), resource_type: Some(resource_type), ..Reference::default() })
        }
        _ => None,
    }
}

/// Reads where a reference leads.
pub(crate) fn address<'a>(text: &'a str, setting: &Setting) -> Address<'a> {
    if let Some(id) = text.strip_prefix('#') {
        return Address::Contained(id);
    }
    let base = setting.base.as_deref();
    let below = base.and_then(|base| text.strip_prefix(base)?.strip_prefix('/')).unwrap_or(text);
    if let Some((resource_type, id, version)) = local(below) {
        return Address::Local { resource_type, id, version };
    }
    canonical(text)
}

fn canonical(text: &str) -> Address<'_> {
    match text.split_once('|') {
        Some((url, version)) => Address::Url { url, version: Some(version) },
        None => Address::Url { url: text, version: None },
    }
}
