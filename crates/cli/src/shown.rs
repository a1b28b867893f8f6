use serde::Serialize;

use crate::escape;
use crate::exit::Exit;
use crate::failure::Failure;

/// What a verb answers.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) body: Body,
    pub(crate) exit: Exit,
}

/// In which form.
#[derive(Debug)]
pub(crate) enum Body {
    /// One JSON document.
    Json(String),
    /// Text for a person, which may hold words from elsewhere.
    Text(String),
    /// Text of our own with colours.
    Drawing(String),
}

impl Shown {
    /// A view as it is.
    pub(crate) fn json<T: Serialize>(view: &T) -> Result<Self, Failure> {
        let text = serde_json::to_string_pretty(view).map_err(|error| Failure::Output(error.into()))?;
        Ok(Self { body: Body::Json(escape::json(text)), exit: Exit::Yes })
    }

    /// A JSON document as it is.
    pub(crate) fn document(json: String) -> Self {
        Self { body: Body::Json(escape::json(json)), exit: Exit::Yes }
    }

    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { body: Body::Text(text.into()), exit: Exit::Yes }
    }

    /// A drawing.
    pub(crate) fn drawing(text: String) -> Self {
        Self { body: Body::Drawing(text), exit: Exit::Yes }
    }

    /// The same answer with another ending.
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}
