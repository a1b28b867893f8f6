use jiff::civil::{Date, date};
use serde_json::json;

use super::chart::Chart;
use super::dice::Dice;
use super::element::{CVX, Code, code, concept, put};
use super::moment::{Moment, add_days, add_months};
use super::place::FAMILY_DOCTOR;

/// One product of the schedule: ages in months, and the year it came into use.
struct Shot {
    code: Code,
    months: &'static [i64],
    since: i16,
}

const fn shot(code: Code, months: &'static [i64], since: i16) -> Shot {
    Shot { code, months, since }
}

const SCHEDULE: &[Shot] = &[
    shot(code("08", "Hepatitis B, adolescent or pediatric"), &[0, 1, 6], 1992),
    shot(code("119", "Rotavirus, monovalent"), &[2, 4], 2008),
    shot(code("20", "DTaP"), &[2, 4, 6, 15, 54], 1992),
    shot(code("49", "Hib (PRP-OMP)"), &[2, 4, 12], 1990),
    shot(code("133", "Pneumococcal conjugate PCV 13"), &[2, 4, 6, 12], 2010),
    shot(code("10", "Polio, inactivated"), &[2, 4, 9, 54], 1960),
    shot(code("03", "MMR"), &[12, 54], 1971),
    shot(code("21", "Varicella"), &[13, 54], 1995),
    shot(code("83", "Hepatitis A, pediatric, 2 dose"), &[14, 21], 2000),
    shot(code("115", "Tdap"), &[134, 254, 374, 494, 614, 734, 854], 2006),
    shot(code("114", "Meningococcal MCV4P"), &[135, 193], 2005),
    shot(code("165", "HPV, 9-valent"), &[136, 143], 2015),
    shot(code("187", "Zoster, recombinant"), &[606, 610], 2018),
    shot(code("216", "Pneumococcal conjugate PCV 20"), &[782], 2021),
];

const FLU: Code = code("150", "Influenza, injectable, quadrivalent, preservative free");
const COVID: &[(Date, Code)] = &[
    (date(2021, 3, 12), code("208", "COVID-19, mRNA, 30 mcg/0.3 mL dose")),
    (date(2021, 4, 2), code("208", "COVID-19, mRNA, 30 mcg/0.3 mL dose")),
    (date(2021, 11, 19), code("208", "COVID-19, mRNA, 30 mcg/0.3 mL dose")),
    (date(2022, 10, 7), code("300", "COVID-19, mRNA, bivalent, 30 mcg/0.3 mL dose")),
    (date(2023, 10, 20), code("309", "COVID-19, mRNA, 30 mcg/0.3 mL dose, tris-sucrose")),
];

/// One vaccination that took place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    pub(crate) on: Date,
    pub(crate) code: Code,
    pub(crate) dose: usize,
}

/// All vaccinations of a life, by the schedule, with the gaps that lives have.
pub(crate) fn given(dice: &Dice, birth: Date, today: Date) -> Vec<Given> {
    let mut dice = dice.fork("vaccines");
    let mut all = Vec::new();
    for shot in SCHEDULE {
        let due = shot.months.iter().map(|months| add_days(add_months(birth, *months), 3));
        let taken = due.filter(|on| on.year() >= shot.since && *on < today);
        all.extend(taken.enumerate().filter(|_| dice.chance(94)).map(|(at, on)| Given {
            on,
            code: shot.code,
            dose: at + 1,
        }));
    }
    let mut year = birth.year().max(2009);
    while year <= today.year() {
        let on = add_days(date(year, 10, 1), dice.between(0, 55));
        if dice.chance(62) && on < today && on > add_months(birth, 6) {
            all.push(Given { on, code: FLU, dose: 1 });
        }
        year += 1;
    }
    let doses = COVID.iter().filter(|(on, _)| *on > add_months(birth, 72)).enumerate();
    for (at, (on, code)) in doses {
        let on = add_days(*on, dice.between(0, 9));
        if on < today && (at < 2 || dice.chance(75)) {
            all.push(Given { on, code: *code, dose: at + 1 });
        }
    }
    all.sort_by_key(|given| (given.on, given.code.code));
    all
}

/// Writes one vaccination.
pub(crate) fn write(chart: &mut Chart, dice: &mut Dice, given: Given, encounter: Option<&str>) {
    let at = Moment::at(given.on, 9, 40);
    let mut body = json!({
        "status": "completed",
        "vaccineCode": concept(CVX, given.code),
        "patient": chart.subject(),
        "occurrenceDateTime": at.to_string(),
        "primarySource": at.date >= chart.since,
        "lotNumber": format!("{}{:04}", dice.pick(&["EW", "FK", "U", "K0"]), dice.between(100, 9999)),
        "performer": [{"actor": chart.system.clinician(FAMILY_DOCTOR).reference()}],
        "protocolApplied": [{"doseNumberPositiveInt": given.dose}],
    });
    put(&mut body, "encounter", Chart::encounter(encounter));
    chart.add("Immunization", Some("immunization"), chart.recorded(at), body);
}
