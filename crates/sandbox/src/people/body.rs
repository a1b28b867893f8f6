use jiff::civil::Date;

use super::course::Course;
use super::dice::Dice;
use super::moment::years_between;
use super::person::{Person, Sex};

/// How a body measures on a day: a base of its own, illnesses, treatment, chance.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    course: &'a Course,
    dice: Dice,
    base: Dice,
    height: f64,
    build: f64,
}

impl<'a> Body<'a> {
    pub(crate) fn new(dice: &Dice, person: &Person, course: &'a Course) -> Self {
        let mut own = dice.fork("body");
        let height = if person.sex == Sex::Female { 163.0 } else { 176.5 } + own.normal() * 5.0;
        let build = 23.5 + own.normal() * 1.8;
        Self { course, dice: dice.fork("noise"), base: dice.fork("base"), height, build }
    }

    /// One throw of the noise: `spread` is one deviation.
    fn noise(&mut self, spread: f64) -> f64 {
        self.dice.normal() * spread
    }

    /// The person's own base for a test: the same on every day.
    fn own(&self, test: &str, middle: f64, spread: f64) -> f64 {
        middle + self.base.fork(test).normal() * spread
    }

    fn with(&self, illness: &str, on: Date) -> Option<f64> {
        self.course.years_with(illness, on)
    }

    pub(crate) fn birth(&self) -> Date {
        self.course.birth
    }

    pub(crate) fn height(&mut self, on: Date) -> f64 {
        let years = years_between(self.course.birth, on);
        let grown = if years < 2.0 {
            0.29 + years * 0.105
        } else if years < 17.0 {
            0.5 + (years - 2.0) * 0.0334
        } else {
            1.0
        };
        self.height * grown.min(1.0) - (years - 60.0).max(0.0) * 0.06
    }

    pub(crate) fn weight(&mut self, on: Date) -> f64 {
        let years = years_between(self.course.birth, on);
        let meters = self.height(on) / 100.0;
        let lean = if years < 17.0 {
            15.2 + (years - 5.0).max(0.0) * 0.45
        } else {
            self.build + (years - 18.0).min(40.0) * 0.07
        };
        let heavy = self.with("obesity", on).map_or(0.0, |since| 5.5 + since.min(8.0) * 0.2);
        let carrying = self.with("pregnancy", on).map_or(0.0, |since| since * 5.6);
        let index = if years < 1.0 { 14.0 + years * 2.4 } else { lean + heavy + carrying };
        (index + self.noise(0.18)) * meters * meters
    }

    pub(crate) fn systolic(&mut self, on: Date) -> f64 {
        let years = years_between(self.course.birth, on);
        let base = if years < 18.0 {
            92.0 + years * 1.4
        } else {
            self.own("systolic", 117.0, 4.0) + (years - 30.0).max(0.0) * 0.15
        };
        let pressure = self.with("hypertension", on).map_or(0.0, |since| if since < 0.3 { 32.0 } else { 12.0 });
        (base + pressure + self.noise(6.0)).round()
    }

    pub(crate) fn diastolic(&mut self, on: Date) -> f64 {
        (self.systolic(on) * 0.46 + 20.0 + self.noise(3.0)).round()
    }

    pub(crate) fn pulse(&mut self, on: Date) -> f64 {
        let years = years_between(self.course.birth, on);
        let base = if years < 12.0 { 118.0 - years * 3.2 } else { self.own("pulse", 71.0, 4.0) };
        let fast = self.with("fibrillation", on).map_or(0.0, |since| if since < 0.2 { 38.0 } else { 8.0 });
        (base + fast + self.noise(5.0)).round()
    }

    pub(crate) fn temperature(&mut self, sick: bool) -> f64 {
        if sick { 37.9 + self.noise(0.4) } else { 36.7 + self.noise(0.15) }
    }

    pub(crate) fn breaths(&mut self, on: Date) -> f64 {
        let years = years_between(self.course.birth, on);
        ((if years < 10.0 { 28.0 - years } else { 15.0 }) + self.noise(1.1)).round()
    }

    pub(crate) fn saturation(&mut self) -> f64 {
        (97.9 + self.noise(0.7)).min(100.0).round()
    }

