//! "Did you mean": the nearest spelling among the words of the same person's record.

use rusqlite::Connection;
use types::PersonId;

use crate::{Vault, VaultError, words};

/// Words shorter than this are not guessed at: too much lies near them.
const SHORTEST: usize = 4;

impl Vault {
    /// A spelling of `typed` that finds something in the person's record, when a near one exists.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn did_you_mean(&self, person: &PersonId, typed: &str) -> Result<Option<String>, VaultError> {
        let person = self.person_number(person)?;
        let mut corrected = Vec::new();
        let mut differs = false;
        for word in words::typed_words(typed) {
            if finds(&self.connection, person, &word)? {
                corrected.push(word);
                continue;
            }
            match nearest(&self.connection, person, &word)? {
                Some(near) => {
                    differs = true;
                    corrected.push(near);
                }
                None => return Ok(None),
            }
        }
        let text = corrected.join(" ");
        let useful = differs && finds(&self.connection, person, &text)?;
        Ok(useful.then_some(text))
    }
}

fn finds(connection: &Connection, person: i64, typed: &str) -> rusqlite::Result<bool> {
    let Some(query) = words::match_query(typed) else { return Ok(false) };
    let table = words::table(person);
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {table} MATCH ?1)");
    connection.prepare_cached(&sql)?.query_row([query], |row| row.get(0))
}

fn nearest(connection: &Connection, person: i64, word: &str) -> rusqlite::Result<Option<String>> {
    let word: Vec<char> = word.to_lowercase().chars().map(plain).collect();
    if word.len() < SHORTEST {
        return Ok(None);
    }
    let reach = if word.len() < 6 { 1 } else { 2 };
    let sql = format!("SELECT term, doc FROM {} WHERE length(term) BETWEEN ?1 AND ?2", words::vocabulary(person));
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((word.len().saturating_sub(reach) as i64, (word.len() + reach) as i64))?;
    let mut best: Option<(usize, i64, String)> = None;
    while let Some(row) = rows.next()? {
        let term = row.get_ref(0)?.as_str()?;
        // Numbers lie near each other without being meant.
        if !term.chars().any(char::is_alphabetic) {
            continue;
        }
        let far = distance(&word, &term.chars().collect::<Vec<_>>());
        let documents: i64 = row.get(1)?;
        if far <= reach && best.as_ref().is_none_or(|(least, most, _)| (far, -documents) < (*least, -*most)) {
            best = Some((far, documents, term.to_owned()));
        }
    }
    Ok(best.map(|(_, _, term)| term))
}

/// The letter without its accent, for the letters of western European languages.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

/// Letters to change, add, drop, or swap with a neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut line = Vec::with_capacity(b.len() + 1);
        let mut left = i + 1;
        line.push(left);
        for (j, other) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut least = (at(&last, j) + usize::from(letter != other)).min(at(&last, j + 1) + 1).min(left + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(letter);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            line.push(least);
            left = least;
        }
        before = last;
        last = line;
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far(a: &str, b: &str) -> usize {
        distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    #[test]
    fn distances_count_changed_added_dropped_and_swapped_letters() {
        assert_eq!(far("glucose", "glucose"), 0);
        assert_eq!(far("glucose", "glukose"), 1);
        assert_eq!(far("glucose", "gluocse"), 1);
        assert_eq!(far("glucose", "glucos"), 1);
        assert_eq!(far("gluxcoze", "glucose"), 2);
        assert_eq!(far("", "abc"), 3);
        assert_eq!(far("abc", ""), 3);
    }
}
