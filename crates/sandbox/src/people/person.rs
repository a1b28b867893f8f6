use jiff::civil::{Date, date};

use super::dice::Dice;
use super::moment::add_days;
use super::names;

/// Sex as recorded at birth; the people generated here do not differ from it on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sex {
    Female,
    Male,
}

/// Who someone is, before anything happens to them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Position among the generated people, from 0.
    pub index: u32,
    /// Given names, first the one used.
    pub given: Vec<String>,
    /// Family name.
    pub family: String,
    /// Day of birth.
    pub birth: Date,
    pub(crate) sex: Sex,
    pub(crate) language: (&'static str, &'static str),
    pub(crate) race: (&'static str, &'static str),
    pub(crate) hispanic: bool,
    pub(crate) street: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    /// Illnesses this person has whatever the dice say.
    pub(crate) fixed: &'static [&'static str],
    pub(crate) allergies: &'static [&'static str],
    /// Relation to another generated person: index and how this one is called by the other.
    pub kin: Vec<Kin>,
    pub(crate) smoker: Smoker,
}

/// Another generated person close to this one.
#[derive(Debug, Clone)]
pub struct Kin {
    /// Index of the other.
    pub index: u32,
    /// What the other is to this person: v3-RoleCode, such as `DAU`, `MTH`, `SON`.
    pub role: &'static str,
    /// In words.
    pub words: &'static str,
    /// Name of the other.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Smoker {
    Never,
    Former,
    Daily,
}

impl Person {
    /// Given and family name as one line.
    pub fn name(&self) -> String {
        format!("{} {}", self.given.first().map_or("", String::as_str), self.family)
    }
}

struct Role {
    given: &'static [&'static str],
    family: &'static str,
    sex: Sex,
    birth: Date,
    language: (&'static str, &'static str),
    hispanic: bool,
    fixed: &'static [&'static str],
    allergies: &'static [&'static str],
    smoker: Smoker,
}

const ENGLISH: (&str, &str) = ("en-US", "English (United States)");
const SPANISH: (&str, &str) = ("es-US", "Spanish (United States)");

/// The first five people are always the same: a daughter, her mother, her son, and two others.
const CAST: &[Role] = &[
    Role {
        given: &["Maren", "Inés"],
        family: "Ávila Thorne",
        sex: Sex::Female,
        birth: date(1984, 5, 17),
        language: ENGLISH,
        hispanic: true,
        fixed: &["asthma", "migraine", "anxiety", "hypothyroidism", "anemia", "pregnancy", "covid"],
        allergies: &["sulfa"],
        smoker: Smoker::Never,
    },
    Role {
        given: &["Concepción", "María"],
        family: "Ávila Bermúdez",
        sex: Sex::Female,
        birth: date(1951, 11, 3),
        language: SPANISH,
        hispanic: true,
        fixed: &[
            "diabetes",
            "hypertension",
            "hyperlipidemia",
            "kidney",
            "knee",
            "hypothyroidism",
            "depression",
            "covid",
        ],
        allergies: &["penicillin", "latex"],
        smoker: Smoker::Former,
    },
    Role {
        given: &["Teo"],
        family: "Ávila Thorne",
        sex: Sex::Male,
        birth: date(2016, 2, 29),
        language: ENGLISH,
        hispanic: true,
        fixed: &["asthma", "otitis"],
        allergies: &["peanut"],
        smoker: Smoker::Never,
    },
    Role {
        given: &["Bram", "Øystein"],
        family: "Kowalczyk",
        sex: Sex::Male,
        birth: date(1966, 8, 22),
        language: ENGLISH,
        hispanic: false,
        fixed: &["fibrillation", "hypertension", "alcohol", "reflux", "appendicitis", "forearm"],
        allergies: &[],
        smoker: Smoker::Daily,
    },
    Role {
        given: &["Niamh", "Adaeze"],
        family: "O’Rourke-Eze",
        sex: Sex::Female,
        birth: date(1993, 1, 9),
        language: ENGLISH,
        hispanic: false,
        fixed: &["hiv", "brca", "partner-abuse", "chlamydia", "depression", "hay-fever"],
        allergies: &["bee"],
        smoker: Smoker::Former,
    },
];

