//! The home page: what waits, what is new, what there is.

use std::cmp::Reverse;

use fhir::Kind as Named;

use crate::Wallet;
use crate::error::WalletError;
use crate::open::Open;
use crate::records::row_view;
use crate::views::{Against, ConnectionState, HomeView, Kind, KindCount, Row};

/// Most news on the page.
const MAX_NEWS: usize = 6;
/// Most results among them that are not outside their range: a visit brings dozens, and the rest is news too.
const MAX_IN_RANGE: usize = 3;
/// How many of the newest items the news are chosen from.
const LOOKED_AT: u32 = 80;
/// Most allergies named on the page.
const MAX_ALLERGIES: u32 = 12;

impl Wallet {
    /// The home page of the person shown.
    pub async fn home(&self) -> Result<HomeView, WalletError> {
        self.with(|open| open.home()).await
    }
}

impl Open {
    fn home(&mut self) -> Result<HomeView, WalletError> {
        let person = self
            .vault
            .people()?
            .into_iter()
            .find(|p| p.id == self.current)
            .ok_or(WalletError::Vault(vault::VaultError::Unknown))?;
        let kinds = self.kind_counts()?;
        let sources = self.sources()?;
        let connections = self.connection_views()?;
        let mut news = Vec::new();
        let mut last_pull = None;
        for connection in self.vault.connections(&self.current)? {
            if let Some(pull) = self.vault.last_pull(&self.current, &connection.id)? {
                news.extend(self.vault.news(&self.current, &pull.id, LOOKED_AT)?);
                last_pull = last_pull.max(pull.ended);
            }
        }
        let news = chosen(news.into_iter().map(row_view).collect());
        Ok(HomeView {
            person: self.person_view(person)?,
            news,
            last_pull: last_pull.map(|at| at.to_string()),
            medications_active: self.active(Named::Medication)?,
            medications_changed: self.newest(Named::Medication)?,
            allergies: self.vault.titles(&self.current, Named::Allergy.as_str(), MAX_ALLERGIES)?,
            conditions_active: self.active(Named::Condition)?,
            conditions: count(&kinds, Named::Condition),
            everything: kinds.iter().map(|k| k.count).sum(),
            sources: u32::try_from(sources.iter().filter(|s| s.count > 0).count()).unwrap_or(u32::MAX),
            cards: self.vault.card_count(&self.current)?,
            need_sign_in: connections.into_iter().filter(|c| c.state == ConnectionState::NeedsSignIn).collect(),
            trail: self.trail_state()?,
        })
    }

    /// Items of a kind that the source calls active.
    fn active(&self, kind: Named) -> Result<u32, WalletError> {
        let counts = self.vault.status_counts(&self.current, kind.as_str())?;
        let active = |s: &Option<String>| matches!(s.as_deref(), Some("active" | "recurrence" | "relapse"));
        Ok(counts.iter().filter(|c| active(&c.status)).map(|c| c.count).sum())
    }

    /// The newest date of a kind, as stated.
    fn newest(&self, kind: Named) -> Result<Option<String>, WalletError> {
        let query = vault::ListQuery { kind: Some(kind.as_str().to_owned()), limit: 1, ..vault::ListQuery::default() };
        Ok(self.vault.list(&self.current, &query)?.rows.into_iter().next().and_then(|row| row.date))
    }
}

/// What a person wants to see first: the newest day, and on it what is outside its range, then other results, then the
/// rest. What only stands beside the record is no news.
fn chosen(mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|row| !matches!(row.kind, Kind::People | Kind::Other | Kind::Claim));
    rows.sort_by_cached_key(|row| (Reverse(day(row)), weight(row)));
    let mut in_range = 0;
    rows.retain(|row| {
        weight(row) != IN_RANGE || {
            in_range += 1;
            in_range <= MAX_IN_RANGE
        }
    });
    rows.truncate(MAX_NEWS);
    rows
}

fn day(row: &Row) -> Option<String> {
    row.date.as_ref().map(|date| date.chars().take("2026-01-09".len()).collect())
}

const IN_RANGE: u8 = 1;

fn weight(row: &Row) -> u8 {
    match (row.kind, row.value.as_ref().map(|value| value.against)) {
        (_, Some(Against::Above | Against::Below | Against::Outside)) => 0,
        (Kind::Lab, Some(_)) => IN_RANGE,
        (Kind::Document, _) => 2,
        // A report's results stand beside it.
        (Kind::Report, _) => 4,
        _ => 3,
    }
}

fn count(kinds: &[KindCount], kind: Named) -> u32 {
    kinds.iter().filter(|k| k.kind == kind.into()).map(|k| k.count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::Value;

    fn row(kind: Kind, title: &str, date: &str) -> Row {
        Row {
            id: format!("itm_{title}"),
            kind,
            resource_type: "Basic".into(),
            title: Some(title.into()),
            value: None,
            date: (!date.is_empty()).then(|| date.into()),
            status: None,
            source: "Clinic".into(),
            attachment: None,
        }
    }

    fn result(title: &str, date: &str, against: Against) -> Row {
        let value = Value {
            number: Some("1".into()),
            comparator: None,
            unit: None,
            unit_code: None,
            text: None,
            range: None,
            against,
            parts: Vec::new(),
        };
        Row { value: Some(value), ..row(Kind::Lab, title, date) }
    }

    fn titles(rows: Vec<Row>) -> Vec<String> {
        chosen(rows).into_iter().filter_map(|row| row.title).collect()
    }

    #[test]
    fn the_newest_day_comes_first_whatever_the_hour_and_what_has_no_date_last() {
        let rows = vec![
            row(Kind::Condition, "undated", ""),
            row(Kind::Condition, "older", "2026-03-01"),
            row(Kind::Condition, "newest", "2026-11-19T08:00:00Z"),
            result("the same day, outside its range", "2026-11-19T07:00:00Z", Against::Above),
        ];
        assert_eq!(titles(rows), ["the same day, outside its range", "newest", "older", "undated"]);
    }

    #[test]
    fn on_a_day_what_is_outside_its_range_goes_before_results_documents_and_the_reports_of_both() {
        let day = "2026-11-19";
        let rows = vec![
            row(Kind::Report, "report", day),
            row(Kind::Visit, "visit", day),
            row(Kind::Document, "letter", day),
            result("within", day, Against::Within),
            result("below", day, Against::Below),
            result("outside", day, Against::Outside),
        ];
        assert_eq!(titles(rows), ["below", "outside", "within", "letter", "visit", "report"]);
    }

    #[test]
    fn results_within_their_range_leave_room_for_other_news() {
        let day = "2026-11-19";
        let mut rows: Vec<Row> = (0..40).map(|n| result(&format!("within {n}"), day, Against::Within)).collect();
        rows.push(row(Kind::Visit, "visit", day));
        assert_eq!(titles(rows), ["within 0", "within 1", "within 2", "visit"]);
        let many = (0..40).map(|n| result(&format!("above {n}"), day, Against::Above)).collect();
        assert_eq!(titles(many).len(), MAX_NEWS);
    }

    #[test]
    fn what_only_stands_beside_the_record_is_no_news() {
        let rows = [Kind::People, Kind::Other, Kind::Claim].map(|kind| row(kind, "beside", "2026-11-19")).to_vec();
        assert_eq!(titles(rows), [""; 0]);
    }
}
