//! Reads a grant from the sentences that a person reads.

use std::collections::{BTreeMap, VecDeque};

use consent::{
    Actions, Choice, CodeFilter, Context, DateRange, Dates, Decision, Grant, Mode, Party, Permit, Proof, Selector, What,
};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use types::GrantId;

use super::deal::SOURCES;
use super::tongue::Tongue;
use crate::words::Language;

type Read<T> = Result<T, String>;

struct Reader<'a> {
    tongue: &'static Tongue,
    zone: &'a TimeZone,
    language: Language,
    /// What stood in quotation marks, in order.
    quotes: VecDeque<String>,
}

/// The grant that a text says, or what of it cannot be understood.
pub(super) fn read(text: &str, language: Language, zone: &TimeZone) -> Read<Grant> {
    let tongue = Tongue::of(language);
    let (skeleton, quotes) = taken_out(text, tongue.quotes)?;
    let mut reader = Reader { tongue, zone, language, quotes };
    let mut grant = Grant { who: nobody(), what: What::default(), ..Grant::everything(GrantId::from_random([0; 16])) };
    let (mut rest, mut saids) = (skeleton.as_str(), Vec::new());
    while !rest.is_empty() {
        let after = reader.sentence(rest, &mut grant, &mut saids)?;
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    for needed in ["who", "end"] {
        if saids.iter().filter(|said| **said == needed).count() != 1 {
            return Err(format!("{needed} is not said once"));
        }
    }
    if grant.what.permits.is_empty() != saids.contains(&"nothing") || !reader.quotes.is_empty() {
        return Err("something is said that nothing stands for".to_owned());
    }
    grant.decisions.sort_by_key(|one| (one.resource.clone(), one.place.clone()));
    Ok(grant)
}

fn nobody() -> Party {
    Party { name: String::new(), proof: Proof::Owner }
}

/// The text with a mark in place of each quotation.
fn taken_out(text: &str, [open, close]: [char; 2]) -> Read<(String, VecDeque<String>)> {
    let (mut skeleton, mut quotes, mut rest) = (String::new(), VecDeque::new(), text);
    while let Some((before, after)) = rest.split_once(open) {
        let (inside, behind) = after.split_once(close).ok_or("a quotation has no end")?;
        skeleton.push_str(before);
        skeleton.push('▮');
        quotes.push_back(unescaped(inside)?);
        rest = behind;
    }
    skeleton.push_str(rest);
    Ok((skeleton, quotes))
}

fn unescaped(text: &str) -> Read<String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("⟨U+") {
        let (digits, behind) = after.split_once('⟩').ok_or("a number has no end")?;
        out.push_str(before);
        out.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or("not a character")?);
        rest = behind;
    }
    Ok(out + rest)
}

/// What stands in a pattern's place.
fn within<'t>(text: &'t str, pattern: &str) -> Option<&'t str> {
    let (before, after) = pattern.split_once("{}")?;
    text.strip_prefix(before)?.strip_suffix(after)
}

