//! The names of drugs in a record, taken from how drugs are written: “sertraline 50 MG Oral Tablet [Zoloft]”.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::topics::words::fold;
use crate::topics::{Rules, is_drug_system};

/// Salts and esters: not what a person calls a drug.
const SALTS: &str = "\
    acetate anhydrous axetil besylate bitartrate bromide calcium carbonate chloride citrate cypionate \
    decanoate dihydrate dihydrochloride dimesylate dipropionate disodium disoproxil estolate ethylsuccinate \
    fumarate furoate gluconate hbr hcl hemihydrate hydrobromide hydrochloride hyclate lactate magnesium \
    malate maleate medoxomil mesylate monohydrate napsylate nitrate oxalate palmitate pamoate phosphate \
    potassium propionate saccharate salicylate sodium succinate sulfate sulphate tartrate tosylate \
    trihydrate tromethamine valerate xinafoate zinc";

/// Words of forms, routes and doses: where one stands the name has ended.
const FORMS: &str = "\
    actuat aerosol ampule auto-injector bid capsula capsulas capsule capsules cartridge chewable comprimido \
    comprimidos cream crema daily day delayed disintegrating dose drops effervescent elixir enteric extended \
    film foam gel granules gum hour hr implant inhalant inhalation inhaler injectable injection inyeccion iu \
    jarabe kit liquid lotion lozenge mcg mcl meq mg ml nasal needle nightly ointment ophthalmic oral otic \
    pack pastilla patch pen pill pills po powder prefilled prn qd rectal release shampoo solution solucion \
    soluble spray sublingual suppository suspension syringe syrup system tab tableta tabletas tablet tablets \
    tabs topical transdermal unit units vaginal vial";

/// What the body holds anyway, or what every text speaks of: a name only together with its salt.
const COMMON: &str = "\
    acid albumin alcohol bicarbonate blood body brand calcium care chloride cholesterol common copper \
    dextrose drug food generic glucose human immune iron little magnesium medication medicine medicamento \
    mineral minerals multiple normal other oxygen patient phosphate potassium pressure product protein \
    regular saline sodium strength sugar thyroid unknown vitamin vitamins water zinc";

/// No name of a drug is longer; what is longer is a story.
const LONGEST: usize = 400;

fn is_of(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// The words that tell of the drugs that a resource names: of all concepts of a medication resource, and of concepts
/// coded as drugs and of references to medications in any other. In free words those count that the rules know.
pub fn drug_words(rules: &Rules, resource: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    collect(resource, kind.starts_with("Medication"), 0, &mut |text| {
        words.extend(drug_names(text));
        rules.drugs_in(text, |word| {
            words.insert(word.to_owned());
        });
    });
    words
}

/// The names in one description of a drug: ingredients without salt and strength, and brands.
pub fn drug_names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if text.len() > LONGEST {
        return names;
    }
    let text = fold(text).to_lowercase();
    let (mut outside, mut brand) = (String::new(), None::<String>);
    for c in text.chars() {
        match (c, &mut brand) {
            ('[', _) => brand = Some(String::new()),
            (']', Some(name)) => {
                add(&mut names, &name.split_whitespace().collect::<Vec<_>>());
                brand = None;
            }
            (_, Some(name)) => name.push(c),
            ('(' | ')' | '{' | '}' | ',' | ';' | '+', None) => outside.push_str(" / "),
            _ => outside.push(c),
        }
    }
    for part in outside.split(" / ") {
        ingredient(&mut names, part);
    }
    names
}

/// Where the tokens of a name begin and end.
fn ingredient(names: &mut BTreeSet<String>, part: &str) {
    let tokens: Vec<&str> =
        part.split_whitespace().map(|token| token.trim_matches(['.', ':', '"', '\'', '*'])).collect();
    let measured = |token: &&str| {
        token.starts_with(|c: char| c.is_ascii_digit()) || token.starts_with("nda") || token.starts_with("anda")
    };
    let ends = |token: &&str| measured(token) || is_of(FORMS, token) || token.is_empty();
    let start = tokens.iter().position(|token| !ends(token)).unwrap_or(tokens.len());
    let rest = tokens.get(start..).unwrap_or_default();
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    let name = rest.get(..end).unwrap_or_default();
    // A sentence is not a name; the words that rules know are found in it by the rules.
    if name.len() <= 5 {
        add(names, name);
    }
}

fn add(names: &mut BTreeSet<String>, name: &[&str]) {
    let salt = |token: &&&str| is_of(SALTS, token);
    let base: Vec<&str> = match name.iter().position(|token| !is_of(SALTS, token)) {
        Some(_) => name.iter().filter(|token| !salt(token)).copied().collect(),
        // Salts only: “potassium chloride” is the drug.
        None => name.to_vec(),
    };
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    match base.as_slice() {
        [] => {}
        [one] if is_of(COMMON, one) => {
            if name.len() > 1 {
                names.insert(name.join(" "));
            }
        }
        [one] if letters(one) >= 4 => {
            names.insert((*one).to_owned());
        }
        [_] => {}
        several => {
            names.insert(several.join(" "));
            if several.len() < name.len() {
                names.insert(name.join(" "));
            }
            // In a name of several words the long ones tell as well: “insulin lispro”.
            let tells = |word: &&&str| letters(word) >= 6 && !is_of(COMMON, word) && !is_of(SALTS, word);
            names.extend(several.iter().filter(tells).map(|word| (*word).to_owned()));
        }
    }
}

fn collect(value: &Value, drug: bool, depth: usize, found: &mut impl FnMut(&str)) {
    match value {
        _ if depth > super::DEEPEST => {}
        Value::Object(members) => {
            // A contained medication, and one in a Bundle.
            let kind = members.get("resourceType").and_then(Value::as_str);
            let drug = kind.map_or(drug, |kind| kind.starts_with("Medication"));
            concept(members, drug, found);
            for (name, member) in members {
                let inside = drug
                    && !matches!(
                        name.as_str(),
                        "text" | "reasonCode" | "dosageInstruction" | "dosage" | "form" | "note"
                    );
                collect(member, inside, depth + 1, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, drug, depth + 1, found)),
        _ => {}
    }
}

/// The names of a concept that is a drug, or of a reference to a medication.
fn concept(members: &Map<String, Value>, drug: bool, found: &mut impl FnMut(&str)) {
    let text = |members: &Map<String, Value>, name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let codings = members.get("coding").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_drug = |coding: &Value| coding.get("system").and_then(Value::as_str).is_some_and(is_drug_system);
    let coded = codings.iter().any(is_drug);
    let medication = |text: &str| text.rsplit('/').nth(1).is_some_and(|kind| kind.starts_with("Medication"));
    let referred = text(members, "reference").is_some_and(|reference| medication(&reference));
    let mut named = Vec::new();
    if coded {
        named.extend(codings.iter().filter_map(Value::as_object).filter_map(|coding| text(coding, "display")));
        named.extend(text(members, "text"));
    }
    for (name, member) in members.iter().filter(|_| drug) {
        let medicine = name.starts_with("medication") || name == "code" || name == "itemCodeableConcept";
        if let Some(concept) = member.as_object().filter(|_| medicine) {
            named.extend(text(concept, "text"));
            named.extend(text(concept, "display"));
            for coding in concept.get("coding").and_then(Value::as_array).into_iter().flatten() {
                named.extend(coding.as_object().and_then(|coding| text(coding, "display")));
            }
        }
    }
    if referred || text(members, "type").as_deref() == Some("Medication") {
        named.extend(text(members, "display"));
    }
    named.iter().for_each(|name| found(name));
}
