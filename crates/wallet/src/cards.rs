//! Cards: taken in, held, shown, checked.

use std::path::Path;

use audit::Action;
use credentials::operation::{IssueRequest, IssueResponse};
use credentials::{Card, CardInput, Kind, Read, ReadError, Unverified, Verdict, Word, qr};
use fetch::Limits;
use types::CardId;
use vault::CardRow;

use crate::connections::connection_id;
use crate::error::{InputError, WalletError};
use crate::folder::write_whole;
use crate::issuers::Ask;
use crate::launch::lock;
use crate::open::Open;
use crate::pull::PullError;
use crate::views::{CardKind, CardLine, CardView, CardsAdded, QrView, VerdictView, VerdictWord};
use crate::{Wallet, now};

/// How long a removed card can be taken back.
const REMOVED_DAYS: i64 = 30;

impl Wallet {
    /// The cards held by the person shown, newest first; or those in "Removed".
    pub async fn cards(&self, removed: bool) -> Result<Vec<CardView>, WalletError> {
        self.with(move |open| {
            let before = now().saturating_sub(jiff::SignedDuration::from_hours(24 * REMOVED_DAYS));
            let before = before.unwrap_or(jiff::Timestamp::MIN);
            open.vault.wipe_cards_removed_before(&open.current, before)?;
            let rows = open.vault.cards(&open.current)?;
            rows.into_iter().filter(|row| row.removed.is_some() == removed).map(|row| open.held(row)).collect()
        })
        .await
    }

    /// One card.
    pub async fn card(&self, id: &str) -> Result<CardView, WalletError> {
        let id = card_id(id)?;
        self.with(move |open| {
            let row = open.vault.card(&open.current, &id)?;
            open.held(row)
        })
        .await
    }

    /// Takes cards in from text: a signed text, `shc:/` digits, or the JSON of a card file.
    pub async fn card_add_text(&self, text: String) -> Result<CardsAdded, WalletError> {
        self.take_in(Card::read(CardInput::Text(&text))).await
    }

    /// Takes cards in from a file: a card file or a picture of QR codes. Parts of a card that come in several files
    /// wait for each other until the wallet is locked.
    pub async fn card_add_bytes(&self, _name: String, bytes: Vec<u8>) -> Result<CardsAdded, WalletError> {
        let Some(mut texts) = credentials::picture_texts(&bytes) else {
            return self.take_in(Card::read(CardInput::Bytes(&bytes))).await;
        };
        let waiting = std::mem::take(&mut *lock(&self.shared.card_parts));
        texts.extend(waiting);
        let read = Card::read(CardInput::Text(&texts.join("\n")));
        let incomplete = match &read {
            Ok(read) => read.unreadable.iter().any(is_incomplete),
            Err(error) => is_incomplete(error),
        };
        if incomplete {
            texts.sort();
            texts.dedup();
            *lock(&self.shared.card_parts) = texts;
        }
        self.take_in(read).await
    }

    /// Asks a connected system for its cards (`$health-cards-issue`) and takes in what it gives.
    pub async fn cards_fetch(&self, connection: &str) -> Result<CardsAdded, WalletError> {
        let link = self.link(&connection_id(connection)?).await?;
        let path = format!("Patient/{}/$health-cards-issue", link.details.patient);
        let url = link.base.join(&path).map_err(InputError::Address)?;
        let mut jws = Vec::new();
        for kind in ["Immunization", "Observation"] {
            let request = IssueRequest { types: vec![kind.to_owned()], ..IssueRequest::default() };
            let token = self.access_token(&link.row.id, None).await?;
            let limits = Limits::document();
            let answer = self.fetch().post_fhir(&url, &request.parameters(), Some(&token), limits).await?;
            match answer.status {
                200 => {}
                401 | 403 => return Err(PullError::GaveUp(smart::plan::GiveUp::Refused).into()),
                _ => return Err(PullError::GaveUp(smart::plan::GiveUp::Unsupported).into()),
            }
            let given = IssueResponse::parse(&answer.body).map_err(|_| PullError::NotTheResource)?;
            jws.extend(given.cards);
        }
        if jws.is_empty() {
            return Ok(CardsAdded { added: vec![], already: vec![], unreadable: vec![], missing_parts: vec![] });
        }
        self.card_add_text(jws.join("\n")).await
    }

