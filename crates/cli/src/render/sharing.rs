use wallet::views::{
    AppPasswordView, ClientView, ContactView, OfferView, RequestStanding, RequestView, SeenView, Sentence, ServiceView,
    ShareDetail, ShareView, TrailEntryView, TrailPageView, TrustedIssuerView, UseView,
};

use super::{Page, erase};
use crate::dates;
use crate::words::Words;

/// Most lines of one list that are said; `--json` has all.
const MOST: usize = 100;

/// What others ask.
pub(crate) fn requests(words: Words, all: &[RequestView]) -> String {
    let row = |one: &RequestView| {
        vec![
            one.id.clone(),
            standing(words, one.standing).to_owned(),
            asking(one).to_owned(),
            dates::instant(words, &one.made),
        ]
    };
    table(words, all.iter().map(row).collect(), "requests.none")
}

/// One request.
pub(crate) fn request(words: Words, one: &RequestView) -> String {
    let mut page = Page::default();
    page.line(&one.id);
    page.line(standing(words, one.standing));
    page.fact(words, words.text("requests.client"), Some(&one.client.name));
    page.fact(words, words.text("requests.compare"), Some(&one.compare));
    page.fact(words, words.text("requests.until"), Some(&dates::instant(words, &one.until)));
    page.gap();
    for claim in &one.claims {
        page.line(claim.sentence.of(words.language()));
    }
    if one.claims.is_empty() {
        page.line(words.text("requests.nothingProven"));
    }
    page.gap();
    said(words, &one.asked, &mut page);
    if one.asked.is_empty() && one.elsewhere.is_empty() {
        page.line(words.text("requests.unread"));
    }
    for resource in &one.elsewhere {
        page.line(&format!("{} ({}): {}", resource.name, resource.server, resource.scopes.join(", ")));
    }
    page.into()
}

/// What the owner gave.
pub(crate) fn shares(words: Words, all: &[ShareView]) -> String {
    let row = |one: &ShareView| {
        let until = one.until.as_deref().map(|at| dates::instant(words, at)).unwrap_or_default();
        vec![one.id.clone(), one.name.clone(), share_standing(words, one), until, words.number(one.uses)]
    };
    table(words, all.iter().map(row).collect(), "shares.none")
}

/// One grant.
pub(crate) fn share(words: Words, one: &ShareView) -> String {
    let mut page = Page::default();
    share_into(words, one, &mut page);
    page.into()
}

/// One grant, with what it gives now and how it was used.
pub(crate) fn share_detail(words: Words, one: &ShareDetail) -> String {
    let mut page = Page::default();
    share_into(words, &one.share, &mut page);
    page.gap();
    let heads = ["grants.type", "grants.kept", "grants.changed", "grants.left"];
    let mut rows = vec![heads.iter().map(|key| words.text(key).to_owned()).collect::<Vec<_>>()];
    rows.extend(one.types.iter().map(|count| {
        let numbers = [count.kept, count.changed, count.left_out].map(|number| words.number(number));
        std::iter::once(count.resource_type.clone()).chain(numbers).collect()
    }));
    if rows.len() > 1 {
        page.table(&rows);
        page.gap();
    }
    page.table(&one.uses.iter().take(MOST).map(|one| usage(words, one)).collect::<Vec<_>>());
    page.into()
}

fn share_into(words: Words, one: &ShareView, page: &mut Page) {
    page.line(&one.id);
    page.line(&share_standing(words, one));
    if let Some(asked) = &one.erase {
        page.line(&erase(words, asked));
    }
    page.fact(words, words.text("shares.uses"), Some(&words.number(one.uses)));
    let last = one.last_used.as_deref().map(|at| dates::instant(words, at));
    page.fact(words, words.text("shares.lastUsed"), last.as_deref());
    page.gap();
    said(words, &one.summary, page);
    for resource in &one.elsewhere {
        page.line(&format!("{} ({}): {}", resource.name, resource.server, resource.scopes.join(", ")));
    }
}

/// Whom the owner knows.
pub(crate) fn contacts(words: Words, all: &[ContactView]) -> String {
    let mut page = Page::default();
    for one in all {
        let blocked = if one.blocked { words.text("blocked") } else { "" };
        let compared = if one.compared { words.text("contacts.compared") } else { "" };
        page.line(&format!("{}  {}  {compared}  {blocked}", one.id, one.name));
        for proof in &one.proofs {
            page.line(&format!("  {}", proof.of(words.language())));
        }
    }
    none(words, all.is_empty(), "contacts.none", page)
}

/// Programs that registered.
pub(crate) fn clients(words: Words, all: &[ClientView]) -> String {
    let row = |one: &ClientView| {
        let blocked = if one.blocked { words.text("blocked") } else { "" };
        let since = dates::instant(words, &one.registered);
        vec![one.id.clone(), one.name.clone(), one.kind.clone(), since, blocked.to_owned()]
    };
    table(words, all.iter().map(row).collect(), "clients.none")
}

