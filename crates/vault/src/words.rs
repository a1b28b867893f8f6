//! The search words: one full-text table for each person, so that no search can meet another person's words.
//!
//! The tables hold the index only, not the text. Words are compared without accents and case; each word a person
//! types stands for everything that begins with it.
//!
//! Every page of a pull adds a part to the index. FTS5 would put four of a size together, and write each word of a long
//! pull again and again; `automerge` 0 has it wait for sixteen, which no search feels.

use rusqlite::Connection;

/// Makes the tables of a new person.
pub(crate) fn make_tables(connection: &Connection, person: i64) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {table} USING fts5 (
             text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
         );
         INSERT INTO {table} ({table}, rank) VALUES ('automerge', 0);
         CREATE VIRTUAL TABLE {vocabulary} USING fts5vocab ({table}, row);",
        table = table(person),
        vocabulary = vocabulary(person),
    ))
}

/// Name of the person's full-text table.
pub(crate) fn table(person: i64) -> String {
    format!("words_{person}")
}

/// Name of the person's list of distinct words.
pub(crate) fn vocabulary(person: i64) -> String {
    format!("vocabulary_{person}")
}

/// Most words of a query that are looked at, and most letters of each.
const MOST_WORDS: usize = 16;
const MOST_LETTERS: usize = 64;

/// The query for what a person typed, or `None` when there is nothing to look for. Each word becomes a quoted string
/// with a star, so nothing a person types is read as syntax.
pub(crate) fn match_query(typed: &str) -> Option<String> {
    let mut query = String::new();
    for word in typed_words(typed) {
        if !query.is_empty() {
            query.push(' ');
        }
        query.push('"');
        query.push_str(&word.replace('"', "\"\""));
        query.push_str("\"*");
    }
    (!query.is_empty()).then_some(query)
}

/// The words as typed: parted by white space, without control characters, bounded in number and length.
pub(crate) fn typed_words(typed: &str) -> impl Iterator<Item = String> + '_ {
    typed
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !c.is_control()).take(MOST_LETTERS).collect::<String>())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index() -> Connection {
        crate::open::make_cipher_ready();
        let connection = Connection::open_in_memory().unwrap();
        make_tables(&connection, 1).unwrap();
        let texts = ["Adán 694 Hemoglobin A1c HDL-C", "Presión arterial \"alta\"", "Ada\u{301}n descompuesto"];
        for (n, text) in texts.iter().enumerate() {
            connection.execute("INSERT INTO words_1 (rowid, text) VALUES (?1, ?2)", (n as i64 + 1, text)).unwrap();
        }
        connection
    }

    fn hits(connection: &Connection, typed: &str) -> Vec<i64> {
        let Some(query) = match_query(typed) else { return Vec::new() };
        let mut statement = connection.prepare("SELECT rowid FROM words_1 WHERE words_1 MATCH ?1").unwrap();
        statement.query_map([query], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        let index = index();
        for typed in ["adan", "Adán", "ADAN", "Ada\u{301}n", "  adá  "] {
            assert_eq!(hits(&index, typed), [1, 3], "{typed}");
        }
        assert_eq!(hits(&index, "presion"), [2]);
    }

    #[test]
    fn every_word_counts_from_its_beginning() {
        let index = index();
        assert_eq!(hits(&index, "hemo a1"), [1]);
        assert_eq!(hits(&index, "hdl-c"), [1]);
        assert_eq!(hits(&index, "hemo arterial"), [0; 0]);
        assert_eq!(hits(&index, "globin"), [0; 0]);
    }

    #[test]
    fn signs_are_not_syntax() {
        let index = index();
        for typed in
            ["\"", "\"alta\"", "a OR b", "text:adan", "NEAR(adan 694)", "^adan", "adan*", "- ( ) {", "'; --", "\0"]
        {
            hits(&index, typed);
        }
        assert_eq!(hits(&index, "\"alta\""), [2]);
        assert_eq!(hits(&index, "text:adan"), [0; 0]);
    }

    proptest! {
        #[test]
        fn no_text_is_an_error(typed in ".{0,80}") {
            hits(&index(), &typed);
        }
    }
}
