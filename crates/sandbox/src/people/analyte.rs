use super::element::{Code, code};
use super::person::Sex;

/// Both ends of what is usual, as printed on the report; an end that is not stated is empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range(pub(crate) &'static str, pub(crate) &'static str);

/// One laboratory test.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Analyte {
    pub(crate) key: &'static str,
    pub(crate) code: Code,
    pub(crate) unit: &'static str,
    pub(crate) ucum: &'static str,
    /// Digits after the point.
    pub(crate) places: usize,
    women: Range,
    men: Range,
}

impl Analyte {
    pub(crate) fn range(&self, sex: Sex) -> Range {
        if sex == Sex::Female { self.women } else { self.men }
    }
}

const fn test(
    key: &'static str,
    code: Code,
    unit: &'static str,
    ucum: &'static str,
    places: usize,
    range: Range,
) -> Analyte {
    Analyte { key, code, unit, ucum, places, women: range, men: range }
}

const fn by_sex(analyte: Analyte, women: Range, men: Range) -> Analyte {
    Analyte { women, men, ..analyte }
}

const NONE: Range = Range("", "");

pub(crate) const ANALYTES: &[Analyte] = &[
    test("glucose", code("2345-7", "Glucose"), "mg/dL", "mg/dL", 0, Range("70", "99")),
    test("urea", code("3094-0", "Urea nitrogen"), "mg/dL", "mg/dL", 0, Range("7", "20")),
    by_sex(
        test("creatinine", code("2160-0", "Creatinine"), "mg/dL", "mg/dL", 2, NONE),
        Range("0.50", "1.10"),
        Range("0.70", "1.30"),
    ),
    test(
        "egfr",
        code("98979-8", "Glomerular filtration rate, estimated"),
        "mL/min/1.73m2",
        "mL/min/{1.73_m2}",
        0,
        Range("60", ""),
    ),
    test("sodium", code("2951-2", "Sodium"), "mmol/L", "mmol/L", 0, Range("135", "145")),
    test("potassium", code("2823-3", "Potassium"), "mmol/L", "mmol/L", 1, Range("3.5", "5.1")),
    test("chloride", code("2075-0", "Chloride"), "mmol/L", "mmol/L", 0, Range("98", "107")),
    test("bicarbonate", code("2028-9", "Carbon dioxide"), "mmol/L", "mmol/L", 0, Range("22", "29")),
    test("calcium", code("17861-6", "Calcium"), "mg/dL", "mg/dL", 1, Range("8.6", "10.2")),
    test("albumin", code("1751-7", "Albumin"), "g/dL", "g/dL", 1, Range("3.5", "5.0")),
    test("bilirubin", code("1975-2", "Bilirubin, total"), "mg/dL", "mg/dL", 1, Range("0.2", "1.2")),
    test("alt", code("1742-6", "Alanine aminotransferase"), "U/L", "U/L", 0, Range("7", "45")),
    test("ast", code("1920-8", "Aspartate aminotransferase"), "U/L", "U/L", 0, Range("8", "40")),
    test("a1c", code("4548-4", "Hemoglobin A1c"), "%", "%", 1, Range("4.0", "5.6")),
    test("cholesterol", code("2093-3", "Cholesterol, total"), "mg/dL", "mg/dL", 0, Range("", "199")),
    test("triglycerides", code("2571-8", "Triglycerides"), "mg/dL", "mg/dL", 0, Range("", "149")),
    by_sex(test("hdl", code("2085-9", "HDL cholesterol"), "mg/dL", "mg/dL", 0, NONE), Range("50", ""), Range("40", "")),
    test("ldl", code("13457-7", "LDL cholesterol, calculated"), "mg/dL", "mg/dL", 0, Range("", "129")),
    test("leukocytes", code("6690-2", "White blood cells"), "10*3/uL", "10*3/uL", 1, Range("4.0", "11.0")),
    test("erythrocytes", code("789-8", "Red blood cells"), "10*6/uL", "10*6/uL", 2, Range("3.90", "5.80")),
    by_sex(
        test("hemoglobin", code("718-7", "Hemoglobin"), "g/dL", "g/dL", 1, NONE),
        Range("12.0", "15.5"),
        Range("13.5", "17.5"),
    ),
    by_sex(
        test("hematocrit", code("4544-3", "Hematocrit"), "%", "%", 1, NONE),
        Range("36.0", "46.5"),
        Range("40.0", "52.5"),
    ),
    test("mcv", code("787-2", "Mean corpuscular volume"), "fL", "fL", 1, Range("80.0", "100.0")),
    test("platelets", code("777-3", "Platelets"), "10*3/uL", "10*3/uL", 0, Range("150", "400")),
    test("tsh", code("3016-3", "Thyroid stimulating hormone"), "mIU/L", "m[IU]/L", 2, Range("0.40", "4.50")),
    test("free-t4", code("3024-7", "Thyroxine, free"), "ng/dL", "ng/dL", 2, Range("0.80", "1.80")),
    by_sex(
        test("ferritin", code("2276-4", "Ferritin"), "ng/mL", "ng/mL", 0, NONE),
        Range("15", "150"),
        Range("30", "300"),
    ),
    test("vitamin-d", code("1989-3", "Vitamin D, 25-hydroxy"), "ng/mL", "ng/mL", 0, Range("20", "80")),
    test("crp", code("1988-5", "C-reactive protein"), "mg/L", "mg/L", 1, Range("", "5.0")),
    test("inr", code("6301-6", "INR"), "{INR}", "{INR}", 1, Range("0.9", "1.2")),
    test("acr", code("9318-7", "Albumin/creatinine ratio, urine"), "mg/g", "mg/g{creat}", 0, Range("", "29")),
    test("cd4", code("24467-3", "CD4 cells"), "cells/uL", "{cells}/uL", 0, Range("500", "1500")),
    test("viral-load", code("20447-9", "HIV 1 RNA, viral load"), "copies/mL", "{copies}/mL", 0, Range("", "19")),
];

