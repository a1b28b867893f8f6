use serde_json::json;

/// A `.smart-health-card` file with these signed texts (SMART Health Cards, "via File Download"); media type
/// `application/smart-health-card`.
pub fn file_export(jws: &[&str]) -> String {
    format!("{:#}\n", json!({ "verifiableCredential": jws }))
}
