//! What the HTML pages have in common: plain forms without script.

const STYLE: &str = "body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;background:#f4f1ea;color:#1d2521}\
main{max-width:34rem;margin:3rem auto;padding:2rem;background:#fff;border:1px solid #c9c3b4}\
label{display:block;margin:1rem 0 .25rem}input[type=text],input[type=password]{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}\
button{font:inherit;padding:.6rem 1.4rem;margin:1.5rem .75rem 0 0}fieldset{border:0;padding:0}legend{font-weight:600}\
.choice{display:flex;gap:.6rem;align-items:baseline;margin:.5rem 0}.choice label{margin:0}\
.wrong{border-left:.35rem solid #a11;padding:.5rem 1rem}h1{font-size:1.6rem}";

/// A page of one column.
pub(crate) fn page(title: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{main}</main></body></html>"
    )
}

/// A foreign text as it may stand in a page.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
