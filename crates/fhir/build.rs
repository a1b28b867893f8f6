//! An expression of the table of search parameters that cannot be compiled fails the build: the same reader runs here
//! and in the crate.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "the crate uses all of what is only tried here")]
#![allow(clippy::panic, clippy::expect_used, reason = "a build script fails and says why")]

#[path = "src/parameters/compile.rs"]
mod compile;
#[path = "src/parameters/datatype.rs"]
mod datatype;
#[path = "src/parameters/expression.rs"]
mod expression;
#[path = "src/parameters/kind.rs"]
mod kind;
#[path = "src/parameters/row.rs"]
mod row;

const TABLE: &str = include_str!("src/parameters/r4.tsv");

fn main() {
    for file in ["compile.rs", "datatype.rs", "expression.rs", "kind.rs", "row.rs", "r4.tsv"] {
        println!("cargo::rerun-if-changed=src/parameters/{file}");
    }
    for (number, line) in TABLE.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        if let Err(why) = row::Row::read(line) {
            panic!("r4.tsv, line {}: {why:?}\n{line}", number + 1);
        }
    }
}
