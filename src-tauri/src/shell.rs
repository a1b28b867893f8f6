#[cfg(unix)]
use std::process::Command;
use std::process::ExitCode;
use std::sync::Arc;
#[cfg(unix)]
use std::{env, thread, time::Duration};

use tauri::Manager;
use tauri_plugin_opener::OpenerExt;
use wallet::{Setup, Wallet};

use crate::{background, commands, graphics, logging, window};

/// Opens the window and runs until it is closed.
pub fn run() -> ExitCode {
    graphics::choose();
    logging::start();
    let builder = commands::bindings();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| {
            // A second start only brings the first to the front.
            background::open(app);
        }))
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(builder.invoke_handler())
        .setup(|app| {
            let handle = app.handle().clone();
            let open_browser = move |url: &url::Url| {
                handle.opener().open_url(url.as_str(), None::<&str>).map_err(std::io::Error::other)
            };
            let wallet = Wallet::new(Setup { folder: wallet::folder()?, open_browser: Box::new(open_browser) });
            let status = tauri::async_runtime::block_on(wallet.status());
            // The page asks the wallet as soon as it is there.
            app.manage(Arc::new(wallet));
            window::make(app, &status)?;
            background::start(app.handle())?;
            Ok(())
        })
        .on_window_event(|window, event| {
            if let tauri::WindowEvent::CloseRequested { api, .. } = event {
                background::closing(window, api);
            }
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let tauri::RunEvent::Exit = event {
                    // Who starts Satchel from here on is not sent to a window that is gone.
                    tauri_plugin_single_instance::destroy(app);
                    app.state::<Arc<Wallet>>().close();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            if went_away(&error) {
                begin_anew();
            }
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

/// Whether another Satchel was there, and went away while this one spoke to it.
fn went_away(error: &tauri::Error) -> bool {
    matches!(error, tauri::Error::PluginInitialization(name, _) if name == "single-instance")
}

/// Begins this program anew, a moment later and in the same process; comes back only when that was done often enough
/// or cannot be done.
#[cfg(unix)]
fn begin_anew() {
    use std::os::unix::process::CommandExt;

    const TRIES: &str = "SATCHEL_TRIES";
    let tried: u32 = env::var(TRIES).ok().and_then(|tried| tried.parse().ok()).unwrap_or_default();
    let Ok(program) = env::current_exe() else { return };
    if tried < 25 {
        thread::sleep(Duration::from_millis(200));
        let error = Command::new(program).args(env::args_os().skip(1)).env(TRIES, (tried + 1).to_string()).exec();
        tracing::warn!(%error, "the program could not begin anew");
    }
}

/// Elsewhere one program finds the other without asking it anything.
#[cfg(not(unix))]
fn begin_anew() {}