/// Who is whose, in the cast: (this one, the other, role of the other, words).
const FAMILY: &[(u32, u32, &str, &str)] =
    &[(0, 1, "MTH", "mother"), (1, 0, "DAU", "daughter"), (0, 2, "SON", "son"), (2, 0, "MTH", "mother")];

/// Draws one person. Without `years`, the first are the cast; with it, everyone is drawn, that old.
pub(crate) fn draw(dice: &Dice, index: u32, years: Option<(u16, u16)>, today: Date) -> Person {
    let mut dice = dice.fork(&format!("person {index}"));
    let role =
        CAST.get(usize::try_from(index).unwrap_or(usize::MAX)).filter(|role| years.is_none() && role.birth < today);
    let mut person = role.map_or_else(|| stranger(&mut dice, years.unwrap_or((1, 95)), today), of_cast);
    person.index = index;
    person.street = format!("{} {}", dice.between(11, 2890), dice.pick(names::STREETS));
    person.phone = format!("+1 928 555 0{}", dice.between(100, 199));
    let mailbox = login(&person);
    person.email = format!("{mailbox}@mail.example");
    if role.is_some() {
        let near = FAMILY.iter().filter(|(this, ..)| *this == index);
        person.kin =
            near.map(|(_, other, role, words)| Kin { index: *other, role, words, name: cast_name(*other) }).collect();
    }
    person
}

fn cast_name(index: u32) -> String {
    let role = CAST.get(usize::try_from(index).unwrap_or(usize::MAX));
    role.map_or_else(String::new, |role| format!("{} {}", role.given.first().copied().unwrap_or(""), role.family))
}

fn of_cast(role: &Role) -> Person {
    let race = if role.hispanic { ("2131-1", "Other Race") } else { ("2106-3", "White") };
    Person {
        index: 0,
        given: role.given.iter().map(|name| (*name).to_owned()).collect(),
        family: role.family.to_owned(),
        birth: role.birth,
        sex: role.sex,
        language: role.language,
        race,
        hispanic: role.hispanic,
        street: String::new(),
        phone: String::new(),
        email: String::new(),
        fixed: role.fixed,
        allergies: role.allergies,
        kin: Vec::new(),
        smoker: role.smoker,
    }
}

fn stranger(dice: &mut Dice, years: (u16, u16), today: Date) -> Person {
    let sex = if dice.chance(51) { Sex::Female } else { Sex::Male };
    let given = if sex == Sex::Female { names::WOMEN } else { names::MEN };
    let years = dice.between(i64::from(years.0), i64::from(years.1));
    let birth = add_days(today, -(years * 365 + years / 4) - dice.between(1, 364));
    let hispanic = dice.chance(22);
    Person {
        index: 0,
        given: vec![dice.pick(given).to_owned(), dice.pick(given).to_owned()],
        family: dice.pick(names::FAMILIES).to_owned(),
        birth,
        sex,
        language: if hispanic && dice.chance(40) { SPANISH } else { ENGLISH },
        race: dice.pick(&[("2106-3", "White"), ("2054-5", "Black or African American"), ("2028-9", "Asian")]),
        hispanic,
        street: String::new(),
        phone: String::new(),
        email: String::new(),
        fixed: &[],
        allergies: if dice.chance(15) { &["penicillin"] } else { &[] },
        kin: Vec::new(),
        smoker: if dice.chance(70) { Smoker::Never } else { Smoker::Former },
    }
}

/// The name a person signs in with: first name without accents, then the index where it is not of the cast.
pub(crate) fn login(person: &Person) -> String {
    let first = person.given.first().map_or("", String::as_str);
    let plain: String = first.chars().filter_map(names::plain).collect();
    if cast_name(person.index) == person.name() { plain } else { format!("{plain}{}", person.index) }
}
