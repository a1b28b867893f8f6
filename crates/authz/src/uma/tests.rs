//! The whole dance by steps, and every way to cheat in it that is known.

mod attacks;
mod claims;
mod credentials;
mod dance;
mod gathering;
mod upgrade;
pub(crate) mod world;
