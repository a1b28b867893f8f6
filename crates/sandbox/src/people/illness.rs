use super::element::{Code, code};
use super::person::Sex;

/// How long an illness stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasts {
    /// To the end of the record.
    ForLife,
    /// Between so many days.
    Days(i64, i64),
}

/// Which sensitive topic an illness belongs to, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Ordinary,
    MentalHealth,
    SubstanceUse,
    Reproductive,
    Hiv,
    Genetic,
    Violence,
}

/// One illness (or condition of life) a person can have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Illness {
    pub(crate) key: &'static str,
    pub(crate) snomed: Code,
    pub(crate) icd10: &'static str,
    pub(crate) lasts: Lasts,
    /// Youngest and oldest age at the start.
    pub(crate) ages: (i64, i64),
    /// How many of a hundred people get it in a full life; for short illnesses, how many of a hundred years have one.
    pub(crate) chance: u32,
    pub(crate) only: Option<Sex>,
    /// Drugs, each with the years after the start at which it begins.
    pub(crate) drugs: &'static [(&'static str, i64)],
    pub(crate) topic: Topic,
    /// Treated in hospital rather than in the clinic.
    pub(crate) hospital: bool,
}

const fn chronic(
    key: &'static str,
    snomed: Code,
    icd10: &'static str,
    ages: (i64, i64),
    chance: u32,
    drugs: &'static [(&'static str, i64)],
) -> Illness {
    let topic = Topic::Ordinary;
    Illness { key, snomed, icd10, lasts: Lasts::ForLife, ages, chance, only: None, drugs, topic, hospital: false }
}

const fn acute(
    key: &'static str,
    snomed: Code,
    icd10: &'static str,
    days: (i64, i64),
    ages: (i64, i64),
    chance: u32,
    drugs: &'static [(&'static str, i64)],
) -> Illness {
    Illness { lasts: Lasts::Days(days.0, days.1), ..chronic(key, snomed, icd10, ages, chance, drugs) }
}

const fn about(topic: Topic, illness: Illness) -> Illness {
    Illness { topic, ..illness }
}

const fn women(illness: Illness) -> Illness {
    Illness { only: Some(Sex::Female), ..illness }
}

const fn in_hospital(illness: Illness) -> Illness {
    Illness { hospital: true, ..illness }
}