impl Reader<'_> {
    fn quote(&mut self) -> Read<String> {
        self.quotes.pop_front().ok_or_else(|| "a quotation is missing".to_owned())
    }

    fn sentence<'t>(&mut self, rest: &'t str, grant: &mut Grant, saids: &mut Vec<&'static str>) -> Read<&'t str> {
        for (what, literal) in self.tongue.whole {
            if let Some(after) = rest.strip_prefix(literal) {
                self.whole(what, grant, saids)?;
                return Ok(after);
            }
        }
        for (kind, pattern) in &self.tongue.who {
            if let Some(after) = rest.strip_prefix(pattern) {
                saids.push("who");
                grant.who = self.party(kind)?;
                return Ok(after);
            }
        }
        let at = rest.find(". ").or_else(|| rest.strip_suffix('.').map(str::len)).ok_or("a sentence has no end")?;
        let (said, after) = (&rest[..at], &rest[at + 1..]);
        let tongue = self.tongue;
        if let Some(body) = said.strip_prefix(tongue.permitted) {
            grant.what.permits.push(self.permit(body)?);
        } else if let Some(body) = said.strip_prefix(tongue.left_out) {
            grant.what.exclusions.push(self.exclusion(body)?);
        } else if let Some(at) = said.strip_prefix(tongue.start) {
            grant.term.start = Some(self.instant(at)?);
        } else if let Some(end) = said.strip_prefix(tongue.end) {
            saids.push("end");
            grant.term.end = Some(self.end(end)?);
        } else if let Some(uses) = said.strip_prefix(tongue.uses.0).and_then(|said| said.strip_suffix(tongue.uses.1)) {
            grant.term.uses = Some(uses.parse().map_err(|_| "not a number")?);
        } else {
            let found = tongue.listed.iter().find_map(|(what, start)| Some((*what, said.strip_prefix(start)?)));
            let (what, list) = found.ok_or_else(|| format!("not a sentence of ours: {said}"))?;
            self.listed(what, list, grant)?;
        }
        Ok(after)
    }

    fn whole(&mut self, what: &'static str, grant: &mut Grant, saids: &mut Vec<&'static str>) -> Read<()> {
        match what {
            "nothing" => saids.push("nothing"),
            "endless" => saids.push("end"),
            "strict" => grant.mode = Mode::Strict,
            "loose" => grant.mode = Mode::Loose,
            "year" => grant.deidentified = Some(Dates::Year),
            "shifted" => grant.deidentified = Some(Dates::Shifted),
            letters => {
                let actions = &mut grant.what.permits.last_mut().ok_or("nothing is permitted yet")?.actions;
                actions.read |= letters.contains('r');
                actions.search |= letters.contains('s');
                actions.create |= letters.contains('c');
            }
        }
        Ok(())
    }

    fn party(&mut self, kind: &str) -> Read<Party> {
        if kind == "owner" {
            return Ok(Party { name: "owner".to_owned(), proof: Proof::Owner });
        }
        let (name, first) = (self.quote()?, self.quote()?);
        let proof = match kind {
            "did" => Proof::Did(first),
            "idToken" => Proof::IdToken { issuer: first, subject: self.quote()? },
            "credential" => Proof::Credential { kind: first, issuer: self.quote()? },
            _ => Proof::Client(first),
        };
        Ok(Party { name, proof })
    }

    fn listed(&mut self, what: &str, list: &str, grant: &mut Grant) -> Read<()> {
        let choice = match what {
            "purposes" => {
                grant.purposes = self.named(list, "purposes", self.tongue.and)?;
                return Ok(());
            }
            "words" => {
                grant.words = self.texts(list, self.tongue.and)?;
                return Ok(());
            }
            "keep" => Choice::Keep,
            "takeOut" => Choice::TakeOut,
            _ => Choice::LeaveOut,
        };
        for text in self.texts(list, self.tongue.and)? {
            // `Type/id`, and what follows is the place.
            let end = text.match_indices('/').nth(1).map_or(text.len(), |(at, _)| at);
            grant.decisions.push(Decision { resource: text[..end].into(), place: text[end..].into(), choice });
        }
        Ok(())
    }

    fn permit(&mut self, body: &str) -> Read<Permit> {
        let tongue = self.tongue;
        let starts = |text: &str| tongue.of_starts.iter().any(|start| text.starts_with(start));
        let mut pieces: Vec<&str> = Vec::new();
        let mut from = 0;
        for (at, _) in body.match_indices(", ") {
            if starts(&body[at + 2..]) {
                pieces.push(&body[from..at]);
                from = at + 2;
            }
        }
        pieces.push(&body[from..]);
        let mut permit = Permit { context: Context::Patient, actions: Actions::default(), select: Selector::default() };
        if pieces[0] != tongue.whole_record {
            permit.select.types = self.named(pieces[0], "types", tongue.and)?;
        }
        for piece in &pieces[1..] {
            let found = tongue.of.iter().find_map(|(what, pattern)| Some((*what, within(piece, pattern)?)));
            match found.ok_or_else(|| format!("not a part of a permit: {piece}"))? {
                ("beyond", _) => permit.context = Context::User,
                (what, inside) => self.part(what, inside, &mut permit.select)?,
            }
        }
        Ok(permit)
    }

    fn exclusion(&mut self, body: &str) -> Read<Selector> {
        let tongue = self.tongue;
        let mut select = Selector::default();
        let (body, elements) = match body.split_once(tongue.out_elements) {
            Some((body, elements)) => (body, Some(elements)),
            None => (body, None),
        };
        let mut pieces = body.split(tongue.at_once);
        let first = pieces.next().unwrap_or_default();
        // What is left out, and behind it the first part.
        let at = first.match_indices(' ').map(|(at, _)| at).find(|at| out_part(tongue, &first[at + 1..]).is_some());
        let (head, part) = at.map_or((first, None), |at| (&first[..at], Some(&first[at + 1..])));
        if head != tongue.everything {
            select.types = self.named(head, "types", tongue.and)?;
        }
        for piece in part.into_iter().chain(pieces) {
            let (what, inside) = out_part(tongue, piece).ok_or_else(|| format!("not a part left out: {piece}"))?;
            self.part(what, inside, &mut select)?;
        }
        if let Some(elements) = elements {
            self.part("elements", elements, &mut select)?;
        }
        Ok(select)
    }

    fn part(&mut self, what: &str, inside: &str, select: &mut Selector) -> Read<()> {
        let Tongue { and, or, to, .. } = *self.tongue;
        match what {
            "topics" => select.topics = self.named(inside, "topics", or)?,
            "query" => select.query = Some(self.quote()?),
            "codes" => select.codes = self.list(inside, or, Self::code)?,
            "valueSets" => select.value_sets = self.texts(inside, or)?.into_iter().map(String::from).collect(),
            "labels" => select.labels = self.texts(inside, or)?,
            "sources" => select.sources = self.list(inside, or, Self::source)?,
            "resources" => select.resources = self.texts(inside, and)?,
            "elements" => select.elements = self.texts(inside, and)?,
            "from" => select.dates = Some(DateRange { from: Some(self.day(inside)?), to: None }),
            "to" => select.dates = Some(DateRange { from: None, to: Some(self.day(inside)?) }),
            _ => {
                let (first, last) = inside.split_once(to).ok_or("one day only")?;
                select.dates = Some(DateRange { from: Some(self.day(first)?), to: Some(self.day(last)?) });
            }
        }
        Ok(())
    }

    /// Things one after another, the last behind one of the `joints`.
    fn list<T>(
        &mut self,
        text: &str,
        joints: &[&str],
        item: impl for<'t> Fn(&mut Self, &'t str) -> Read<(T, &'t str)>,
    ) -> Read<Vec<T>> {
        let (mut all, mut rest, mut last) = (Vec::new(), text, false);
        loop {
            let (one, after) = item(self, rest)?;
            all.push(one);
            match after {
                "" if last == (all.len() > 1) => return Ok(all),
                _ if last => return Err(format!("more after the last: {after}")),
                _ => {}
            }
            let joint = joints.iter().find_map(|joint| after.strip_prefix(joint));
            last = joint.is_some();
            rest = joint.or_else(|| after.strip_prefix(", ")).ok_or_else(|| format!("not a list: {after}"))?;
        }
    }

    fn texts(&mut self, text: &str, joints: &[&str]) -> Read<Vec<Box<str>>> {
        self.list(text, joints, |reader, text| {
            let after = text.strip_prefix('▮').ok_or_else(|| format!("not a quotation: {text}"))?;
            Ok((reader.quote()?.into(), after))
        })
    }

    /// Codes by their names; what has none stands as it is, or in quotation marks.
    fn named(&mut self, text: &str, area: &str, joints: &[&str]) -> Read<Vec<Box<str>>> {
        let words = self.language.messages()[area].as_object().unwrap();
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for (code, word) in words {
            let twice = names.insert(word.as_str().unwrap().to_owned(), code);
            assert_eq!(twice, None, "two {area} have one name");
        }
        for name in fhir::definitions::codes("resource-types").unwrap().iter().filter(|_| area == "types") {
            if !words.contains_key(&**name) {
                names.insert(name.to_string(), name);
            }
        }
        self.list(text, joints, |reader, text| {
            if let Some(after) = text.strip_prefix('▮') {
                return Ok((reader.quote()?.into(), after));
            }
            let ends = |after: &str| after.is_empty() || after.starts_with(", ") || after.starts_with(' ');
            let fits = |(name, code): (&String, &&str)| {
                let after = text.strip_prefix(name.as_str()).filter(|after| ends(after))?;
                Some((name.len(), (Box::from(*code), after)))
            };
            let longest = names.iter().filter_map(fits).max_by_key(|(length, _)| *length);
            longest.map(|(_, found)| found).ok_or_else(|| format!("none of the {area}: {text}"))
        })
    }

    fn code<'t>(&mut self, text: &'t str) -> Read<(CodeFilter, &'t str)> {
        if let Some(after) = text.strip_prefix(self.tongue.any_code) {
            return Ok((CodeFilter { system: self.quote()?.into(), code: None }, after));
        }
        let after = text.strip_prefix('▮').and_then(|text| text.strip_prefix(self.tongue.of_system));
        let after = after.ok_or_else(|| format!("not a code: {text}"))?;
        let code = Some(self.quote()?.into());
        Ok((CodeFilter { system: self.quote()?.into(), code }, after))
    }

    fn source<'t>(&mut self, text: &'t str) -> Read<(Box<str>, &'t str)> {
        if let Some(after) = text.strip_prefix(self.tongue.gone) {
            return Ok((self.quote()?.into(), after));
        }
        let after = text.strip_prefix('▮').ok_or_else(|| format!("not a source: {text}"))?;
        let name = self.quote()?;
        let known = SOURCES.iter().find(|(_, known)| *known == name);
        Ok((known.ok_or("a source that nobody knows")?.0.into(), after))
    }

    fn day(&self, text: &str) -> Read<Date> {
        let wrong = || format!("not a day: {text}");
        let [day, month, year] = text.split(' ').collect::<Vec<_>>().try_into().map_err(|_| wrong())?;
        let month = (1..=12).find(|number| self.language.month(*number) == Some(month)).ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<i16>().map_err(|_| wrong());
        Date::new(number(year)?, i8::try_from(month).unwrap(), i8::try_from(number(day)?).unwrap()).map_err(|_| wrong())
    }

    fn instant(&self, text: &str) -> Read<Timestamp> {
        let (text, offset) = match text.strip_suffix(')').and_then(|text| text.split_once(" (UTC")) {
            Some((text, offset)) => (text, Some(offset)),
            None => (text, None),
        };
        let (day, time) = text.split_once(", ").ok_or_else(|| format!("not an instant: {text}"))?;
        let at: DateTime = format!("{}T{time}", self.day(day)?).parse().map_err(|_| format!("not a time: {time}"))?;
        if let Some(offset) = offset {
            let hours = offset.split(':').next().and_then(|hours| hours.parse::<i8>().ok()).ok_or("not an offset")?;
            return Offset::constant(hours).to_timestamp(at).map_err(|_| "no such time".to_owned());
        }
        let here = self.zone.to_ambiguous_zoned(at);
        here.unambiguous().map(|zoned| zoned.timestamp()).map_err(|_| format!("that may be twice: {text}"))
    }

    fn end(&self, text: &str) -> Read<Timestamp> {
        if let Some(day) = text.strip_prefix(self.tongue.end_of_day) {
            let next = self.day(day)?.tomorrow().map_err(|_| "no day after it")?;
            return Ok(next.to_zoned(self.zone.clone()).map_err(|_| "no such day")?.timestamp());
        }
        self.instant(text.strip_prefix(self.tongue.end_at).ok_or("not an end")?)
    }
}

/// A part of an exclusion, where the text begins one. A source is in quotation marks or gone, a day begins with a digit:
/// the Spanish for both begins as many names of kinds go on.
fn out_part<'t>(tongue: &Tongue, text: &'t str) -> Option<(&'static str, &'t str)> {
    tongue.out.iter().find_map(|(what, pattern)| {
        let inside = within(text, pattern)?;
        let fits = match *what {
            "sources" => inside.starts_with('▮') || inside.starts_with(tongue.gone.split('▮').next()?),
            "from" | "to" | "between" => inside.starts_with(|c: char| c.is_ascii_digit()),
            _ => true,
        };
        fits.then_some((*what, inside))
    })
}
