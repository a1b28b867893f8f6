use serde_json::Value;

use crate::parameters::datatype::DataType;
use crate::parameters::value::SearchValue;
use crate::parameters::walk::members;

/// Parts of a name that search looks at (FHIR R4, "string": the elements of type string).
const NAME: [&str; 4] = ["text", "given", "prefix", "suffix"];
/// Parts of an address.
const ADDRESS: [&str; 7] = ["text", "line", "city", "district", "state", "postalCode", "country"];
/// Words of one family name that a search may begin with.
const MAX_WORDS: usize = 16;

/// Texts of an element.
pub(super) fn strings<'a>(data_type: DataType, element: &'a Value, take: &mut impl FnMut(SearchValue<'a>)) {
    let parts = |names: &[&str], take: &mut dyn FnMut(SearchValue<'a>)| {
        for name in names {
            members(element, name).iter().filter_map(text).for_each(|text| take(SearchValue::String(text)));
        }
    };
    match data_type {
        DataType::Text => {
            if let Some(text) = text(element) {
                take(SearchValue::String(text));
            }
        }
        DataType::Family => family(element, take),
        DataType::HumanName => {
            members(element, "family").iter().for_each(|name| family(name, take));
            parts(&NAME, take);
        }
        DataType::Address => parts(&ADDRESS, take),
        _ => {}
    }
}

fn text(element: &Value) -> Option<&str> {
    element.as_str().filter(|text| !text.is_empty())
}

/// "Servers should search the parts of a family name independently": Quinones finds Carreno Quinones.
fn family<'a>(element: &'a Value, take: &mut impl FnMut(SearchValue<'a>)) {
    let Some(name) = text(element) else { return };
    take(SearchValue::String(name));
    let breaks = name.char_indices().filter(|(_, c)| c.is_whitespace() || *c == '-');
    for (at, c) in breaks.take(MAX_WORDS) {
        if let Some(rest) = name.get(at + c.len_utf8()..).filter(|rest| rest.starts_with(char::is_alphabetic)) {
            take(SearchValue::Words(rest));
        }
    }
}
