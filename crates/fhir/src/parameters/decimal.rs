/// A decimal number as written: `digits` times ten to the power of `exponent`. Up to 38 digits are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: i128,
    exponent: i32,
}

/// Longest text that is read as a number, digits that are kept of it, and largest power of ten either way.
const MAX_TEXT: usize = 100;
const MAX_DIGITS: u32 = 30;
const MAX_EXPONENT: i32 = 300;
/// Powers of ten, and whole numbers, that an `f64` holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];
const EXACT_WHOLE: u128 = 1 << 53;

impl Decimal {
    pub(crate) const ZERO: Self = Self { digits: 0, exponent: 0 };

    /// `digits` times ten to the power of `exponent`.
    pub(crate) fn new(digits: i128, exponent: i32) -> Self {
        Self { digits, exponent }
    }

    /// Reads FHIR's `decimal`: a sign, digits, a fraction, an exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        if whole.is_empty() || fraction.is_empty() {
            return None;
        }
        let places = if mantissa.contains('.') { fraction.len() } else { 0 };
        let mut number = Self { digits: 0, exponent: power.checked_sub(i32::try_from(places).ok()?)? };
        let fraction = if places == 0 { "" } else { fraction };
        let mut kept = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = digit.is_ascii_digit().then(|| i128::from(digit - b'0'))?;
            if kept == MAX_DIGITS {
                number.exponent = number.exponent.checked_add(1)?;
                continue;
            }
            number.digits = number.digits * 10 + digit;
            kept += u32::from(number.digits != 0);
        }
        if negative {
            number.digits = -number.digits;
        }
        (number.exponent.abs() <= MAX_EXPONENT && number.to_f64().is_finite()).then_some(number)
    }

    /// Half of what the last digit counts.
    pub(crate) fn half_of_last_place(self) -> Option<Self> {
        Some(Self { digits: 5, exponent: self.exponent.checked_sub(1)? })
    }

    /// A tenth of it, without its sign.
    pub(crate) fn tenth(self) -> Option<Self> {
        Some(Self { digits: self.digits.abs(), exponent: self.exponent.checked_sub(1)? })
    }

    pub(crate) fn negated(self) -> Self {
        Self { digits: -self.digits, exponent: self.exponent }
    }

    pub(crate) fn is_positive(self) -> bool {
        self.digits > 0
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let (mut left, mut right) = (self, other);
        loop {
            let exponent = left.exponent.checked_add(right.exponent)?;
            if let Some(digits) = left.digits.checked_mul(right.digits) {
                return Some(Self { digits, exponent });
            }
            // What is given up lies beyond the sixteenth digit of the product.
            let longer = if left.digits.unsigned_abs() > right.digits.unsigned_abs() { &mut left } else { &mut right };
            *longer = longer.shorter()?;
        }
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        if self.digits == 0 || other.digits == 0 {
            return Some(if self.digits == 0 { other } else { self });
        }
        let (mut coarse, mut fine) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        while coarse.exponent > fine.exponent {
            match coarse.digits.checked_mul(10) {
                Some(digits) => coarse = Self { digits, exponent: coarse.exponent - 1 },
                None if fine.digits == 0 => return Some(coarse),
                None => fine = fine.shorter()?,
            }
        }
        match coarse.digits.checked_add(fine.digits) {
            Some(digits) => Some(Self { digits, exponent: coarse.exponent }),
            None => coarse.shorter()?.plus(fine.shorter()?),
        }
    }

    /// Without its last digit.
    fn shorter(self) -> Option<Self> {
        Some(Self { digits: self.digits / 10, exponent: self.exponent.checked_add(1)? })
    }

    /// The nearest `f64`.
    pub(crate) fn to_f64(self) -> f64 {
        let power = EXACT_POWERS.get(self.exponent.unsigned_abs() as usize);
        match power.filter(|_| self.digits.unsigned_abs() <= EXACT_WHOLE) {
            // Both are exact: one operation rounds once.
            Some(power) if self.exponent >= 0 => self.digits as f64 * power,
            Some(power) => self.digits as f64 / power,
            None => format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn what_is_no_decimal_is_none() {
        for text in ["", "-", ".", "1.", ".5", "1e", "e5", "1,5", "0x10", "inf", "NaN", "1e999", "1e-999", "١", "1 "] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(101)), None);
    }

    #[test]
    fn sums_and_products_are_exact() {
        assert_eq!(decimal("0.1").plus(decimal("0.2")).unwrap().to_f64(), 0.3);
        assert_eq!(decimal("5000").times(decimal("0.000001")).unwrap().to_f64(), 0.005);
        let long = decimal("6.02214076e23").times(decimal("1.2345678901234567890123456789")).unwrap();
        assert!((long.to_f64() / (6.02214076e23 * 1.2345678901234567) - 1.0).abs() < 1e-15);
        assert_eq!(decimal("1e300").plus(decimal("1")).unwrap().to_f64(), 1e300);
        assert_eq!(decimal("7").plus(decimal("1e-300")).unwrap().to_f64(), 7.0);
    }

    proptest! {
        #[test]
        fn a_number_is_read_as_the_nearest_double(number in proptest::num::f64::NORMAL) {
            let text = format!("{number:e}");
            if let Some(read) = Decimal::parse(&text) {
                prop_assert_eq!(read.to_f64(), number);
            }
        }

        #[test]
        fn no_number_does_harm(left in "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?", right in "[0-9]{1,40}e-?[0-9]{1,3}") {
            if let (Some(left), Some(right)) = (Decimal::parse(&left), Decimal::parse(&right)) {
                let _ = (left.times(right).map(Decimal::to_f64), left.plus(right).map(Decimal::to_f64));
                let _ = (left.half_of_last_place(), left.tenth());
            }
        }
    }
}
