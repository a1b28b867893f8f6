use jiff::civil::Date;

use super::dice::Dice;
use super::illness::{self, ILLNESSES, Illness, Lasts};
use super::moment::{add_days, age, years_between};
use super::person::{Person, Sex};

/// One illness of one person: when it began, and when it ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Episode {
    pub(crate) illness: &'static Illness,
    pub(crate) start: Date,
    pub(crate) end: Option<Date>,
}

/// All that befalls a person, oldest first.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) episodes: Vec<Episode>,
    pub(crate) birth: Date,
    pub(crate) sex: Sex,
    pub(crate) today: Date,
}

impl Course {
    pub(crate) fn draw(dice: &Dice, person: &Person, today: Date) -> Self {
        let mut dice = dice.fork("course");
        let mut course = Self { episodes: Vec::new(), birth: person.birth, sex: person.sex, today };
        for illness in ILLNESSES.iter().filter(|illness| illness.only.is_none_or(|sex| sex == person.sex)) {
            match illness.lasts {
                Lasts::ForLife => course.chronic(&mut dice, illness),
                Lasts::Days(..) => course.acute(&mut dice, illness),
            }
        }
        for key in person.fixed {
            if let Some(illness) = illness::find(key)
                && !course.episodes.iter().any(|episode| episode.illness.key == *key)
            {
                course.force(&mut dice, illness, person);
            }
        }
        course.episodes.sort_by_key(|episode| (episode.start, episode.illness.key));
        course
    }

    /// Years since an illness began, while it lasts.
    pub(crate) fn years_with(&self, key: &str, on: Date) -> Option<f64> {
        let mut found = self.episodes.iter().filter(|episode| episode.illness.key == key && episode.covers(on));
        found.next().map(|episode| years_between(episode.start, on))
    }

    fn chronic(&mut self, dice: &mut Dice, illness: &'static Illness) {
        let years = dice.between(illness.ages.0, illness.ages.1);
        if dice.chance(illness.chance) {
            let day = dice.between(0, 364);
            self.add(dice, illness, years * 365 + day);
        }
    }

    fn acute(&mut self, dice: &mut Dice, illness: &'static Illness) {
        let mut years = illness.ages.0;
        while years <= illness.ages.1.min(age(self.birth, self.today)) {
            if dice.chance(illness.chance) {
                let day = dice.between(20, 364);
                self.add(dice, illness, years * 365 + day);
            }
            years += 1;
        }
    }

    /// An illness the person has whatever the dice said: begun within its ages and, where it can be, years ago.
    fn force(&mut self, dice: &mut Dice, illness: &'static Illness, person: &Person) {
        let lived = age(person.birth, self.today).max(1);
        let oldest = illness.ages.1.min(lived - 1).max(0);
        let youngest = illness.ages.0.min(oldest);
        let years = match illness.key {
            "covid" => i64::from(2022 - i32::from(person.birth.year())).clamp(youngest, oldest),
            "pregnancy" => 31.clamp(youngest, oldest),
            _ => dice.between(youngest.max(oldest - 16), oldest),
        };
        let day = dice.between(10, 300);
        self.add(dice, illness, years * 365 + day);
    }

    fn add(&mut self, dice: &mut Dice, illness: &'static Illness, days: i64) {
        let start = add_days(self.birth, days);
        if start >= add_days(self.today, -3) {
            return;
        }
        let end = match illness.lasts {
            Lasts::ForLife => None,
            Lasts::Days(least, most) => {
                Some(add_days(start, dice.between(least, most))).filter(|end| *end < self.today)
            }
        };
        self.episodes.push(Episode { illness, start, end });
    }
}

impl Episode {
    pub(crate) fn covers(&self, on: Date) -> bool {
        self.start <= on && self.end.is_none_or(|end| on <= end)
    }

    pub(crate) fn is_chronic(&self) -> bool {
        self.illness.lasts == Lasts::ForLife
    }
}
