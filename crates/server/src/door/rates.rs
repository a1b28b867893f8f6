use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::refusal::Refusal;

/// Sides that are remembered at once. One more takes the place of those not heard of the longest.
const REMEMBERED: usize = 4_096;

/// How often each side may ask: so many at once, and as many again within a minute.
#[derive(Debug)]
pub(crate) struct Rates {
    per_minute: u32,
    sides: Mutex<HashMap<u64, Side>>,
}

#[derive(Debug, Clone, Copy)]
struct Side {
    left: f64,
    heard: Instant,
}

impl Rates {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(1), sides: Mutex::default() }
    }

    /// Counts one request of a side.
    pub(crate) fn count(&self, side: u64, now: Instant) -> Result<(), Refusal> {
        let most = f64::from(self.per_minute);
        let a_second = most / 60.0;
        let mut sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        if sides.len() >= REMEMBERED && !sides.contains_key(&side) {
            forget_oldest(&mut sides);
        }
        let known = sides.entry(side).or_insert(Side { left: most, heard: now });
        let since = now.saturating_duration_since(known.heard).as_secs_f64();
        known.left = (known.left + since * a_second).min(most);
        known.heard = now;
        if known.left < 1.0 {
            let retry = Duration::from_secs_f64(((1.0 - known.left) / a_second).ceil());
            return Err(Refusal::Many { retry });
        }
        known.left -= 1.0;
        Ok(())
    }
}

/// An eighth at once, so that a flood of new sides does not search the table each time.
fn forget_oldest(sides: &mut HashMap<u64, Side>) {
    let mut heard: Vec<Instant> = sides.values().map(|side| side.heard).collect();
    heard.sort_unstable();
    if let Some(border) = heard.get(REMEMBERED / 8).copied() {
        sides.retain(|_, side| side.heard > border);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_is_told_when_to_come_back() {
        let (rates, now) = (Rates::new(60), Instant::now());
        for _ in 0..60 {
            assert_eq!(rates.count(1, now), Ok(()));
        }
        assert_eq!(rates.count(1, now), Err(Refusal::Many { retry: Duration::from_secs(1) }));
        assert_eq!(rates.count(2, now), Ok(()), "another side is not concerned");
        assert_eq!(rates.count(1, now + Duration::from_secs(2)), Ok(()));
    }

    #[test]
    fn a_flood_of_sides_takes_no_more_room() {
        let (rates, now) = (Rates::new(60), Instant::now());
        for side in 0..100_000 {
            rates.count(side, now + Duration::from_nanos(side)).unwrap();
        }
        assert!(rates.sides.lock().unwrap().len() <= REMEMBERED);
    }
}
