//! Units that may stay: codes of UCUM ("The Unified Code for Units of Measure", the grammar of section 2) whose annotations
//! are among a few that are public. Anything else could be a word.

/// Units that take a prefix.
const METRIC: &str = "m s g L l mol cal Cal Hz N Pa J W A V F Ohm S Wb T H lm lx Bq Gy Sv rad sr cd C K Cel bar u eV kat U eq \
    osm t ar R P St G Mx B Np Bd bit By [IU] [iU] [CFU] [PFU] [arb'U] [USP'U] [pH] m[H2O] m[Hg] g% mho pc Ao dyn erg Ci RAD REM";
/// Units that take none.
const PLAIN: &str = "% [ppth] [ppm] [ppb] [pptr] min h d wk mo a a_j a_g a_t mo_j mo_s mo_g deg ' '' [degF] [in_i] [ft_i] [yd_i] \
    [mi_i] [in_us] [ft_us] [lb_av] [oz_av] [gr] [dr_av] [stone_av] [lb_tr] [oz_tr] [gal_us] [qt_us] [pt_us] [foz_us] [cup_us] \
    [tbs_us] [tsp_us] [fdr_us] [tbs_m] [tsp_m] [cup_m] [foz_m] [in_i'H2O] [in_i'Hg] [PRU] [wood'U] [diop] [p'diop] [MET] \
    [drp] [Ch] [hnsf'U] [knk'U] [mclg'U] [todd'U] [dye'U] [smgy'U] [bdsk'U] [APL'U] [GPL'U] [MPL'U] [beth'U] [anti'Xa'U] \
    [ELU] [EU] [Lf] [CCID_50] [TCID_50] [EID_50] [FFU] [BAU] [AU] [Amb'a'1'U] [PNU] [D'ag'U] [HPF] [LPF] [psi] [nmi_i] [kn_i] \
    [acr_us] [sft_i] [sin_i] [cin_i] [cft_i] [Btu] [HP] [S] st [pi] 10* 10^ [NTU] [FNU] mesh [hp_X] [hp_C] cal_[15]";
const PREFIXES: [&str; 20] =
    ["da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y"];
/// Annotations that laboratories and FHIR use; compared without regard to case.
const ANNOTATIONS: [&str; 72] = [
    "score",
    "inr",
    "ratio",
    "nominal",
    "count",
    "beats",
    "breaths",
    "cells",
    "cell",
    "cfu",
    "copies",
    "copy",
    "creat",
    "creatinine",
    "titer",
    "index",
    "packyears",
    "packs",
    "drinks",
    "drink",
    "hpf",
    "lpf",
    "rbc",
    "rbcs",
    "wbc",
    "wbcs",
    "platelets",
    "total",
    "#",
    "number",
    "events",
    "event",
    "times",
    "doses",
    "dose",
    "tablet",
    "tablets",
    "tbl",
    "tab",
    "capsule",
    "capsules",
    "puff",
    "puffs",
    "spray",
    "actuation",
    "patch",
    "drop",
    "drops",
    "unit",
    "units",
    "weeks",
    "od",
    "rel",
    "mutation",
    "mutations",
    "ct",
    "s_co",
    "ehrlich'u",
    "ehrlich",
    "bodies",
    "steps",
    "calories",
    "hb",
    "hgb",
    "glucose",
    "protein",
    "ph",
    "volume",
    "vol",
    "mass",
    "wet_wt",
    "dry_wt",
];

/// Whether a unit says nothing but a measure.
pub(super) fn is_public(code: &str) -> bool {
    !code.is_empty() && code.len() <= 40 && term(code, 0) == Some("")
}

/// A term; gives what comes after it. `depth` bounds the parentheses.
fn term(mut rest: &str, depth: u8) -> Option<&str> {
    rest = rest.strip_prefix('/').unwrap_or(rest);
    loop {
        rest = component(rest, depth)?;
        match rest.strip_prefix(['.', '/']) {
            Some(next) => rest = next,
            None => return Some(rest),
        }
    }
}

fn component(text: &str, depth: u8) -> Option<&str> {
    if let Some(inner) = text.strip_prefix('(') {
        return if depth < 4 { term(inner, depth + 1)?.strip_prefix(')') } else { None };
    }
    if text.starts_with('{') {
        return annotation(text);
    }
    // An atom ends where an operator, a parenthesis or an annotation begins, brackets apart.
    let mut inside = false;
    let end = text.char_indices().find(|(_, c)| {
        inside = (inside || *c == '[') && *c != ']';
        !inside && ".(){}/".contains(*c)
    });
    let (atom, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
    if !simple(atom) {
        return None;
    }
    if rest.starts_with('{') { annotation(rest) } else { Some(rest) }
}

fn annotation(text: &str) -> Option<&str> {
    let (inside, rest) = text.strip_prefix('{')?.split_once('}')?;
    let lower = inside.to_ascii_lowercase();
    ANNOTATIONS.contains(&lower.as_str()).then_some(rest)
}

/// An atom with its prefix and exponent, or a short number.
fn simple(text: &str) -> bool {
    if text.len() <= 4 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let base = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let base = if base.len() < text.len() { base.strip_suffix(['+', '-']).unwrap_or(base) } else { base };
    let exponent = text.len() - base.len() <= 3;
    exponent && [text, base].into_iter().any(named)
}

fn named(name: &str) -> bool {
    let metric = |name: &str| METRIC.split_whitespace().any(|known| known == name);
    metric(name)
        || PLAIN.split_whitespace().any(|known| known == name)
        || PREFIXES.iter().any(|prefix| name.strip_prefix(prefix).is_some_and(metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_laboratories_are_public() {
        for unit in [
            "mg/dL",
            "mmol/L",
            "10*3/uL",
            "10*6/uL",
            "/min",
            "{beats}/min",
            "mm[Hg]",
            "kg/m2",
            "Cel",
            "[degF]",
            "%",
            "fL",
            "pg",
            "g/dL",
            "{score}",
            "{INR}",
            "mL/min/{1.73_m2}",
            "U/L",
            "[IU]/L",
            "m[IU]/L",
            "a",
            "mo",
            "d",
            "kg",
            "cm",
            "[lb_av]",
            "[in_i]",
            "ug/L",
            "ng/mL",
            "mg/g{creat}",
            "mL/min",
            "(mg/kg)/d",
            "1",
            "m/s2",
            "10^9/L",
            "nmol/L",
            "meq/L",
            "umol/L",
            "L/min",
            "m2",
            "ml",
            "g",
            "{#}",
            "s",
            "h",
        ] {
            let known = unit != "mL/min/{1.73_m2}";
            assert_eq!(is_public(unit), known, "{unit}");
        }
    }

    #[test]
    fn words_and_numbers_are_no_units() {
        for text in [
            "",
            "Rosie",
            "{Rosie}",
            "mg{Rosie}",
            "mg/Okafor",
            "5551234567",
            "m12345",
            "((((((m))))))",
            "(m",
            "m)",
            "[Rosie]",
            "mg//dL/",
            "{",
            "mg dL",
            "1931-02-14",
            "é",
        ] {
            assert!(!is_public(text), "{text}");
        }
    }
}
