//! The one place that writes to standard output and standard error.

use std::io::{self, ErrorKind, Write};

use crate::escape;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::shown::{Body, Shown};
use crate::words::Words;

/// Says answers and failures.
pub(crate) struct Printer {
    json: bool,
    words: Words,
}

impl Printer {
    pub(crate) fn new(json: bool, words: Words) -> Self {
        Self { json, words }
    }

    /// Says an answer on standard output.
    pub(crate) fn shown(&self, shown: Shown) -> Exit {
        let written = match &shown.body {
            Body::Text(text) => out(&escape::lines(text)),
            Body::Json(text) | Body::Drawing(text) => out(text),
        };
        match written {
            Ok(()) => shown.exit,
            Err(error) => self.failure(&Failure::Output(error)),
        }
    }

    /// Says what went wrong: as JSON on standard output, or in words on standard error.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        let view = failure.view();
        if self.json {
            if let Err(error) = document(&serde_json::json!({ "error": view })) {
                err(&error.to_string());
            }
        } else {
            let text = self.words.error(&view);
            err(&format!("{} {}", text.what, text.help));
        }
        failure.exit()
    }
}

/// Writes lines to standard output. A reader that has gone away (`satchel list | head`) is no error.
pub(crate) fn out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| if text.ends_with('\n') { Ok(()) } else { stdout.write_all(b"\n") })
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a line to standard error, harmless for a terminal. When that fails, there is no one to tell.
pub(crate) fn err(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", escape::lines(text));
}

/// Writes a question to standard error, without a line break.
pub(crate) fn ask(question: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{} ", escape::line(question)).and_then(|()| stderr.flush());
}

/// Writes one JSON document to standard output.
pub(crate) fn document(value: &serde_json::Value) -> io::Result<()> {
    out(&escape::json(format!("{value:#}")))
}
