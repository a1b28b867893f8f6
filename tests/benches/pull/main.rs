//! A whole pull, from a server on this computer to the searchable encrypted record: how many resources a second, and how
//! much memory.
//!
//! The server is the sandbox in a process of its own, as far as its bytes; the wallet is the real one, launch included.
//! Beside each pull, in the same minute, the least its bytes could cost: parsing them, and putting them into a bare table
//! of SQLCipher that keeps the same pages, one kind each, as durably. `--items N` measures one size.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a bench stops at the first surprise and prints its figures; the stage is shared with tests"
)]

#[cfg(target_os = "linux")]
mod floor;
#[cfg(target_os = "linux")]
mod intake;
#[cfg(target_os = "linux")]
mod looks;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
#[path = "../../tests/common/stage.rs"]
mod stage;

/// Sizes of a record, and how often each is pulled.
#[cfg(target_os = "linux")]
const SIZES: [(usize, usize); 3] = [(1_000, 7), (10_000, 5), (100_000, 3)];

// As the programs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().collect();
    let one = asked.iter().position(|word| word == "--items").and_then(|at| asked.get(at + 1)?.parse().ok());
    let sizes = SIZES.into_iter().filter(|(items, _)| one.is_none_or(|one: usize| one == *items));
    for (items, rounds) in sizes {
        let server = intake::Server::start(items);
        intake::measure(&server, items, rounds).await;
        if items == 100_000 {
            looks::measure(&server, items).await;
            memory::measure(&server, items).await;
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The pull is measured on Linux only.");
}
