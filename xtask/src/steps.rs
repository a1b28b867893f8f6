use std::time::{Duration, Instant};

use crate::shell::Done;

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Named steps, each done whatever the others did, and told in a table at the end.
pub(crate) struct Steps {
    all: Vec<(&'static str, Outcome, Duration)>,
    start: Instant,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Self { all: Vec::new(), start: Instant::now() }
    }

    /// Does one step.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Done) {
        println!("\n── {name} ──");
        let start = Instant::now();
        let outcome = match work() {
            Ok(()) => Outcome::Passed,
            Err(why) => Outcome::Failed(why),
        };
        self.all.push((name, outcome, start.elapsed()));
    }

    /// Leaves one step out, with the reason.
    pub(crate) fn skip(&mut self, name: &'static str, why: impl Into<String>) {
        let why = why.into();
        println!("\n── {name} ── skipped: {why}");
        self.all.push((name, Outcome::Skipped(why), Duration::ZERO));
    }

    /// The table, the line of counts, and whether all is well.
    pub(crate) fn end(self) -> Done {
        let wide = self.all.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        println!();
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for (name, outcome, time) in &self.all {
            let (word, why) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(why) => ("FAILED", why.as_str()),
                Outcome::Skipped(why) => ("skipped", why.as_str()),
            };
            match outcome {
                Outcome::Passed => passed += 1,
                Outcome::Failed(_) => failed += 1,
                Outcome::Skipped(_) => skipped += 1,
            }
            println!("  {name:wide$}  {word:7}  {:>7}  {why}", told(*time));
        }
        println!("  {:wide$}  {:7}  {:>7}", "all", "", told(self.start.elapsed()));
        println!("\n{passed} passed, {failed} failed, {skipped} skipped");
        if failed == 0 { Ok(()) } else { Err("Something does not hold; see above.".to_owned()) }
    }
}

/// A time as a person says it: `4 s`, `2:05`.
fn told(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{:.1} s", time.as_secs_f32()) } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_seconds_then_in_minutes() {
        assert_eq!(told(Duration::from_millis(4_200)), "4.2 s");
        assert_eq!(told(Duration::from_secs(125)), "2:05");
    }

    #[test]
    fn one_failed_step_fails_the_whole_and_stops_no_other() {
        let mut steps = Steps::new();
        let mut reached = false;
        steps.step("first", || Err("it broke".to_owned()));
        steps.step("second", || {
            reached = true;
            Ok(())
        });
        assert!(steps.end().is_err());
        assert!(reached);
    }
}
