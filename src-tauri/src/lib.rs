//! The desktop shell: one window, and one thin command for each thing it may ask.
//!
//! A command reads its arguments, calls the wallet and returns a view; it decides nothing. The window has no other way
//! in: no file system, no network, no shell (see `capabilities/main.json` and the CSP in `tauri.conf.json`).

mod background;
mod commands;
mod graphics;
mod logging;
mod shell;
mod window;

pub use commands::bindings;
pub use shell::run;