pub(crate) fn find(key: &str) -> Option<&'static Analyte> {
    ANALYTES.iter().find(|analyte| analyte.key == key)
}

/// Tests that are ordered together and reported as one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel {
    pub(crate) code: Code,
    pub(crate) tests: &'static [&'static str],
}

pub(crate) const METABOLIC: Panel = Panel {
    code: code("24323-8", "Comprehensive metabolic panel"),
    tests: &[
        "glucose",
        "urea",
        "creatinine",
        "egfr",
        "sodium",
        "potassium",
        "chloride",
        "bicarbonate",
        "calcium",
        "albumin",
        "bilirubin",
        "alt",
        "ast",
    ],
};
pub(crate) const LIPIDS: Panel =
    Panel { code: code("57698-3", "Lipid panel"), tests: &["cholesterol", "triglycerides", "hdl", "ldl"] };
pub(crate) const BLOOD_COUNT: Panel = Panel {
    code: code("58410-2", "Complete blood count"),
    tests: &["leukocytes", "erythrocytes", "hemoglobin", "hematocrit", "mcv", "platelets"],
};
pub(crate) const A1C: Panel = Panel { code: code("4548-4", "Hemoglobin A1c"), tests: &["a1c"] };
pub(crate) const THYROID: Panel = Panel { code: code("3016-3", "Thyroid function"), tests: &["tsh", "free-t4"] };
pub(crate) const IRON: Panel = Panel { code: code("2276-4", "Iron stores"), tests: &["ferritin"] };
pub(crate) const VITAMIN_D: Panel = Panel { code: code("1989-3", "Vitamin D"), tests: &["vitamin-d"] };
pub(crate) const INFLAMMATION: Panel = Panel { code: code("1988-5", "C-reactive protein"), tests: &["crp"] };
pub(crate) const CLOTTING: Panel = Panel { code: code("6301-6", "INR"), tests: &["inr"] };
pub(crate) const KIDNEY: Panel = Panel { code: code("9318-7", "Urine albumin"), tests: &["acr"] };
pub(crate) const HIV: Panel = Panel { code: code("20447-9", "HIV monitoring"), tests: &["viral-load", "cd4"] };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_panel_names_tests_that_exist() {
        for panel in
            [METABOLIC, LIPIDS, BLOOD_COUNT, A1C, THYROID, IRON, VITAMIN_D, INFLAMMATION, CLOTTING, KIDNEY, HIV]
        {
            assert!(panel.tests.iter().all(|key| find(key).is_some()));
        }
    }
}
