//! The left side of a criterion: the parameter, its modifier, the chain before it.

use std::collections::BTreeSet;

use super::error::CriterionError;
use super::read::{self, Modifier};
use super::{Criterion, MAX_BRANCHES, MAX_CHAIN, MAX_KEY_BYTES, MAX_VALUE_BYTES};
use crate::parameters::{self, Kind, Parameter, Setting, parameter};

/// What is the same for all branches of one criterion.
struct Whole<'a> {
    value: &'a str,
    setting: &'a Setting,
    /// Single criteria that may still be made.
    left: usize,
}

pub(super) fn parse(
    resource_type: &str,
    key: &str,
    value: &str,
    setting: &Setting,
) -> Result<Criterion, CriterionError> {
    if key.len() > MAX_KEY_BYTES || value.len() > MAX_VALUE_BYTES {
        return Err(CriterionError::TooLong);
    }
    if !parameters::is_resource_type(resource_type) {
        return Err(CriterionError::UnknownType);
    }
    if value.is_empty() {
        return Err(CriterionError::EmptyValue);
    }
    Whole { value, setting, left: MAX_BRANCHES }.parse(resource_type, key, 0)
}

impl Whole<'_> {
    fn parse(&mut self, resource_type: &str, key: &str, depth: usize) -> Result<Criterion, CriterionError> {
        if depth > MAX_CHAIN {
            return Err(CriterionError::TooDeep);
        }
        if let Some(rest) = key.strip_prefix("_has:") {
            return self.has(resource_type, rest, depth);
        }
        match key.split_once('.') {
            Some((link, rest)) => self.chain(resource_type, link, rest, depth),
            None => self.own(resource_type, key),
        }
    }

    fn own(&mut self, resource_type: &str, key: &str) -> Result<Criterion, CriterionError> {
        self.left = self.left.checked_sub(1).ok_or(CriterionError::TooBroad)?;
        let (code, modifier) = parted(key);
        match code {
            "_text" | "_content" | "_filter" => return self.words(resource_type, code, modifier),
            // A name of an operation; there are none.
            "_query" => return Err(CriterionError::NotAnswerable),
            _ => {}
        }
        let parameter = parameter(resource_type, code).ok_or(CriterionError::UnknownParameter)?;
        let modifier = Modifier::read(parameter, modifier)?;
        read::asked(parameter, modifier, self.value, self.setting).map(Criterion::Own)
    }

    fn words(&self, resource_type: &str, code: &str, modifier: Option<&str>) -> Result<Criterion, CriterionError> {
        if modifier.is_some() {
            return Err(CriterionError::UnknownModifier);
        }
        match code {
            "_filter" => Ok(Criterion::Filter(self.value.into())),
            "_content" => Ok(Criterion::Content(self.value.into())),
            // Only domain resources have a narrative.
            _ => match parameter(resource_type, code) {
                Some(_) => Ok(Criterion::Narrative(self.value.into())),
                None => Err(CriterionError::UnknownParameter),
            },
        }
    }

    fn chain(
        &mut self,
        resource_type: &str,
        link: &str,
        rest: &str,
        depth: usize,
    ) -> Result<Criterion, CriterionError> {
        let (code, target) = parted(link);
        let by = reference(resource_type, code)?;
        if let Some(target) = target {
            let target = known(target).ok_or(CriterionError::UnknownModifier)?;
            if !by.may_target(target) {
                return Err(CriterionError::WrongTarget);
            }
            let asked = self.parse(target, rest, depth + 1)?;
            return Ok(Criterion::Chain { by, any: vec![(target, asked)] });
        }
        // Types that have no such parameter are no answer; that none has it is a mistake.
        let (mut any, mut why) = (Vec::new(), CriterionError::NotAReference);
        for target in by.targets() {
            match self.parse(target, rest, depth + 1) {
                Ok(asked) => any.push((target, asked)),
                Err(bounds @ (CriterionError::TooDeep | CriterionError::TooBroad)) => return Err(bounds),
                Err(other) => why = other,
            }
        }
        let said = any.iter().map(|(_, asked): &(_, Criterion)| (asked.key(), asked.value()));
        match said.collect::<BTreeSet<_>>().len() {
            0 => Err(why),
            1 => Ok(Criterion::Chain { by, any }),
            // A bar that parts system and code for one type, and stands in a text for another.
            _ => Err(CriterionError::Ambiguous),
        }
    }

    fn has(&mut self, resource_type: &str, key: &str, depth: usize) -> Result<Criterion, CriterionError> {
        let (other, rest) = key.split_once(':').ok_or(CriterionError::BadHas)?;
        let (code, rest) = rest.split_once(':').ok_or(CriterionError::BadHas)?;
        let other = known(other).ok_or(CriterionError::UnknownType)?;
        let by = reference(other, code)?;
        if !by.may_target(resource_type) {
            return Err(CriterionError::WrongTarget);
        }
        let asked = Box::new(self.parse(other, rest, depth + 1)?);
        Ok(Criterion::Has { resource_type: other, by, asked })
    }
}

fn parted(key: &str) -> (&str, Option<&str>) {
    key.split_once(':').map_or((key, None), |(code, modifier)| (code, Some(modifier)))
}

fn reference(resource_type: &str, code: &str) -> Result<&'static Parameter, CriterionError> {
    let by = parameter(resource_type, code).ok_or(CriterionError::UnknownParameter)?;
    if by.kind() == Kind::Reference { Ok(by) } else { Err(CriterionError::NotAReference) }
}

fn known(name: &str) -> Option<&'static str> {
    parameters::resource_types().find(|known| *known == name)
}
