use wallet::views::{KindOutcome, PullKind, PullStage, PullView};

use super::Page;
use crate::words::Words;

/// What came, by kind.
pub(crate) fn report(words: Words, pull: &PullView) -> String {
    let mut page = Page::default();
    let sum = |of: fn(&PullKind) -> u32| pull.kinds.iter().map(of).sum::<u32>();
    let (new, changed, unchanged) = (sum(|k| k.new), sum(|k| k.changed), sum(|k| k.unchanged));
    let name = [("name", pull.name.as_str())];
    page.line(&match pull.stage {
        PullStage::Stopped | PullStage::Paused => words.fill("pull.stopped", &name),
        PullStage::Running | PullStage::Slowed => words.fill("pull.running", &name),
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
        words.number(sum(|k| k.failed)),
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
    vec![
        format!("{} ({})", words.kind(kind.kind), kind.name),
        words.number(kind.new),
        words.number(kind.changed),
        words.number(kind.unchanged),
        words.number(kind.failed),
        state.to_owned(),
    ]
}