    /// A laboratory value by the key of its analyte; none where the test has no model.
    pub(crate) fn lab(&mut self, test: &str, on: Date) -> Option<f64> {
        let sex = |female: f64, male: f64| if self.course.sex == Sex::Female { female } else { male };
        let (middle, spread) = match test {
            "hemoglobin" => (sex(13.5, 15.0), 0.35),
            "creatinine" => (sex(0.76, 0.94), 0.05),
            "ferritin" => (sex(62.0, 118.0), 9.0),
            "hdl" => (sex(58.0, 48.0), 3.0),
            "glucose" => (88.0, 4.0),
            "a1c" => (5.3, 0.1),
            "ldl" => (104.0, 8.0),
            "triglycerides" => (108.0, 18.0),
            "sodium" => (140.0, 1.4),
            "potassium" => (4.2, 0.22),
            "chloride" => (102.0, 1.5),
            "bicarbonate" => (25.5, 1.2),
            "calcium" => (9.4, 0.2),
            "urea" => (14.0, 2.4),
            "alt" => (22.0, 5.0),
            "ast" => (23.0, 4.0),
            "bilirubin" => (0.6, 0.14),
            "albumin" => (4.3, 0.15),
            "tsh" => (1.9, 0.4),
            "free-t4" => (1.2, 0.1),
            "leukocytes" => (6.6, 0.9),
            "platelets" => (250.0, 24.0),
            "mcv" => (90.0, 1.6),
            "vitamin-d" => (33.0, 4.0),
            "crp" => (1.4, 0.5),
            "inr" => (1.0, 0.05),
            "acr" => (9.0, 3.0),
            "cd4" => (820.0, 60.0),
            "viral-load" => (0.0, 0.0),
            _ => return None,
        };
        let base = self.own(test, middle, spread * 0.8);
        let changed = self.ill(test, base, on);
        Some((changed + self.noise(spread * 0.7)).max(middle * 0.02))
    }

    /// What illness and treatment make of a base value.
    fn ill(&self, test: &str, base: f64, on: Date) -> f64 {
        // Sugar is high at the start, falls with the first drug, and creeps up until insulin.
        let sugar = self.with("diabetes", on).map(|since| {
            let start = 3.4 * (-since * 2.2).exp();
            let creep = if since < 12.0 { since * 0.13 } else { 0.6 };
            1.15 + start + creep
        });
        let anemia = self.with("anemia", on).map(|since| (1.0 - since * 1.6).max(0.0));
        match test {
            "a1c" => base + sugar.unwrap_or(0.0),
            "glucose" => base + sugar.unwrap_or(0.0) * 27.0,
            "ldl" => match self.with("hyperlipidemia", on) {
                Some(since) if since < 1.0 => base + 62.0,
                Some(_) => base * 0.72,
                None => base,
            },
            "triglycerides" => base + sugar.unwrap_or(0.0) * 22.0 + self.with("obesity", on).map_or(0.0, |_| 25.0),
            "creatinine" => base + self.with("kidney", on).map_or(0.0, |since| 0.48 + since * 0.035),
            "urea" => base + self.with("kidney", on).map_or(0.0, |since| 9.0 + since * 0.4),
            "potassium" => base + self.with("kidney", on).map_or(0.0, |_| 0.45),
            "acr" => base + self.with("kidney", on).map_or(0.0, |since| 55.0 + since * 9.0),
            "tsh" => base + self.with("hypothyroidism", on).map_or(0.0, |since| 8.4 * (-since * 3.0).exp() + 0.4),
            "free-t4" => base - self.with("hypothyroidism", on).map_or(0.0, |since| 0.55 * (-since * 3.0).exp()),
            "hemoglobin" => base - anemia.unwrap_or(0.0) * 3.4 - self.with("kidney", on).map_or(0.0, |_| 0.8),
            "ferritin" => base * (1.0 - anemia.unwrap_or(0.0) * 0.92),
            "mcv" => base - anemia.unwrap_or(0.0) * 13.0,
            "alt" | "ast" => base * self.with("alcohol", on).map_or(1.0, |since| if since < 2.0 { 3.1 } else { 1.5 }),
            "inr" => base + self.with("fibrillation", on).map_or(0.0, |_| 1.5),
            "cd4" => base - self.with("hiv", on).map_or(0.0, |since| 430.0 * (-since * 0.5).exp()),
            "viral-load" => self.with("hiv", on).map_or(0.0, |since| if since < 0.4 { 48_000.0 } else { 0.0 }),
            _ => base,
        }
    }
}
