use axum::response::Response;
use http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, HeaderValue, VARY};
use http::{HeaderMap, StatusCode};

use crate::reply;

/// In which language a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Spanish,
}

/// What a page says.
#[derive(Debug)]
pub(super) enum Page<'a> {
    /// The owner has not decided.
    Waiting {
        /// The code to compare.
        compare: &'a str,
        /// What the owner asked back.
        message: Option<&'a str>,
    },
    /// Nobody waits under this name.
    Over,
    /// The request could not be taken; the client's fault, told in English for whoever writes it.
    Refused {
        /// One of a fixed set of texts.
        why: &'a str,
    },
}

impl Language {
    /// The one preferred by `Accept-Language` (RFC 9110 §12.5.4); English where it names neither.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let weight = |language: &str| -> f32 {
            let ranges = asked.split(',').filter_map(|range| {
                let (tag, weight) = range.split_once(';').map_or((range, "q=1"), |(tag, weight)| (tag, weight.trim()));
                let primary = tag.trim().split('-').next()?;
                if !primary.eq_ignore_ascii_case(language) {
                    return None;
                }
                weight.strip_prefix("q=")?.trim().parse().ok()
            });
            ranges.fold(0.0, f32::max)
        };
        if weight("es") > weight("en") { Self::Spanish } else { Self::English }
    }

    fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }
}

/// The page. It has no script and no form; while it waits it comes again by itself.
pub(super) fn html(status: StatusCode, language: Language, page: &Page<'_>) -> Response {
    let (title, lead) = texts(language, page);
    let (again, inner) = match page {
        Page::Waiting { compare, message } => {
            let (same, asks) = match language {
                Language::English => {
                    ("Compare this code with the one in Satchel:", "The owner of the record asks you:")
                }
                Language::Spanish => {
                    ("Compare este código con el que muestra Satchel:", "La persona dueña del historial le pregunta:")
                }
            };
            let code = escaped(compare);
            (
                "<meta http-equiv=\"refresh\" content=\"3\">",
                format!("<p>{same}</p><p class=\"code\">{code}</p>{}", said(asks, *message)),
            )
        }
        Page::Over => ("", String::new()),
        Page::Refused { why } => ("", format!("<p lang=\"en\">{}</p>", escaped(why))),
    };
    let tag = language.tag();
    let text = format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">{again}\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/style.css\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1><p>{lead}</p>{inner}</main></body></html>"
    );
    let mut response = reply::bytes(status, "text/html; charset=utf-8", text);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(tag));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    response
}

fn texts(language: Language, page: &Page<'_>) -> (&'static str, &'static str) {
    match (language, page) {
        (Language::English, Page::Waiting { .. }) => {
            ("Waiting for your decision", "Open Satchel on your device. You decide there; this page only waits.")
        }
        (Language::Spanish, Page::Waiting { .. }) => (
            "Esperando su decisión",
            "Abra Satchel en su dispositivo. La decisión se toma allí; esta página solo espera.",
        ),
        (Language::English, Page::Over) => ("This request is over", "You can close this page."),
        (Language::Spanish, Page::Over) => ("Esta solicitud ha terminado", "Puede cerrar esta página."),
        (Language::English, Page::Refused { .. }) => {
            ("This request could not be taken", "The app that sent you here made a mistake. Nothing was shared.")
        }
        (Language::Spanish, Page::Refused { .. }) => {
            ("No se pudo aceptar esta solicitud", "La aplicación que le envió cometió un error. No se compartió nada.")
        }
    }
}

/// What the owner says, in the language that they say it in: as text, and set apart from what the page says.
fn said(asks: &str, message: Option<&str>) -> String {
    message.map_or_else(String::new, |message| {
        format!("<p>{asks}</p><blockquote dir=\"auto\">{}</blockquote>", escaped(message))
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

pub(super) fn style() -> Response {
    reply::bytes(StatusCode::OK, "text/css; charset=utf-8", include_str!("style.css"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(asked: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(asked).unwrap());
        Language::of(&headers)
    }

    #[test]
    fn the_language_is_the_one_preferred() {
        for asked in ["es", "es-MX,es;q=0.9,en;q=0.8", "fr, es;q=0.5", "en;q=0.3, es;q=0.7"] {
            assert_eq!(of(asked), Language::Spanish, "{asked}");
        }
        for asked in ["en", "en-GB,es;q=0.9", "fr", "", "es;q=x", "est"] {
            assert_eq!(of(asked), Language::English, "{asked}");
        }
    }

    #[test]
    fn what_is_shown_is_text() {
        assert_eq!(
            said("Asks:", Some("Why <all>?")),
            "<p>Asks:</p><blockquote dir=\"auto\">Why &lt;all&gt;?</blockquote>"
        );
        assert_eq!(said("Asks:", None), "");
        assert_eq!(escaped("<b a='1'>&\""), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;");
    }
}
