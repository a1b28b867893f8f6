//! The same record in SQLite in memory: a table of texts, tables of codes, dates and references with the indexes that
//! the questions want, and the questions by hand.

use std::time::{Duration, Instant};

use rusqlite::{Connection, Params};
use serde_json::Value;

pub(crate) struct Tables {
    connection: Connection,
}

const PAGE: &str = "ORDER BY r.id LIMIT 50";

impl Tables {
    pub(crate) fn of(resources: &[Value], texts: &[String]) -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE resource (n INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL) STRICT;
                 CREATE UNIQUE INDEX by_id ON resource (type, id);
                 CREATE TABLE name (n INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;
                 CREATE TABLE token (param TEXT, code TEXT, system TEXT, id TEXT, n INTEGER, PRIMARY KEY (param, code, system, id)) WITHOUT ROWID, STRICT;
                 CREATE TABLE date (param TEXT, low TEXT, n INTEGER, PRIMARY KEY (param, low, n)) WITHOUT ROWID, STRICT;
                 CREATE TABLE day (n INTEGER PRIMARY KEY, low TEXT NOT NULL) STRICT;
                 CREATE TABLE reference (param TEXT, target INTEGER, n INTEGER, PRIMARY KEY (param, target, n)) WITHOUT ROWID, STRICT;
                 CREATE UNIQUE INDEX forward ON reference (param, n, target);
                 CREATE TABLE compartment (patient TEXT, type TEXT, id TEXT, n INTEGER, PRIMARY KEY (patient, type, id)) WITHOUT ROWID, STRICT;
                 BEGIN;",
            )
            .unwrap();
        let name = |one: &Value| format!("{}/{}", one["resourceType"].as_str().unwrap(), one["id"].as_str().unwrap());
        let numbers: std::collections::HashMap<String, usize> =
            resources.iter().enumerate().map(|(n, one)| (name(one), n)).collect();
        for (n, (one, text)) in resources.iter().zip(texts).enumerate() {
            let (kind, id) = (one["resourceType"].as_str().unwrap(), one["id"].as_str().unwrap());
            let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
                connection.prepare_cached(sql).unwrap().execute(values).unwrap();
            };
            run("INSERT INTO resource VALUES (?1, ?2, ?3, ?4)", &[&(n as i64), &kind, &id, text]);
            run("INSERT INTO name VALUES (?1, ?2)", &[&(n as i64), &id]);
            for (param, concept) in [("code", &one["code"]), ("type", &one["type"][0])] {
                for coding in concept["coding"].as_array().into_iter().flatten() {
                    let (code, system) = (coding["code"].as_str(), coding["system"].as_str());
                    run(
                        "INSERT OR IGNORE INTO token VALUES (?1, ?2, ?3, ?4, ?5)",
                        &[&format!("{kind}.{param}"), &code, &system, &id, &(n as i64)],
                    );
                }
            }
            if let Some(date) = one["effectiveDateTime"].as_str() {
                run("INSERT INTO day VALUES (?1, ?2)", &[&(n as i64), &date]);
                run("INSERT INTO date VALUES (?1, ?2, ?3)", &[&format!("{kind}.date"), &date, &(n as i64)]);
            }
            if let Some(to) = one["encounter"]["reference"].as_str().and_then(|to| numbers.get(to)) {
                run(
                    "INSERT INTO reference VALUES (?1, ?2, ?3)",
                    &[&format!("{kind}.encounter"), &(*to as i64), &(n as i64)],
                );
            }
            let person = one["subject"]["reference"].as_str().or(one["patient"]["reference"].as_str());
            let person = person.map(|to| to.trim_start_matches("Patient/")).or((kind == "Patient").then_some(id));
            if let Some(person) = person {
                run("INSERT INTO compartment VALUES (?1, ?2, ?3, ?4)", &[&person, &kind, &id, &(n as i64)]);
            }
        }
        connection.execute_batch("COMMIT; ANALYZE;").unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        Self { connection }
    }

    /// Texts of a page, and the total where a second statement asks for it.
    fn ask(&self, texts: Option<&str>, total: Option<&str>, values: impl Params + Clone) -> (Duration, usize) {
        let begun = Instant::now();
        let mut out = Vec::new();
        if let Some(sql) = texts {
            let mut statement = self.connection.prepare_cached(sql).unwrap();
            let mut rows = statement.query(values.clone()).unwrap();
            while let Some(row) = rows.next().unwrap() {
                out.extend_from_slice(row.get_ref(0).unwrap().as_str().unwrap().as_bytes());
            }
        }
        if let Some(sql) = total {
            let mut statement = self.connection.prepare_cached(sql).unwrap();
            let total: i64 = statement.query_row(values, |row| row.get(0)).unwrap();
            out.extend_from_slice(total.to_string().as_bytes());
        }
        (begun.elapsed(), std::hint::black_box(out).len())
    }

    pub(crate) fn read(&self, kind: &str, id: &str) -> (Duration, usize) {
        self.ask(Some("SELECT json FROM resource WHERE type = ?1 AND id = ?2"), None, (kind, id))
    }

    fn page(&self, from: &str, order: &str, values: impl Params + Clone) -> (Duration, usize) {
        self.ask(Some(&format!("SELECT r.json {from} {order}")), Some(&counting(from)), values)
    }

    pub(crate) fn code(&self, code: &str) -> (Duration, usize) {
        let from = "FROM token t JOIN resource r ON r.n = t.n WHERE t.param = 'Observation.code' AND t.code = ?1 AND t.system = 'http://loinc.org'";
        // In the order of the index, so that only fifty rows are fetched.
        self.page(from, "ORDER BY t.id LIMIT 50", [code])
    }

    pub(crate) fn newest(&self, code: &str) -> (Duration, usize) {
        let from = "FROM token t JOIN resource r ON r.n = t.n JOIN day d ON d.n = t.n
            WHERE t.param = 'Observation.code' AND t.code = ?1 AND t.system = 'http://loinc.org'";
        self.page(from, "ORDER BY d.low DESC, r.id LIMIT 50", [code])
    }

    pub(crate) fn date(&self, from_day: &str, to_day: &str) -> (Duration, usize) {
        let from = "FROM date d JOIN resource r ON r.n = d.n WHERE d.param = 'Observation.date' AND d.low >= ?1 AND d.low < ?2";
        self.page(from, PAGE, [from_day, to_day])
    }

    pub(crate) fn count(&self, code: &str) -> (Duration, usize) {
        let sql =
            "SELECT count(*) FROM token WHERE param = 'Observation.code' AND code = ?1 AND system = 'http://loinc.org'";
        self.ask(None, Some(sql), [code])
    }

    pub(crate) fn chained(&self, code: &str) -> (Duration, usize) {
        let found =
            "SELECT e.n AS n FROM token t JOIN reference e ON e.param = 'Observation.encounter' AND e.target = t.n
            WHERE t.param = 'Encounter.type' AND t.code = ?1";
        self.texts_last(found, code)
    }

    pub(crate) fn has(&self, code: &str) -> (Duration, usize) {
        let found = "SELECT DISTINCT e.target AS n FROM token t JOIN reference e ON e.param = 'Observation.encounter' AND e.n = t.n
            WHERE t.param = 'Observation.code' AND t.code = ?1 AND t.system = 'http://loinc.org'";
        self.texts_last(found, code)
    }

    /// A page of these: in order by a table of names, so that only the fifty texts of the page are fetched.
    fn texts_last(&self, found: &str, code: &str) -> (Duration, usize) {
        let texts = format!(
            "SELECT r.json FROM (SELECT m.n AS n, m.id AS id FROM ({found}) f JOIN name m ON m.n = f.n ORDER BY m.id LIMIT 50) p
             JOIN resource r ON r.n = p.n ORDER BY p.id"
        );
        self.ask(Some(&texts), Some(&format!("SELECT count(*) FROM ({found})")), [code])
    }

    pub(crate) fn everything(&self, patient: &str) -> (Duration, usize) {
        let sql = "SELECT r.json FROM compartment c JOIN resource r ON r.n = c.n WHERE c.patient = ?1 ORDER BY c.type, c.id LIMIT 50";
        self.ask(Some(sql), Some("SELECT count(*) FROM compartment WHERE patient = ?1"), [patient])
    }
}

/// The same question as a count, which needs no texts: the join with them goes where nothing else hangs on it.
fn counting(from: &str) -> String {
    format!(
        "SELECT count(*) {}",
        from.replace(" JOIN resource r ON r.n = t.n WHERE", " WHERE")
            .replace(" JOIN resource r ON r.n = d.n WHERE", " WHERE")
    )
}
