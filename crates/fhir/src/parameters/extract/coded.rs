use serde_json::Value;

use crate::parameters::datatype::DataType;
use crate::parameters::value::Token;
use crate::parameters::walk::members;

fn text<'a>(element: &'a Value, name: &str) -> Option<&'a str> {
    element.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Tokens of an element (FHIR R4, "token"; the table of data types).
pub(super) fn tokens<'a>(data_type: DataType, element: &'a Value, take: &mut impl FnMut(Token<'a>)) {
    match data_type {
        DataType::Boolean => {
            if let Some(value) = element.as_bool() {
                take(Token { code: Some(if value { "true" } else { "false" }), ..Token::default() });
            }
        }
        DataType::Code(system) => {
            if let Some(code) = element.as_str().filter(|code| !code.is_empty()) {
                take(Token { system, implied: system.is_some(), code: Some(code), ..Token::default() });
            }
        }
        DataType::Text | DataType::Uri | DataType::Canonical => {
            if let Some(code) = element.as_str().filter(|code| !code.is_empty()) {
                take(Token { code: Some(code), ..Token::default() });
            }
        }
        DataType::Coding => {
            if let Some(token) = coding(element) {
                take(token);
            }
        }
        DataType::CodeableConcept => {
            members(element, "coding").iter().filter_map(coding).for_each(&mut *take);
            if let Some(text) = text(element, "text") {
                take(Token { text: Some(text), ..Token::default() });
            }
        }
        DataType::Identifier => {
            if let Some(token) = identifier(element) {
                take(token);
            }
        }
        // `ContactPoint.system` is no namespace: a search with a system finds none.
        DataType::ContactPoint => {
            if let Some(value) = text(element, "value") {
                take(Token { code: Some(value), ..Token::default() });
            }
        }
        _ => {}
    }
}

fn coding(element: &Value) -> Option<Token<'_>> {
    let (system, code, text) = (text(element, "system"), text(element, "code"), text(element, "display"));
    let found = system.is_some() || code.is_some() || text.is_some();
    found.then_some(Token { system, code, text, ..Token::default() })
}

/// An identifier as a token.
pub(super) fn identifier(element: &Value) -> Option<Token<'_>> {
    let (system, code) = (text(element, "system"), text(element, "value"));
    let identifier_type = element.get("type").filter(|t| t.is_object());
    let text = identifier_type.and_then(|t| text(t, "text"));
    let found = system.is_some() || code.is_some() || identifier_type.is_some();
    found.then_some(Token { system, code, text, identifier_type, ..Token::default() })
}
