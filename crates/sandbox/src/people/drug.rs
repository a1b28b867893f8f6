use super::element::{Code, code};

/// A drug as it is prescribed: RxNorm product, what the label says, how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drug {
    pub(crate) key: &'static str,
    pub(crate) code: Code,
    /// What one dose is, for people: "1 tablet".
    pub(crate) dose: (&'static str, &'static str),
    /// Doses in one day; 0 for "when needed".
    pub(crate) per_day: u8,
    pub(crate) when: &'static str,
    pub(crate) route: Code,
}

const BY_MOUTH: Code = code("26643006", "Oral route");
const INHALED: Code = code("447694001", "Respiratory tract route");
const UNDER_TONGUE: Code = code("37839007", "Sublingual route");
const UNDER_SKIN: Code = code("34206005", "Subcutaneous route");
const TABLET: (&str, &str) = ("1", "tablet");
const CAPSULE: (&str, &str) = ("1", "capsule");

const fn drug(
    key: &'static str,
    code: Code,
    dose: (&'static str, &'static str),
    per_day: u8,
    when: &'static str,
    route: Code,
) -> Drug {
    Drug { key, code, dose, per_day, when, route }
}

pub(crate) const DRUGS: &[Drug] = &[
    drug("metformin-500", code("861007", "Metformin 500 MG Oral Tablet"), TABLET, 2, "with meals", BY_MOUTH),
    drug("metformin-1000", code("861004", "Metformin 1000 MG Oral Tablet"), TABLET, 2, "with meals", BY_MOUTH),
    drug(
        "glargine",
        code("847230", "Insulin glargine 100 UNT/ML Pen Injector"),
        ("14", "units"),
        1,
        "at bedtime",
        UNDER_SKIN,
    ),
    drug("lisinopril-10", code("314076", "Lisinopril 10 MG Oral Tablet"), TABLET, 1, "in the morning", BY_MOUTH),
    drug("lisinopril-20", code("314077", "Lisinopril 20 MG Oral Tablet"), TABLET, 1, "in the morning", BY_MOUTH),
    drug("amlodipine-5", code("197361", "Amlodipine 5 MG Oral Tablet"), TABLET, 1, "in the morning", BY_MOUTH),
    drug("hctz-25", code("310798", "Hydrochlorothiazide 25 MG Oral Tablet"), TABLET, 1, "in the morning", BY_MOUTH),
    drug("atorvastatin-20", code("617310", "Atorvastatin 20 MG Oral Tablet"), TABLET, 1, "in the evening", BY_MOUTH),
    drug("aspirin-81", code("243670", "Aspirin 81 MG Oral Tablet"), TABLET, 1, "with food", BY_MOUTH),
    drug(
        "levothyroxine-100",
        code("892246", "Levothyroxine 0.1 MG Oral Tablet"),
        TABLET,
        1,
        "before breakfast",
        BY_MOUTH,
    ),
    drug(
        "ferrous-325",
        code("310325", "Ferrous sulfate 325 MG Oral Tablet"),
        TABLET,
        1,
        "on an empty stomach",
        BY_MOUTH,
    ),
    drug(
        "omeprazole-20",
        code("198051", "Omeprazole 20 MG Delayed Release Oral Capsule"),
        CAPSULE,
        1,
        "before breakfast",
        BY_MOUTH,
    ),
    drug("warfarin-5", code("855332", "Warfarin 5 MG Oral Tablet"), TABLET, 1, "in the evening", BY_MOUTH),
    drug(
        "albuterol",
        code("745679", "Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"),
        ("2", "puffs"),
        0,
        "for wheezing",
        INHALED,
    ),
    drug(
        "fluticasone",
        code("895994", "Fluticasone 0.044 MG/ACTUAT Metered Dose Inhaler"),
        ("2", "puffs"),
        2,
        "then rinse the mouth",
        INHALED,
    ),
    drug("cetirizine-10", code("1014678", "Cetirizine 10 MG Oral Tablet"), TABLET, 1, "in the pollen season", BY_MOUTH),
    drug(
        "sumatriptan-50",
        code("313165", "Sumatriptan 50 MG Oral Tablet"),
        TABLET,
        0,
        "at the start of a headache",
        BY_MOUTH,
    ),
    drug("amoxicillin-500", code("308191", "Amoxicillin 500 MG Oral Capsule"), CAPSULE, 3, "for 10 days", BY_MOUTH),
    drug("azithromycin-250", code("308460", "Azithromycin 250 MG Oral Tablet"), TABLET, 1, "for 5 days", BY_MOUTH),
    drug(
        "nitrofurantoin-100",
        code("311989", "Nitrofurantoin 100 MG Oral Capsule"),
        CAPSULE,
        2,
        "for 5 days",
        BY_MOUTH,
    ),
    drug(
        "ibuprofen-200",
        code("310965", "Ibuprofen 200 MG Oral Tablet"),
        ("2", "tablets"),
        0,
        "for pain, with food",
        BY_MOUTH,
    ),
    drug(
        "acetaminophen-325",
        code("313782", "Acetaminophen 325 MG Oral Tablet"),
        ("2", "tablets"),
        0,
        "for pain or fever",
        BY_MOUTH,
    ),
    drug(
        "alendronate-70",
        code("904431", "Alendronate 70 MG Oral Tablet"),
        TABLET,
        1,
        "once a week, upright for half an hour",
        BY_MOUTH,
    ),
    drug("sertraline-50", code("312941", "Sertraline 50 MG Oral Tablet"), TABLET, 1, "in the morning", BY_MOUTH),
    drug("fluoxetine-20", code("310385", "Fluoxetine 20 MG Oral Capsule"), CAPSULE, 1, "in the morning", BY_MOUTH),
    drug("naltrexone-50", code("1483744", "Naltrexone 50 MG Oral Tablet"), TABLET, 1, "in the morning", BY_MOUTH),
    drug(
        "buprenorphine",
        code("1010604", "Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film"),
        ("1", "film"),
        2,
        "under the tongue",
        UNDER_TONGUE,
    ),
    drug(
        "bictegravir",
        code("1999673", "Bictegravir / Emtricitabine / Tenofovir alafenamide Oral Tablet"),
        TABLET,
        1,
        "at the same hour each day",
        BY_MOUTH,
    ),
    drug("prenatal", code("313820", "Folic acid 1 MG Oral Tablet"), TABLET, 1, "with food", BY_MOUTH),
];

pub(crate) fn find(key: &str) -> Option<&'static Drug> {
    DRUGS.iter().find(|drug| drug.key == key)
}

impl Drug {
    /// The instruction on the label.
    pub(crate) fn label(&self) -> String {
        let often = match self.per_day {
            0 => "when needed",
            1 => "once a day",
            2 => "twice a day",
            _ => "three times a day",
        };
        format!("{} {} {often}, {}", self.dose.0, self.dose.1, self.when)
    }
}
