//! The grammar of `_filter`.

/// A filter as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Test {
        /// Names, chained by points.
        path: Vec<String>,
        operator: String,
        value: String,
    },
}

/// Parentheses in each other.
const DEPTH: usize = 16;
/// Tests of one filter.
const TESTS: usize = 100;
/// Names of one path.
const NAMES: usize = 4;

/// `None` for what is no filter, or is beyond the limits.
pub(super) fn parse(text: &str) -> Option<Expression> {
    let mut reader = Reader { rest: text.trim_start(), tests: 0 };
    let whole = reader.joined(0)?;
    reader.rest.is_empty().then_some(whole)
}

struct Reader<'a> {
    rest: &'a str,
    tests: usize,
}

impl<'a> Reader<'a> {
    /// "Logical expressions are evaluated left to right, with no precedence between and and or."
    fn joined(&mut self, depth: usize) -> Option<Expression> {
        let mut left = self.single(depth)?;
        loop {
            if self.word("and") {
                left = Expression::And(Box::new(left), Box::new(self.single(depth)?));
            } else if self.word("or") {
                left = Expression::Or(Box::new(left), Box::new(self.single(depth)?));
            } else {
                return Some(left);
            }
        }
    }

    fn single(&mut self, depth: usize) -> Option<Expression> {
        if depth > DEPTH {
            return None;
        }
        if self.word("not") {
            return Some(Expression::Not(Box::new(self.parenthesis(depth)?)));
        }
        if self.rest.starts_with('(') { self.parenthesis(depth) } else { self.test() }
    }

    fn parenthesis(&mut self, depth: usize) -> Option<Expression> {
        self.rest = self.rest.strip_prefix('(')?.trim_start();
        let inner = self.joined(depth + 1)?;
        self.rest = self.rest.strip_prefix(')')?.trim_start();
        Some(inner)
    }

    fn test(&mut self) -> Option<Expression> {
        self.tests += 1;
        let path: Vec<String> = self.until_space()?.split('.').map(str::to_owned).collect();
        let sound = |name: &String| {
            name.starts_with(|sign: char| sign == '_' || sign.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        };
        if self.tests > TESTS || path.len() > NAMES || !path.iter().all(sound) {
            return None;
        }
        let operator = self.until_space()?.to_owned();
        Some(Expression::Test { path, operator, value: self.value()? })
    }

    /// A JSON string, or all up to a blank or a closing bracket.
    fn value(&mut self) -> Option<String> {
        if self.rest.starts_with('"') {
            let mut values = serde_json::Deserializer::from_str(self.rest).into_iter::<String>();
            let value = values.next()?.ok()?;
            let end = values.byte_offset();
            self.rest = self.rest.get(end..)?;
            if !self.rest.is_empty() && !self.rest.starts_with([' ', ')']) {
                return None;
            }
            self.rest = self.rest.trim_start();
            return (!value.is_empty()).then_some(value);
        }
        let end = self.rest.find([' ', ')', ']']).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start();
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn until_space(&mut self) -> Option<&'a str> {
        let (word, rest) = self.rest.split_once(' ')?;
        self.rest = rest.trim_start();
        Some(word)
    }

    /// Takes a word that ends here.
    fn word(&mut self, word: &str) -> bool {
        let after = self.rest.strip_prefix(word).filter(|rest| rest.starts_with([' ', '(']));
        self.rest = after.map_or(self.rest, str::trim_start);
        after.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn test(path: &str, operator: &str, value: &str) -> Box<Expression> {
        let path = path.split('.').map(str::to_owned).collect();
        Box::new(Expression::Test { path, operator: operator.into(), value: value.into() })
    }

    #[test]
    fn tests_are_joined_from_left_to_right() {
        let and = Expression::And(test("given", "eq", "pe ter"), test("birthdate", "ge", "2014-10-10"));
        let whole = Expression::Or(Box::new(and), Box::new(Expression::Not(test("a.b", "pr", "true"))));
        assert_eq!(parse("given eq \"pe ter\" and birthdate ge 2014-10-10 or not (a.b pr true)"), Some(whole));
        let nested =
            Expression::And(test("a", "eq", "b"), Box::new(Expression::Or(test("c", "eq", "d"), test("e", "eq", "f"))));
        assert_eq!(parse("a eq b and (c eq d or e eq f)"), Some(nested));
    }

    #[test]
    fn what_is_no_filter_or_is_too_much_is_none() {
        let deep = format!("{}a eq b{}", "(".repeat(50), ")".repeat(50));
        let wide = vec!["a eq b"; 200].join(" or ");
        for text in [
            "",
            "a",
            "a eq",
            "a eq b and",
            "(a eq b",
            "a eq b)",
            "a[b eq c].d eq e",
            "a eq \"b",
            "not a eq b",
            "1 eq 2",
            &deep,
            &wide,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fall_over(text in "[a-c(). \"\\[\\]]{0,30}|(not|and|or|a eq b|\\(|\\)| ){0,20}") {
            _ = parse(&text);
        }
    }
}
