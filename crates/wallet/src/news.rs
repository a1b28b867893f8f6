//! What a person is told of while they do not look at the window. The pages have the same.

use jiff::SignedDuration;

use crate::error::WalletError;
use crate::views::{ConnectionState, NewsView};
use crate::{Wallet, now};

/// How long before its end a share is told of.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Wallet {
    /// Requests that wait, what needs an answer, shares that end within a week: of the person shown; what others ask to
    /// have erased, whoever is shown.
    pub async fn news(&self) -> Result<NewsView, WalletError> {
        self.with(|open| {
            let answers = open.connection_views()?.into_iter();
            let sign_in = answers.filter(|one| one.state == ConnectionState::NeedsSignIn).map(|one| one.id);
            let mandates = open.vault.mandates()?.into_iter();
            let to_erase = mandates.filter(|row| row.erase_asked.is_some() && row.erase_answer.is_none());
            let answers = sign_in.chain(to_erase.map(|row| row.id.to_string())).collect();
            if !open.has_authority() {
                return Ok(NewsView { requests: Vec::new(), answers, ending: Vec::new() });
            }
            let (person, soon) = (open.current.clone(), now().checked_add(SOON).unwrap_or_else(|_| now()));
            open.look(|step| {
                let requests = step.ledger.requests.iter().filter(|request| request.is_open(step.now));
                let ending = step.ledger.grants.iter().filter(|row| {
                    row.person == person && row.holds(step.now) && row.grant.term.end.is_some_and(|end| end <= soon)
                });
                NewsView {
                    requests: requests.map(|request| request.id.to_string()).collect(),
                    answers,
                    ending: ending.map(|row| row.grant.id.to_string()).collect(),
                }
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::wallet;
    use crate::requests::tests::ask;
    use crate::{Approval, Until};

    #[tokio::test]
    async fn what_waits_and_what_ends_soon_is_news_until_it_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let wallet = wallet(folder.path().join("home")).await;
        assert_eq!(wallet.news().await.unwrap(), NewsView { requests: vec![], answers: vec![], ending: vec![] });
        let (_, soon) = ask(&wallet, "system/Observation.rs").await;
        let (_, late) = ask(&wallet, "system/Condition.rs").await;
        let mut waiting = wallet.news().await.unwrap().requests;
        waiting.sort();
        let mut both = vec![soon.to_string(), late.to_string()];
        both.sort();
        assert_eq!(waiting, both);

        let until = |days| Approval { until: Until::Days(days), ..Approval::default() };
        let share = wallet.approve(soon.as_str(), until(6)).await.unwrap();
        wallet.approve(late.as_str(), until(8)).await.unwrap();
        let news = wallet.news().await.unwrap();
        assert_eq!((news.requests.len(), news.ending), (0, vec![share.id.clone()]));
        wallet.end_grant(&share.id).await.unwrap();
        assert!(wallet.news().await.unwrap().ending.is_empty());
        wallet.lock().await.unwrap();
        assert!(matches!(wallet.news().await, Err(WalletError::Locked)));
    }
}
