use super::decimal::Decimal;

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

    /// What the number may stand for when its digits say how exact it is: half of its last place either way.
    pub(crate) fn around(number: Decimal) -> Option<Self> {
        let half = number.half_of_last_place()?;
        Some(Self { low: End::At(number.plus(half.negated())?), high: End::Beside(number.plus(half)?) })
    }

    /// A tenth of the number either way (FHIR R4, prefix `ap`).
    pub(crate) fn about(number: Decimal) -> Option<Self> {
        let tenth = number.tenth()?;
        Some(Self { low: End::At(number.plus(tenth.negated())?), high: End::At(number.plus(tenth)?) })
    }

    pub(crate) fn interval(self) -> Interval {
        let low = match self.low {
            End::Open => f64::NEG_INFINITY,
            End::At(number) => number.to_f64(),
            End::Beside(number) => number.to_f64().next_up(),
        };
        let high = match self.high {
            End::Open => f64::INFINITY,
            End::At(number) => number.to_f64(),
            End::Beside(number) => number.to_f64().next_down(),
        };
        match (self.low, self.high) {
            // A range narrower than an `f64` can tell is still the number in its middle.
            (End::At(lower), End::Beside(upper))
                if upper.plus(lower.negated()).is_some_and(|wide| wide.is_positive()) =>
            {
                let middle =
                    lower.plus(upper).and_then(|sum| sum.times(Decimal::new(5, -1))).map_or(low, Decimal::to_f64);
                Interval { low, high: high.max(middle) }
            }
            _ => Interval { low, high },
        }
    }

    /// Each number times `factor`, which is above zero, plus `offset`.
    pub(crate) fn scaled(self, factor: Decimal, offset: Decimal) -> Option<Self> {
        let scaled = |end: End| {
            Some(match end {
                End::Open => End::Open,
                End::At(number) => End::At(number.times(factor)?.plus(offset)?),
                End::Beside(number) => End::Beside(number.times(factor)?.plus(offset)?),
            })
        };
        Some(Self { low: scaled(self.low)?, high: scaled(self.high)? })
    }
}