    /// Checks a held card again, with keys asked for anew.
    pub async fn card_recheck(&self, id: &str) -> Result<CardView, WalletError> {
        let id = card_id(id)?;
        let wanted = id.clone();
        let row = self.with(move |open| Ok(open.vault.card(&open.current, &wanted)?)).await?;
        self.judge(&Unverified::from_jws(&row.jws)?, Ask::Anew).await?;
        self.card(id.as_str()).await
    }

    /// Checks somebody's card from text; nothing of it is kept.
    pub async fn check_card_text(&self, text: String) -> Result<Vec<CardView>, WalletError> {
        self.check(Card::read(CardInput::Text(&text))?).await
    }

    /// Checks somebody's card from a file; nothing of it is kept.
    pub async fn check_card_bytes(&self, _name: String, bytes: Vec<u8>) -> Result<Vec<CardView>, WalletError> {
        self.check(Card::read(CardInput::Bytes(&bytes))?).await
    }

    /// The QR codes of a card: one, or several parts when asked for.
    pub async fn card_qr(&self, id: &str, chunked: bool) -> Result<Vec<QrView>, WalletError> {
        let id = card_id(id)?;
        self.with(move |open| {
            let row = open.vault.card(&open.current, &id)?;
            let drawn = qr::draw(&row.jws, if chunked { qr::Codes::Parts } else { qr::Codes::One })?;
            open.record_about(Action::CardShown, Some(id.as_str()))?;
            Ok(drawn.into_iter().map(qr_view).collect())
        })
        .await
    }

    /// Saves a card as a `.smart-health-card` file.
    pub async fn card_export(&self, id: &str, path: &Path) -> Result<(), WalletError> {
        let id = card_id(id)?;
        let path = path.to_owned();
        self.with(move |open| {
            let row = open.vault.card(&open.current, &id)?;
            let file = credentials::file_export(&[row.jws.as_str()]);
            open.record_about(Action::CardExported, Some(id.as_str()))?;
            write_whole(&path, file.as_bytes()).map_err(WalletError::Disk)
        })
        .await
    }

    /// Moves a card to "Removed".
    pub async fn card_remove(&self, id: &str) -> Result<CardView, WalletError> {
        self.set_removed(id, Some(now()), Action::CardRemoved).await
    }

    /// Takes a card back from "Removed".
    pub async fn card_restore(&self, id: &str) -> Result<CardView, WalletError> {
        self.set_removed(id, None, Action::CardRestored).await
    }

    async fn set_removed(
        &self,
        id: &str,
        removed: Option<jiff::Timestamp>,
        action: Action,
    ) -> Result<CardView, WalletError> {
        let id = card_id(id)?;
        self.with(move |open| {
            open.vault.set_card_removed(&open.current, &id, removed)?;
            open.record_about(action, Some(id.as_str()))?;
            let row = open.vault.card(&open.current, &id)?;
            open.held(row)
        })
        .await
    }

    async fn check(&self, read: Read) -> Result<Vec<CardView>, WalletError> {
        let mut out = Vec::new();
        for card in read.cards {
            let (verdict, name) = self.judge(&card, Ask::IfNeeded).await?;
            out.push(card_view(&card, &verdict, name));
        }
        Ok(out)
    }

    pub(crate) async fn take_in(&self, read: Result<Read, ReadError>) -> Result<CardsAdded, WalletError> {
        let mut out =
            CardsAdded { added: Vec::new(), already: Vec::new(), unreadable: Vec::new(), missing_parts: Vec::new() };
        let read = match read {
            Ok(read) => read,
            Err(ReadError::MissingParts { missing, .. }) => {
                out.missing_parts = missing;
                return Ok(out);
            }
            Err(error) => return Err(error.into()),
        };
        for error in read.unreadable {
            match error {
                ReadError::MissingParts { missing, .. } => out.missing_parts = missing,
                other => out.unreadable.push(WalletError::from(other).view()),
            }
        }
        for card in read.cards {
            // Asked first, kept after: the card is kept whatever the network says.
            self.judge(&card, Ask::IfNeeded).await?;
            let jws = card.jws();
            let (view, is_new) = self.with(move |open| open.keep(jws)).await?;
            if is_new { out.added.push(view) } else { out.already.push(view) }
        }
        Ok(out)
    }
}

