use octofhir_ucum::Number;

/// Numbers from `low` to `high`, both included; unlimited where they are infinite.
///
/// Bounds are reckoned as decimals and kept as the nearest `f64`: numbers that differ only beyond its sixteen digits
/// compare as equal. An open bound is the next number inwards.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Interval {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

impl Interval {
    /// Whether all of `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Whether some number lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// One end of a range of decimals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum End {
    /// No limit.
    Open,
    /// This number, included.
    At(Decimal),
    /// This number, left out.
    Beside(Decimal),
}

/// A range of decimals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) low: End,
    pub(crate) high: End,
}

impl Bounds {
    /// One number.
    pub(crate) fn exactly(number: Decimal) -> Self {
        Self { low: End::At(number), high: End::At(number) }
    }

    pub(crate) fn interval(self) -> Interval {
        Interval {
            low: match self.low {
                End::Open => f64::NEG_INFINITY,
                End::At(number) => number.to_f64(),
                End::Beside(number) => number.to_f64().next_up(),
            },
            high: match self.high {
                End::Open => f64::INFINITY,
                End::At(number) => number.to_f64(),
                End::Beside(number) => number.to_f64().next_down(),
            },
        }
    }

    /// Each number times `factor`, which is above zero, plus `offset`.
    pub(crate) fn scaled(self, factor: Number, offset: Number) -> Option<Self> {
        let scaled = |end: End| {
            let number = |number: Decimal| Some(Decimal(number.0.checked_mul(factor)?.checked_add(offset)?));
            Some(match end {
                End::Open => End::Open,
                End::At(at) => End::At(number(at)?),
                End::Beside(at) => End::Beside(number(at)?),
            })
        };
        Some(Self { low: scaled(self.low)?, high: scaled(self.high)? })
    }
}

/// A decimal number as written; 28 digits are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decimal(Number);

/// Longest text that is read as a number, and largest power of ten either way.
const MAX_DIGITS: usize = 100;
const MAX_EXPONENT: i64 = 300;

impl Decimal {
    /// Reads FHIR's `decimal`: a sign, digits, a fraction, an exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        last_place(text).filter(|place| place.abs() <= MAX_EXPONENT)?;
        let number = Number::parse(text)?;
        number.to_f64().is_finite().then_some(Self(number))
    }

    /// The number less and plus half of its last place: what it may stand for, when digits say how exact it is.
    pub(crate) fn around(text: &str) -> Option<Bounds> {
        let number = Self::parse(text)?.0;
        let place = i32::try_from(last_place(text)?).ok()?;
        let half = Number::parse("0.5")?.checked_mul(Number::power_of_ten(place))?;
        let (low, high) = (Self(number.checked_sub(half)?), Self(number.checked_add(half)?));
        Some(Bounds { low: End::At(low), high: End::Beside(high) })
    }

    /// The number less and plus a tenth of it (FHIR R4, prefix `ap`).
    pub(crate) fn about(self) -> Option<Bounds> {
        let tenth = self.0.abs().checked_mul(Number::parse("0.1")?)?;
        let (low, high) = (Self(self.0.checked_sub(tenth)?), Self(self.0.checked_add(tenth)?));
        Some(Bounds { low: End::At(low), high: End::At(high) })
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        Some(Self(self.0.checked_add(other.0)?))
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Some(Self(self.0.checked_mul(other.0)?))
    }

    pub(crate) fn to_f64(self) -> f64 {
        self.0.to_f64()
    }
}

/// The power of ten of the last digit that is written, if this is a number at all.
fn last_place(text: &str) -> Option<i64> {
    if text.len() > MAX_DIGITS {
        return None;
    }
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let sound = all_digits(whole) && fraction.is_none_or(all_digits);
    sound.then(|| exponent.saturating_sub(fraction.map_or(0, |f| f.len() as i64)))
}
