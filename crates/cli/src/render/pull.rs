use wallet::views::{KindOutcome, PullKind, PullStage, PullView};

use super::Page;
use crate::words::Words;

/// Whether a kind was not released: 1 or 0.
fn refused(kind: &PullKind) -> u32 {
    u32::from(kind.outcome == KindOutcome::Refused)
}

/// What came, by kind.
pub(crate) fn report(words: Words, pull: &PullView) -> String {
    let mut page = Page::default();
    let sum = |of: fn(&PullKind) -> u32| pull.kinds.iter().filter(|kind| kind.counts_items()).map(of).sum::<u32>();
    let (new, changed, unchanged) = (sum(|k| k.new), sum(|k| k.changed), sum(|k| k.unchanged));
    let name = [("name", pull.name.as_str())];
    page.line(&match pull.stage {
        PullStage::Stopped | PullStage::Paused => words.fill("pull.stopped", &name),
        PullStage::Running | PullStage::Slowed => words.fill("pull.running", &name),
        PullStage::Done if new + changed + unchanged == 0 && sum(refused) > 0 => {
            words.fill("pull.nothingReleased", &name)
        }
        PullStage::Done if new + changed == 0 => words.fill("pull.nothingNew", &name),
        PullStage::Done => words.fill("pull.done", &name),
    });
    if let Some(error) = &pull.error {
        let text = words.error(error);
        page.line(&format!("{} {}", text.what, text.help));
    }
    page.gap();
    let mut rows = vec![
        ["pull.kind", "pull.new", "pull.changed", "pull.unchanged", "pull.failed", "pull.state"]
            .map(|key| words.text(key).to_owned())
            .to_vec(),
    ];
    rows.extend(pull.kinds.iter().filter(|kind| says_something(kind)).map(|kind| row(words, kind)));
    rows.push(vec![
        words.text("pull.all").to_owned(),
        words.number(new),
        words.number(changed),
        words.number(unchanged),
        words.number(pull.kinds.iter().map(|kind| kind.failed).sum::<u32>()),
    ]);
    page.table(&rows);
    for kind in &pull.kinds {
        if let (Some(error), KindOutcome::Failed) = (&kind.error, &kind.outcome) {
            page.gap();
            let text = words.error(error);
            page.line(&format!("{}: {} {}", kind.name, text.what, text.help));
        }
    }
    page.into()
}

/// A kind the system does not have says nothing to a person.
fn says_something(kind: &PullKind) -> bool {
    kind.outcome != KindOutcome::Unsupported || kind.seen > 0
}

fn row(words: Words, kind: &PullKind) -> Vec<String> {
    let state = match kind.outcome {
        KindOutcome::Waiting => words.text("pull.kind.waiting"),
        KindOutcome::Running => words.text("pull.kind.running"),
        KindOutcome::Done => words.text("pull.kind.done"),
        KindOutcome::Refused => words.text("pull.kind.refused"),
        KindOutcome::Unsupported => words.text("pull.kind.unsupported"),
        KindOutcome::Failed => words.text("pull.kind.failed"),
    };
    let named = if kind.counts_items() { words.kind(kind.kind) } else { words.text("pull.files") };
    vec![
        format!("{named} ({})", kind.name),
        words.number(kind.new),
        words.number(kind.changed),
        words.number(kind.unchanged),
        words.number(kind.failed),
        state.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use wallet::views::Kind;
    use wallet::words::Language;

    use super::*;

    fn kind(name: &str, kind: Kind, outcome: KindOutcome, unchanged: u32) -> PullKind {
        let name = name.to_owned();
        let (expected, seen, new, changed, failed, error) = (None, unchanged, 0, 0, 0, None);
        PullKind { name, kind, outcome, expected, seen, new, changed, unchanged, failed, error }
    }

    fn said(outcome: KindOutcome, unchanged: u32) -> String {
        said_of(vec![kind("Condition", Kind::Condition, outcome, unchanged)])
    }

    fn said_of(kinds: Vec<PullKind>) -> String {
        let pull = PullView {
            id: "pul_1".to_owned(),
            connection: "con_1".to_owned(),
            name: "Fenwick".to_owned(),
            stage: PullStage::Done,
            items: 0,
            kinds,
            waiting_seconds: None,
            started: "2026-11-21T10:00:00Z".to_owned(),
            ended: None,
            error: None,
        };
        report(Words::of(Language::English), &pull)
    }

    #[test]
    fn files_are_parts_of_their_documents() {
        let kinds = ["DocumentReference", "Binary"].map(|name| kind(name, Kind::Document, KindOutcome::Done, 4));
        let said = said_of(kinds.into());
        let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(rows.contains(&"Files of documents (Binary) 0 0 4 0 all here".split(' ').collect()), "{said}");
        assert!(rows.contains(&"All items 0 0 4 0".split(' ').collect()), "{said}");
    }

    #[test]
    fn what_was_not_released_is_not_called_known() {
        assert!(said(KindOutcome::Refused, 0).starts_with("Fenwick let us read nothing."));
        assert!(said(KindOutcome::Done, 0).starts_with("Fenwick has nothing that is not here already."));
        assert!(said(KindOutcome::Refused, 3).starts_with("Fenwick has nothing that is not here already."));
    }
}