/// Whom the owner trusts.
pub(crate) fn issuers(words: Words, all: &[TrustedIssuerView]) -> String {
    table(words, all.iter().map(|one| vec![one.name.clone(), one.issuer.clone()]).collect(), "issuers.none")
}

/// Passwords of the owner's own tools.
pub(crate) fn app_passwords(words: Words, all: &[AppPasswordView]) -> String {
    let row = |one: &AppPasswordView| {
        vec![one.id.clone(), one.name.clone(), one.share.clone(), dates::instant(words, &one.made)]
    };
    table(words, all.iter().map(row).collect(), "appPasswords.none")
}

/// What others want to have in the record.
pub(crate) fn inbox(words: Words, all: &[OfferView]) -> String {
    let row = |one: &OfferView| {
        let title = one.title.clone().unwrap_or_else(|| words.text("title.notStated").to_owned());
        vec![one.id.clone(), one.resource_type.clone(), title, one.from.clone(), dates::instant(words, &one.received)]
    };
    table(words, all.iter().map(row).collect(), "inbox.none")
}

/// Whether others can reach this wallet.
pub(crate) fn service(words: Words, service: &ServiceView) -> String {
    match &service.fhir {
        Some(address) => words.fill("serve.open", &[("address", address)]),
        None => words.text("serve.closed").to_owned(),
    }
}

/// Entries of the trail, newest first.
pub(crate) fn trail_page(words: Words, trail: &TrailPageView) -> String {
    let mut page = Page::default();
    page.table(&trail.entries.iter().map(|entry| line(words, entry)).collect::<Vec<_>>());
    page.gap();
    let shown = u32::try_from(trail.entries.len()).unwrap_or(u32::MAX);
    let total = words.count("entries", trail.total);
    page.line(&words.fill("record.shown", &[("shown", &words.number(shown)), ("total", &total)]));
    page.into()
}

/// What others could see on a day, and what they had.
pub(crate) fn seen(words: Words, all: &[SeenView]) -> String {
    let mut page = Page::default();
    for one in all {
        page.gap();
        page.line(&format!("{}  {}", one.share.id, one.share.name));
        page.line(&words.fill("seen.open", &[("count", &words.number(one.open))]));
        if !one.matches {
            page.line(words.text("seen.differs"));
        }
        page.table(&one.uses.iter().take(MOST).map(|one| usage(words, one)).collect::<Vec<_>>());
        page.line(&words.fill("seen.had", &[("count", &words.number(count(one.released.len())))]));
        for resource in one.released.iter().take(MOST) {
            page.line(&format!("  {}  {}", resource.resource, resource.title.as_deref().unwrap_or_default()));
        }
    }
    none(words, all.is_empty(), "seen.none", page)
}

fn line(words: Words, entry: &TrailEntryView) -> Vec<String> {
    let asked = [entry.method.as_deref(), entry.target.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    vec![
        words.number(entry.seq),
        dates::instant(words, &entry.at),
        words.shared("actions", &entry.action).to_owned(),
        entry.name.clone().or(entry.who.clone()).unwrap_or_default(),
        asked,
        entry.status.map(|status| status.to_string()).unwrap_or_default(),
        if entry.released.is_empty() { String::new() } else { words.number(count(entry.released.len())) },
    ]
}

fn usage(words: Words, one: &UseView) -> Vec<String> {
    vec![
        words.number(one.seq),
        dates::instant(words, &one.at),
        one.asked.clone(),
        one.status.to_string(),
        words.number(one.released),
    ]
}

fn said(words: Words, all: &[Sentence], page: &mut Page) {
    for one in all {
        page.line(one.of(words.language()));
    }
}

fn asking(one: &RequestView) -> &str {
    one.contact.as_ref().map_or(&one.client.name, |contact| &contact.name)
}

fn standing(words: Words, standing: RequestStanding) -> &'static str {
    match standing {
        RequestStanding::Asked => words.text("requests.asked"),
        RequestStanding::Approved => words.text("requests.approved"),
        RequestStanding::Refused => words.text("requests.refused"),
        RequestStanding::Withdrawn => words.text("requests.withdrawn"),
        RequestStanding::Expired => words.text("requests.expired"),
    }
}

fn share_standing(words: Words, one: &ShareView) -> String {
    match &one.ended {
        Some(at) => words.fill("shares.ended", &[("at", &dates::instant(words, at))]),
        None => words.text("shares.holds").to_owned(),
    }
}

fn table(words: Words, rows: Vec<Vec<String>>, empty: &'static str) -> String {
    let mut page = Page::default();
    page.table(&rows);
    none(words, rows.is_empty(), empty, page)
}

fn none(words: Words, is_empty: bool, key: &'static str, mut page: Page) -> String {
    if is_empty {
        page.line(words.text(key));
    }
    page.into()
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
