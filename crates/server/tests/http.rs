//! The server over real HTTP on loopback, with an owner in memory.

#[path = "http/answers.rs"]
mod answers;
#[path = "http/common.rs"]
mod common;
#[path = "http/door.rs"]
mod door;
#[path = "http/launch.rs"]
mod launch;