pub(crate) const ILLNESSES: &[Illness] = &[
    chronic(
        "hypertension",
        code("59621000", "Essential hypertension"),
        "I10",
        (38, 64),
        45,
        &[("lisinopril-10", 0), ("amlodipine-5", 6)],
    ),
    chronic(
        "diabetes",
        code("44054006", "Type 2 diabetes mellitus"),
        "E11.9",
        (42, 62),
        18,
        &[("metformin-500", 0), ("metformin-1000", 2), ("glargine", 12)],
    ),
    chronic("hyperlipidemia", code("55822004", "Hyperlipidemia"), "E78.5", (36, 60), 38, &[("atorvastatin-20", 1)]),
    chronic("hypothyroidism", code("40930008", "Hypothyroidism"), "E03.9", (25, 55), 10, &[("levothyroxine-100", 0)]),
    chronic("kidney", code("433144002", "Chronic kidney disease stage 3"), "N18.30", (62, 72), 8, &[]),
    chronic("asthma", code("195967001", "Asthma"), "J45.909", (4, 12), 12, &[("albuterol", 0), ("fluticasone", 1)]),
    chronic(
        "hay-fever",
        code("367498001", "Seasonal allergic rhinitis"),
        "J30.2",
        (6, 25),
        22,
        &[("cetirizine-10", 0)],
    ),
    chronic("migraine", code("37796009", "Migraine"), "G43.909", (15, 35), 14, &[("sumatriptan-50", 0)]),
    chronic(
        "reflux",
        code("235595009", "Gastroesophageal reflux disease"),
        "K21.9",
        (30, 60),
        18,
        &[("omeprazole-20", 0)],
    ),
    chronic("knee", code("239873007", "Osteoarthritis of knee"), "M17.9", (52, 70), 22, &[("acetaminophen-325", 0)]),
    chronic("fibrillation", code("49436004", "Atrial fibrillation"), "I48.91", (50, 74), 6, &[("warfarin-5", 0)]),
    chronic("osteoporosis", code("64859006", "Osteoporosis"), "M81.0", (62, 75), 12, &[("alendronate-70", 0)]),
    chronic("obesity", code("162864005", "Body mass index 30+ - obesity"), "E66.9", (25, 55), 24, &[]),
    acute(
        "anemia",
        code("87522002", "Iron deficiency anemia"),
        "D50.9",
        (150, 420),
        (14, 60),
        1,
        &[("ferrous-325", 0)],
    ),
    acute(
        "pharyngitis",
        code("195662009", "Acute viral pharyngitis"),
        "J02.9",
        (7, 14),
        (2, 80),
        14,
        &[("acetaminophen-325", 0)],
    ),
    acute(
        "strep",
        code("43878008", "Streptococcal sore throat"),
        "J02.0",
        (8, 12),
        (3, 40),
        5,
        &[("azithromycin-250", 0)],
    ),
    acute("otitis", code("65363002", "Otitis media"), "H66.90", (9, 16), (0, 9), 35, &[("amoxicillin-500", 0)]),
    acute("bronchitis", code("10509002", "Acute bronchitis"), "J20.9", (10, 24), (5, 90), 9, &[("ibuprofen-200", 0)]),
    acute("sinusitis", code("444814009", "Viral sinusitis"), "J01.90", (8, 20), (12, 80), 7, &[]),
    women(acute(
        "cystitis",
        code("307426000", "Acute infective cystitis"),
        "N30.00",
        (5, 9),
        (17, 85),
        8,
        &[("nitrofurantoin-100", 0)],
    )),
    in_hospital(acute(
        "ankle",
        code("44465007", "Sprain of ankle"),
        "S93.409A",
        (14, 30),
        (8, 60),
        3,
        &[("ibuprofen-200", 0)],
    )),
    in_hospital(acute(
        "forearm",
        code("65966004", "Fracture of forearm"),
        "S52.90XA",
        (40, 70),
        (5, 85),
        1,
        &[("acetaminophen-325", 0)],
    )),
    in_hospital(acute("appendicitis", code("74400008", "Appendicitis"), "K35.80", (10, 20), (9, 45), 0, &[])),
    acute("covid", code("840539006", "COVID-19"), "U07.1", (8, 20), (1, 95), 0, &[]),
    women(about(
        Topic::Reproductive,
        acute("pregnancy", code("77386006", "Pregnant"), "Z34.90", (272, 286), (22, 39), 0, &[("prenatal", 0)]),
    )),
    about(
        Topic::MentalHealth,
        acute(
            "depression",
            code("370143000", "Major depressive disorder"),
            "F33.1",
            (400, 1100),
            (18, 70),
            1,
            &[("sertraline-50", 0)],
        ),
    ),
    about(
        Topic::MentalHealth,
        chronic(
            "anxiety",
            code("21897009", "Generalized anxiety disorder"),
            "F41.1",
            (18, 45),
            12,
            &[("fluoxetine-20", 0)],
        ),
    ),
    about(
        Topic::SubstanceUse,
        chronic("alcohol", code("66590003", "Alcohol dependence"), "F10.20", (28, 50), 5, &[("naltrexone-50", 2)]),
    ),
    about(
        Topic::SubstanceUse,
        chronic("opioid", code("75544000", "Opioid dependence"), "F11.20", (22, 48), 3, &[("buprenorphine", 0)]),
    ),
    about(
        Topic::Hiv,
        chronic(
            "hiv",
            code("86406008", "Human immunodeficiency virus infection"),
            "B20",
            (20, 40),
            1,
            &[("bictegravir", 0)],
        ),
    ),
    about(
        Topic::Reproductive,
        acute(
            "chlamydia",
            code("240589008", "Chlamydia trachomatis infection"),
            "A74.9",
            (9, 21),
            (17, 35),
            1,
            &[("azithromycin-250", 0)],
        ),
    ),
    women(about(
        Topic::Genetic,
        chronic("brca", code("412734009", "BRCA1 gene mutation positive"), "Z15.01", (25, 45), 1, &[]),
    )),
    about(
        Topic::Violence,
        acute(
            "partner-abuse",
            code("706893006", "Victim of intimate partner abuse"),
            "T74.11XA",
            (200, 500),
            (19, 55),
            1,
            &[],
        ),
    ),
];

pub(crate) fn find(key: &str) -> Option<&'static Illness> {
    ILLNESSES.iter().find(|illness| illness.key == key)
}

#[cfg(test)]
mod tests {
    use super::super::drug;
    use super::*;

    #[test]
    fn every_illness_names_drugs_that_exist() {
        for illness in ILLNESSES {
            for (key, _) in illness.drugs {
                assert!(drug::find(key).is_some(), "{} names {key}", illness.key);
            }
        }
    }
}
