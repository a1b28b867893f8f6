//! What the codes of public systems look like. Where a system has a check digit, it is checked.

use super::super::ucum;

/// The six races and two ethnicities of the Office of Management and Budget (1997), and the two null flavours US Core
/// allows beside them are of another system.
const OMB: [&str; 8] = ["1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2131-1", "2135-2", "2186-5"];
/// ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd \
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";
/// DICOM PS3.16, context group 29 (acquisition modalities), and the retired ones that old studies bear.
const MODALITIES: &str = "AR AU BDUS BI BMD CR CT DG DX ECG EPS ES FID GM HC HD IO IVOCT IVUS KER KO LEN LS MG MR NM \
    OAM OCT OP OPM OPT OPV OSS OT PLAN PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTPLAN RTRECORD RTSTRUCT SEG SM SMR SR SRF TG \
    US VA XA XC";
/// Categories of US Core.
const US_CORE: [&str; 9] = [
    "assess-plan",
    "health-concern",
    "sdoh",
    "functional-status",
    "disability-status",
    "cognitive-status",
    "treatment-intervention-preference",
    "care-experience-preference",
    "observation-adi-documentation",
];

/// The code as it may stay, if it has the shape of its system.
pub(super) fn fitting(shape: &str, code: &str) -> Option<String> {
    if code.len() > 40 || !code.is_ascii() {
        return None;
    }
    let bytes = code.as_bytes();
    let good = match shape {
        "snomed" => snomed(code),
        "loinc" => loinc(code),
        "rxnorm" => digits(code) && (1..=7).contains(&code.len()),
        "icd-10" => icd_10(bytes),
        "icd-9" => icd_9(code),
        "icd-10-pcs" => icd_10_pcs(bytes),
        "cpt" => {
            code.len() == 5
                && matches!(bytes, [first @ .., last] if first.iter().all(u8::is_ascii_digit) && (last.is_ascii_digit() || b"AFTUM".contains(last)))
        }
        "hcpcs" => code.len() == 5 && matches!(bytes, [b'A'..=b'V', rest @ ..] if rest.iter().all(u8::is_ascii_digit)),
        "cvx" => digits(code) && (1..=3).contains(&code.len()),
        "ucum" => ucum::is_public(code),
        "omb" => OMB.contains(&code),
        "language" => return language(code),
        "modality" => MODALITIES.split(' ').any(|known| known == code),
        "us-core" => US_CORE.contains(&code),
        "ndc" => return product(code),
        _ => false,
    };
    good.then(|| code.to_owned())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Verhoeff's check digit, and the part that says it is a concept (SNOMED CT Release File Specification, "SCTID").
pub(super) fn snomed(code: &str) -> bool {
    const TIMES: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let at = |table: &[u8; 10], index: u8| table.get(usize::from(index)).copied().unwrap_or_default();
    if !digits(code) || !(6..=18).contains(&code.len()) || code.starts_with('0') {
        return false;
    }
    if !code.get(code.len() - 3..code.len() - 1).is_some_and(|part| part == "00" || part == "10") {
        return false;
    }
    let mut check = 0;
    for (place, digit) in code.bytes().rev().enumerate() {
        let turned = (0..place % 8).fold(digit - b'0', |digit, _| at(&STEP, digit));
        check = TIMES.get(usize::from(check)).map_or(0, |row| at(row, turned));
    }
    check == 0
}

/// Digits, a dash, and the check digit of all before it (LOINC Users' Guide, "mod 10"); `LA` and `LP` stand before those
/// of answers and parts, and count with their places in the alphabet.
pub(super) fn loinc(code: &str) -> bool {
    let Some((stem, check)) = code.split_once('-') else { return false };
    let number = stem.strip_prefix("LA").or_else(|| stem.strip_prefix("LP")).unwrap_or(stem);
    if !digits(number) || number.len() > 7 || !digits(check) || check.len() != 1 {
        return false;
    }
    let worth = |(place, byte): (usize, u8)| {
        let worth = u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 1 });
        let worth = if place.is_multiple_of(2) { worth * 2 } else { worth };
        worth / 10 + worth % 10
    };
    let sum: u32 = stem.bytes().rev().enumerate().map(worth).sum();
    check.parse() == Ok((10 - sum % 10) % 10)
}

/// A letter, a digit, a letter or digit, and up to four after the point.
fn icd_10(code: &[u8]) -> bool {
    let [letter, digit, third, rest @ ..] = code else { return false };
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let good = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    letter.is_ascii_uppercase() && digit.is_ascii_digit() && good(third) && rest.len() <= 4 && rest.iter().all(good)
}

/// `401.9`, `V58.61`, `E849.0`; procedures `39.95`.
fn icd_9(code: &str) -> bool {
    let (stem, rest) = code.split_once('.').unwrap_or((code, "0"));
    let number = stem.strip_prefix(['V', 'E']).unwrap_or(stem);
    digits(number) && (2..=3).contains(&number.len()) && digits(rest) && rest.len() <= 2
}

/// Seven digits and letters without I and O; the first says the section, and a digit is among the others.
fn icd_10_pcs(code: &[u8]) -> bool {
    let good = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() && !b"IO".contains(byte);
    matches!(code, [b'0'..=b'9' | b'B' | b'C' | b'D' | b'F' | b'G' | b'H' | b'X', rest @ ..]
        if rest.len() == 6 && rest.iter().all(good) && rest.iter().any(u8::is_ascii_digit))
}

/// A language of ISO 639-1, with its region left out: few speak a language in one place.
fn language(code: &str) -> Option<String> {
    let language = code.split('-').next().unwrap_or(code).to_ascii_lowercase();
    let region = code.split('-').skip(1).all(|part| part.len() <= 4);
    (region && LANGUAGES.split_whitespace().any(|known| known == language)).then_some(language)
}

/// The nine digits of labeler and product, `00002-3228`: the rest says which package it was. Ten digits without dashes
/// may mean three things, and are gone.
fn product(code: &str) -> Option<String> {
    let parts: Vec<&str> = code.split('-').collect();
    let (labeler, product) = match parts.as_slice() {
        [whole] if digits(whole) && whole.len() == 11 => (whole.get(..5)?, whole.get(5..9)?),
        [labeler, product] | [labeler, product, _] => (*labeler, *product),
        _ => return None,
    };
    let package = parts.get(2).is_none_or(|package| digits(package) && package.len() <= 2);
    let good =
        digits(labeler) && (4..=5).contains(&labeler.len()) && digits(product) && (3..=4).contains(&product.len());
    (good && package).then(|| format!("{labeler:0>5}-{product:0>4}"))
}