impl Open {
    /// Keeps a card, or finds it held already; one in "Removed" is taken back.
    fn keep(&mut self, jws: String) -> Result<(CardView, bool), WalletError> {
        if let Some(held) = self.vault.card_by_jws(&self.current, &jws)? {
            if held.removed.is_some() {
                self.vault.set_card_removed(&self.current, &held.id, None)?;
                self.record_about(Action::CardRestored, Some(held.id.as_str()))?;
            }
            let row = self.vault.card(&self.current, &held.id)?;
            return Ok((self.held(row)?, false));
        }
        let id = CardId::from_random(crypto::random()?);
        let row = CardRow { id: id.clone(), jws, connection: None, added: now(), removed: None };
        self.vault.add_card(&self.current, &row)?;
        self.record_about(Action::CardAdded, Some(id.as_str()))?;
        Ok((self.held(row)?, true))
    }

    /// A held card with its verdict as of now, from what is stored: no network is asked.
    fn held(&self, row: CardRow) -> Result<CardView, WalletError> {
        let card = Unverified::from_jws(&row.jws)?;
        let kid = card.claims().kid.clone().unwrap_or_default();
        let known = self.known(&card.claims().issuer, &kid)?;
        let verdict = known.verdict(&card, now());
        let mut view = card_view(&card, &verdict, known.name);
        for line in &mut view.lines {
            line.what = self.name_of_test(line.what.take())?;
        }
        Ok(CardView {
            id: Some(row.id.into()),
            added: Some(row.added.to_string()),
            removed: row.removed.map(|at| at.to_string()),
            ..view
        })
    }

    /// A card carries codes without their names; where the record has the same test, its name there is shown.
    fn name_of_test(&self, what: Option<String>) -> Result<Option<String>, WalletError> {
        let Some(code) = what.as_deref().and_then(|what| what.strip_prefix("LOINC ")) else { return Ok(what) };
        let history = self.vault.test_history(&self.current, &format!("http://loinc.org|{code}"))?;
        let name = history.into_iter().rev().find_map(|row| row.title);
        Ok(name.map(|name| format!("{name} (LOINC {code})")).or(what))
    }

    /// What a card is called in the trail: the first thing it says.
    pub(crate) fn card_title(&self, row: &CardRow) -> String {
        let content = Unverified::from_jws(&row.jws).map(|card| card.content());
        content.ok().and_then(|c| c.lines.into_iter().find_map(|line| line.what)).unwrap_or_default()
    }
}

fn is_incomplete(error: &ReadError) -> bool {
    matches!(error, ReadError::MissingParts { .. })
}

pub(crate) fn card_view(card: &Unverified, verdict: &Verdict, name: Option<String>) -> CardView {
    let content = card.content();
    let claims = card.claims();
    CardView {
        id: None,
        kind: match content.kind {
            Kind::Immunization => CardKind::Immunization,
            Kind::Laboratory => CardKind::Laboratory,
            _ => CardKind::Other,
        },
        name: content.name,
        birth_date: content.birth_date,
        lines: content
            .lines
            .into_iter()
            .map(|l| CardLine { what: l.what, value: l.value, date: l.date, by: l.by })
            .collect(),
        issuer: name.unwrap_or_else(|| host(&claims.issuer)),
        issuer_address: claims.issuer.clone(),
        issued: Some(claims.not_before.to_string()),
        expires: claims.expires.map(|at| at.to_string()),
        verdict: verdict_view(verdict),
        added: None,
        removed: None,
        payload: pretty(card.payload()),
    }
}

pub(crate) fn verdict_view(verdict: &Verdict) -> VerdictView {
    let evidence: Vec<&str> = verdict.evidence.iter().map(|e| e.code()).collect();
    VerdictView {
        word: match verdict.word() {
            Word::Verified => VerdictWord::Verified,
            Word::NotVerified => VerdictWord::NotVerified,
            Word::CannotTell => VerdictWord::CannotTell,
        },
        reason: verdict.reason.code().to_owned(),
        detail: verdict.detail.clone(),
        evidence: evidence.join(" "),
        keys_date: verdict.keys_date.map(|at| at.to_string()),
    }
}

pub(crate) fn qr_view(code: qr::QrMatrix) -> QrView {
    QrView {
        part: code.part,
        parts: code.parts,
        version: u32::from(code.version),
        level: code.level.as_str().to_owned(),
        rows: code.rows,
        text: code.text,
    }
}

fn host(address: &str) -> String {
    url::Url::parse(address).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_else(|| address.to_owned())
}

fn pretty(payload: &str) -> String {
    serde_json::from_str::<serde_json::Value>(payload)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| payload.to_owned())
}

pub(crate) fn card_id(text: &str) -> Result<CardId, InputError> {
    text.parse().map_err(|_| InputError::UnknownId)
}
