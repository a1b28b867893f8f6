use fhir::parameters::{Kind, Parameter, SearchValue};

use super::quantities::{Quantities, range};
use super::ranges::{Range, Ranges, of_instant};
use super::references::References;
use super::symbols::Symbols;
use super::texts::Texts;
use super::tokens::Tokens;
use super::uris::Uris;
use crate::bits::Bits;

/// The values of one parameter in all resources of one type.
#[derive(Debug)]
pub(crate) struct Column {
    /// The documents that have a value, for `:missing`.
    pub(crate) present: Bits,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    Tokens(Box<Tokens>),
    References(Box<References>),
    Strings(Texts),
    Dates(Ranges),
    Numbers(Ranges),
    Quantities(Box<Quantities>),
    Uris(Uris),
    Composite(Composite),
    /// Answered otherwise: by the store, or by a look at the resources that have a value.
    None,
}

/// Elements of which several values hold together: each is a row of its own, and the parts are columns of rows.
#[derive(Debug, Default)]
pub(crate) struct Composite {
    documents: Vec<u32>,
    pub(crate) parts: Vec<Body>,
}

impl Composite {
    /// The documents that rows stand in.
    pub(crate) fn documents_of(&self, rows: &Bits, found: &mut Bits) {
        for row in rows.iter() {
            if let Some(document) = self.documents.get(row as usize) {
                found.insert(*document);
            }
        }
    }

    /// Every row.
    pub(crate) fn rows(&self) -> Bits {
        (0..self.documents.len() as u32).collect()
    }
}

/// The texts that columns share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Systems, codes, units.
    pub(crate) symbols: Symbols,
    /// What references lead to.
    pub(crate) targets: Symbols,
}

impl Column {
    pub(crate) fn of(parameter: &Parameter) -> Self {
        let body = match parameter.code() {
            "_id" => Body::None,
            _ if parameter.kind() == Kind::Composite => Body::Composite(Composite {
                documents: Vec::new(),
                parts: parameter.components().iter().map(|part| Body::of(part.kind())).collect(),
            }),
            _ => Body::of(parameter.kind()),
        };
        Self { present: Bits::default(), body }
    }

    pub(crate) fn push(&mut self, document: u32, value: &SearchValue<'_>, shared: &mut Shared) {
        // The store knows ids.
        if matches!(self.body, Body::None) && matches!(value, SearchValue::Token(_)) {
            return;
        }
        self.present.insert(document);
        self.body.push(document, value, shared);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.present.bytes() + size_of::<Self>() + self.body.bytes()
    }
}

impl Body {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Token => Self::Tokens(Box::default()),
            Kind::Reference => Self::References(Box::default()),
            Kind::String => Self::Strings(Texts::default()),
            Kind::Date => Self::Dates(Ranges::default()),
            Kind::Number => Self::Numbers(Ranges::default()),
            Kind::Quantity => Self::Quantities(Box::default()),
            Kind::Uri => Self::Uris(Uris::default()),
            Kind::Composite | Kind::Special => Self::None,
        }
    }

    fn push(&mut self, document: u32, value: &SearchValue<'_>, shared: &mut Shared) {
        match (self, value) {
            (Self::Tokens(tokens), SearchValue::Token(token)) => tokens.push(document, token, &mut shared.symbols),
            (Self::References(references), SearchValue::Reference(reference)) => {
                references.push(document, reference, &mut shared.targets, &mut shared.symbols);
            }
            (Self::Strings(texts), SearchValue::String(text)) => texts.push(document, text),
            (Self::Strings(texts), SearchValue::Words(words)) => texts.push_words(document, words),
            (Self::Dates(ranges), SearchValue::Date(span)) => {
                let high = of_instant(span.end.saturating_sub(1));
                ranges.push(document, Range { low: of_instant(span.start), high });
            }
            (Self::Numbers(ranges), SearchValue::Number(interval)) => ranges.push(document, range(*interval)),
            (Self::Quantities(all), SearchValue::Quantity(quantity)) => {
                all.push(document, quantity, &mut shared.symbols);
            }
            (Self::Uris(uris), SearchValue::Uri(uri)) => uris.push(document, uri),
            (Self::Composite(composite), SearchValue::Composite(parts)) => {
                let row = composite.documents.len() as u32;
                composite.documents.push(document);
                for (column, values) in composite.parts.iter_mut().zip(parts) {
                    values.iter().for_each(|value| column.push(row, value, shared));
                }
            }
            _ => {}
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Tokens(tokens) => tokens.bytes(),
            Self::References(references) => references.bytes(),
            Self::Strings(texts) => texts.bytes(),
            Self::Dates(ranges) | Self::Numbers(ranges) => ranges.bytes(),
            Self::Quantities(quantities) => quantities.bytes(),
            Self::Uris(uris) => uris.bytes(),
            Self::Composite(composite) => {
                composite.documents.capacity() * 4 + composite.parts.iter().map(Self::bytes).sum::<usize>()
            }
            Self::None => 0,
        }
    }
}
