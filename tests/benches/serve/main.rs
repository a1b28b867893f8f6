//! What third parties wait for, over real HTTP: a token for a ticket, an introspection, an authorized search.
//!
//! The wallet is the real one, on a real vault with a record that was pulled; the door is the one that `serve` opens, in
//! this process, over loopback with connections kept alive. Beside each answer, a moment later, stands the least it could
//! cost: an empty handler over the same HTTP, with one Ed25519 signature where a token is given out or looked at, and
//! with the same search on a bare engine where the record is searched. `--items N` measures one size.
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
mod open;
#[cfg(target_os = "linux")]
mod searches;
#[cfg(target_os = "linux")]
#[path = "../../tests/common/stage.rs"]
mod stage;
#[cfg(target_os = "linux")]
mod times;
#[cfg(target_os = "linux")]
mod tokens;

/// Sizes of a record. Tokens are measured with the first: they know nothing of it.
#[cfg(target_os = "linux")]
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

// As the programs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().collect();
    let one = asked.iter().position(|word| word == "--items").and_then(|at| asked.get(at + 1)?.parse().ok());
    let floor = floor::Floor::start().await;
    for items in one.map_or(SIZES.to_vec(), |one: usize| vec![one]) {
        let opened = open::Opened::with(items).await;
        if one.is_some() || items == SIZES[0] {
            tokens::measure(&opened, &floor).await;
        }
        searches::measure(&opened, &floor, items).await;
        opened.close().await;
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The server is measured on Linux only.");
}
