use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::process::Kept;

/// How long a program may take to have a window.
const OPENING: Duration = Duration::from_secs(90);

/// The web view's own WebDriver server.
pub(crate) struct Driver {
    _server: Kept,
    address: String,
}

impl Driver {
    /// Starts `WebKitWebDriver` with the surroundings that `command` has; the window inherits them.
    pub(crate) fn start(command: &mut Command) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let server = Kept::start(
            command.args(["--host=127.0.0.1", &format!("--port={port}")]).env("TAURI_WEBVIEW_AUTOMATION", "true"),
        );
        Self { _server: server, address: format!("http://127.0.0.1:{port}") }
    }

    /// Starts `app` and takes its window.
    pub(crate) async fn open(&self, app: &Path) -> Client {
        let wanted = json!({
            "webkitgtk:browserOptions": { "binary": app, "args": [] },
            // No answer to a question of the window: a test that meets one must see it.
            "unhandledPromptBehavior": "ignore",
        });
        let wanted = wanted.as_object().expect("an object").clone();
        let mut last = String::new();
        for _ in 0..100 {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            let builder = builder.capabilities(wanted.clone());
            // The driver waits for ever for a program that ended before it had a window.
            match tokio::time::timeout(OPENING, builder.connect(&self.address)).await {
                Ok(Ok(client)) => return client,
                Ok(Err(error)) => last = error.to_string(),
                Err(_) => panic!("the program shows no window; what it says is in window.log of the test's home"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the window does not open: {last}");
    }
}
