use serde_json::Value;

use crate::parameters::datatype::DataType;
use crate::parameters::walk::members;

/// Parts of a name that search looks at (FHIR R4, "string": any of the parts of a HumanName).
const NAME: [&str; 5] = ["text", "family", "given", "prefix", "suffix"];
/// Parts of an address.
const ADDRESS: [&str; 7] = ["text", "line", "city", "district", "state", "postalCode", "country"];

/// Texts of an element.
pub(super) fn strings<'a>(data_type: DataType, element: &'a Value, take: &mut impl FnMut(&'a str)) {
    let parts: &[&str] = match data_type {
        DataType::Text => {
            if let Some(text) = element.as_str().filter(|text| !text.is_empty()) {
                take(text);
            }
            return;
        }
        DataType::HumanName => &NAME,
        DataType::Address => &ADDRESS,
        _ => return,
    };
    for part in parts {
        members(element, part).iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).for_each(&mut *take);
    }
}
