//! Tells the journeys in the real window, on a screen of its own: `journeys`, or `journeys opens` for the first page only.
#![allow(clippy::print_stdout, reason = "it tells what it does")]

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    if std::env::args().nth(1).as_deref() == Some("opens") {
        tests::journey::opens().await;
        println!("The window opens.");
    } else {
        tests::journey::all().await;
        println!("\nAll of it as it must be. Pictures are in {}", tests::pictures().display());
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The journeys need a web view that can be driven without a desktop, which only Linux has.");
}
