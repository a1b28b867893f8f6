//! Where a passphrase comes from: a file, a file descriptor, or the keyboard. Never the command line, never the
//! environment: both are seen by others.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;
use types::Secret;
use zeroize::Zeroize;

use crate::words::Words;

/// Longest passphrase that is read, in bytes.
const MAX_BYTES: usize = 1024;

/// The place a passphrase is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file whose only line it is.
    File(PathBuf),
    /// An open file descriptor, by its number.
    Descriptor(u32),
    /// The keyboard.
    Keyboard,
}

/// Why there is no passphrase.
#[derive(Debug, Error)]
pub(crate) enum PassphraseError {
    /// The file or descriptor cannot be read.
    #[error("the passphrase cannot be read from there")]
    Unreadable(PathBuf, #[source] io::Error),
    /// It does not hold one line of text.
    #[error("the file does not hold one line of text")]
    NotOneLine(PathBuf),
    /// Nobody sits at a keyboard.
    #[error("there is no terminal to ask at")]
    NoTerminal,
    /// The keyboard failed, or the person broke off.
    #[error("the terminal cannot be read")]
    Terminal(#[source] io::Error),
    /// It was typed differently the second time.
    #[error("the two passphrases differ")]
    Differ,
}

impl PassphraseError {
    /// The code of its texts.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(..) => "cli.passphraseUnreadable",
            Self::NotOneLine(_) => "cli.passphraseNotOneLine",
            Self::NoTerminal => "cli.passphraseNoTerminal",
            Self::Terminal(_) => "cli.terminal",
            Self::Differ => "cli.passphraseDiffer",
        }
    }

    /// The file it was to come from.
    pub(crate) fn file(&self) -> Option<String> {
        match self {
            Self::Unreadable(path, _) | Self::NotOneLine(path) => Some(path.display().to_string()),
            _ => None,
        }
    }
}

impl Source {
    /// The passphrase of a wallet that exists.
    pub(crate) fn passphrase(&self, words: Words) -> Result<Secret<String>, PassphraseError> {
        match self {
            Self::File(path) => from_file(path),
            Self::Descriptor(0) => one_line(io::stdin().lock(), Path::new("-")),
            Self::Descriptor(number) => from_file(&PathBuf::from(format!("/dev/fd/{number}"))),
            Self::Keyboard => asked(words.text("passphrase.ask")),
        }
    }

    /// A new passphrase; at the keyboard it is typed twice.
    pub(crate) fn new_passphrase(&self, words: Words) -> Result<Secret<String>, PassphraseError> {
        let first = self.passphrase(words)?;
        if *self == Self::Keyboard && asked(words.text("passphrase.again"))?.expose() != first.expose() {
            return Err(PassphraseError::Differ);
        }
        Ok(first)
    }
}

/// Asks for a line that may be seen, such as a name.
pub(crate) fn ask(question: &str) -> Result<String, PassphraseError> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(PassphraseError::NoTerminal);
    }
    crate::print::ask(question);
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(PassphraseError::Terminal)?;
    Ok(line.trim().to_owned())
}

fn asked(question: &str) -> Result<Secret<String>, PassphraseError> {
    if !(io::stdin().is_terminal() || io::stderr().is_terminal()) {
        return Err(PassphraseError::NoTerminal);
    }
    rpassword::prompt_password(format!("{question} ")).map(Secret::new).map_err(PassphraseError::Terminal)
}

fn from_file(path: &Path) -> Result<Secret<String>, PassphraseError> {
    let file = File::open(path).map_err(|error| PassphraseError::Unreadable(path.to_owned(), error))?;
    one_line(file, path)
}

fn one_line(reader: impl Read, path: &Path) -> Result<Secret<String>, PassphraseError> {
    let mut bytes = Vec::with_capacity(MAX_BYTES + 64);
    let read = reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    let line = match read {
        Ok(length) if length <= MAX_BYTES => String::from_utf8(bytes).map_err(|error| error.into_bytes()),
        Ok(_) => Err(bytes),
        Err(error) => {
            bytes.zeroize();
            return Err(PassphraseError::Unreadable(path.to_owned(), error));
        }
    };
    let mut line = line.map_err(|mut bytes| {
        bytes.zeroize();
        PassphraseError::NotOneLine(path.to_owned())
    })?;
    if line.ends_with('\n') {
        line.pop();
    }
    if line.ends_with('\r') {
        line.pop();
    }
    let line = Secret::new(line);
    if line.expose().is_empty() || line.expose().chars().any(char::is_control) {
        return Err(PassphraseError::NotOneLine(path.to_owned()));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<String> {
        one_line(bytes, Path::new("f")).ok().map(|secret| secret.expose().clone())
    }

    #[test]
    fn a_passphrase_is_the_only_line_of_its_file() {
        assert_eq!(read(b"correct horse battery\n").as_deref(), Some("correct horse battery"));
        assert_eq!(read(b" \xc3\xb1 \r\n").as_deref(), Some(" ñ "));
        for broken in [&b""[..], b"\n", b"one\ntwo\n", b"\xff\xfe", b"a\0b", &[b'a'; MAX_BYTES + 1]] {
            assert_eq!(read(broken), None);
        }
    }
}
