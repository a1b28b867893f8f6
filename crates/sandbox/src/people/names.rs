//! Invented names, accents included.

pub(crate) const WOMEN: &[&str] = &[
    "Zoë",
    "Adèle",
    "Marisol",
    "Ngozi",
    "Saoirse",
    "Linnea",
    "Yuki",
    "Chloé",
    "Fatima",
    "Renata",
    "Iria",
    "Odalys",
    "Hanneke",
    "Priya",
    "Tamsin",
    "Wren",
    "Beatriz",
    "Ilse",
    "Noor",
    "Agnieszka",
];

pub(crate) const MEN: &[&str] = &[
    "Adán", "Søren", "Mateo", "Kofi", "Émile", "Jürgen", "Tadeusz", "Rhys", "Hiroshi", "Omar", "Iñaki", "Lucian",
    "Dov", "Anselm", "Ravi", "Caspian", "Nuno", "Viktor", "Elio", "Tobias",
];

pub(crate) const FAMILIES: &[&str] = &[
    "Núñez Calder",
    "Åkesson",
    "Okonkwo",
    "Fairweather",
    "D’Amato",
    "Brzeziński",
    "Halloran",
    "Quispe",
    "Møller",
    "Tanaka-Reyes",
    "Lindqvist",
    "Peña",
    "Van der Horst",
    "Castellanos",
    "Whitcombe",
    "Şahin",
    "Ibarra",
    "Duvall",
];

pub(crate) const STREETS: &[&str] =
    &["Juniper Lane", "Fenwick Road", "Old Mill Street", "Larkspur Avenue", "Cottonwood Drive", "Harrow Street"];

/// A letter as it stands in a sign-in name: lower case, without accents; nothing for what is not a letter.
pub(crate) fn plain(letter: char) -> Option<char> {
    let lower = letter.to_lowercase().next()?;
    Some(match lower {
        'a'..='z' => lower,
        'á' | 'à' | 'å' | 'ä' => 'a',
        'é' | 'è' | 'ë' => 'e',
        'í' | 'ï' => 'i',
        'ó' | 'ø' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' | 'ń' => 'n',
        _ => return None,
    })
}
