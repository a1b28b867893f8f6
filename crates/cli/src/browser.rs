//! Opening an address in the system's browser.

use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use url::Url;

/// How long it is watched whether the system's opener fails.
const WATCHED: Duration = Duration::from_secs(2);

/// Opens the address with `$BROWSER` where it is set (several, joined by colons; `%s` stands for the address), else the
/// system's way.
pub(crate) fn open_address(address: &Url) -> io::Result<()> {
    let chosen = std::env::var("BROWSER").unwrap_or_default();
    for program in chosen.split(if cfg!(windows) { ';' } else { ':' }).filter(|p| !p.trim().is_empty()) {
        if start(program, address).is_ok() {
            return Ok(());
        }
    }
    open::that_detached_with_timeout(address.as_str(), WATCHED)
}

fn start(line: &str, address: &Url) -> io::Result<()> {
    let words = words(line, address.as_str());
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // A child that ended and that nobody waits for would stay in the system's table.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// The words of a command line, with the address in place of `%s`, or at the end.
fn words(line: &str, address: &str) -> Vec<String> {
    let mut words: Vec<String> = line.split_whitespace().map(|word| word.replace("%s", address)).collect();
    if !line.contains("%s") && !words.is_empty() {
        words.push(address.to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_address_stands_where_the_command_says_or_at_its_end() {
        assert_eq!(words("firefox -P health %s", "https://a"), ["firefox", "-P", "health", "https://a"]);
        assert_eq!(words("lynx", "https://a"), ["lynx", "https://a"]);
        assert!(words("  ", "https://a").is_empty());
    }
}
