mod driver;
mod screen;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fantoccini::Client;
use tempfile::TempDir;
use testkit::{Keyring, KeyringSession};

use self::driver::Driver;
use self::screen::Screen;
use crate::{Sandbox, app, pictures, root};

/// The colours that the system asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// What the window finds around it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The window's size in pixels of its owner, before zoom.
    pub size: (u32, u32),
    /// 1, or 2 for 200 %: everything twice as large in a window of the same size.
    pub zoom: u32,
    /// The system's colours.
    pub look: Look,
    /// The system's key store.
    pub keyring: Keyring,
    /// Files that lie in the wallet's folder `directory/` from the start.
    pub directory: Option<PathBuf>,
    /// Name and password of the person in the browser.
    pub login: Option<(String, String)>,
}

impl Options {
    /// A computer whose owner has an account at the sandbox, and its directory.
    #[must_use]
    pub fn beside(sandbox: &Sandbox) -> Self {
        Self { directory: Some(sandbox.directory().to_owned()), login: Some(sandbox.login()), ..Self::default() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { size: (1180, 800), zoom: 1, look: Look::Light, keyring: Keyring::Unlocked, directory: None, login: None }
    }
}

/// The real window, on a screen, a bus, a key store and a home of its own.
pub struct Desktop {
    /// The window, through WebDriver. For what the methods of this type do not offer.
    pub window: Client,
    options: Options,
    driver: Driver,
    _session: KeyringSession,
    _screen: Screen,
    home: TempDir,
}

impl Desktop {
    /// Opens the window for a person who never opened it before.
    ///
    /// # Panics
    /// When something it needs is not installed, or the window does not open.
    pub async fn start(options: Options) -> Self {
        let home = tempfile::Builder::new().prefix("satchel-").tempdir().expect("a temporary folder can be made");
        let satchel = home.path().join("satchel");
        if let Some(from) = &options.directory {
            copy_files(from, &satchel.join("directory"));
        }
        let screen = Screen::start(1400, 1000);
        let session = KeyringSession::start(home.path(), options.keyring).expect("the tests' packages are installed");
        let log = File::create(home.path().join("window.log")).expect("a log can be made");
        let mut command = session.command("WebKitWebDriver");
        command
            .env("DISPLAY", &screen.display)
            .env("SATCHEL_HOME", &satchel)
            .env("LANG", "C.UTF-8")
            .env("GTK_THEME", if options.look == Look::Dark { "Adwaita:dark" } else { "Adwaita" })
            .env("GDK_SCALE", options.zoom.to_string())
            .env("NO_AT_BRIDGE", "1")
            .stdout(log.try_clone().expect("the log can be shared"))
            .stderr(log);
        if let Some((user, password)) = &options.login {
            command.env("SIGN_IN_USER", user).env("SIGN_IN_PASSWORD", password);
        }
        make_browser(home.path());
        let driver = Driver::start(&mut command);
        let window = driver.open(&app()).await;
        let desktop = Self { window, options, driver, _session: session, _screen: screen, home };
        desktop.resize().await;
        desktop
    }

    /// Closes the window and opens it again, with the same files and keys.
    ///
    /// # Panics
    /// When it does not close or open.
    pub async fn restart(&mut self) {
        self.window.clone().close().await.expect("the window closes");
        self.window = self.driver.open(&app()).await;
        self.resize().await;
    }

    /// Closes the window and everything around it.
    ///
    /// # Panics
    /// When the window does not close.
    pub async fn close(self) {
        self.window.clone().close().await.expect("the window closes");
    }

    /// Where this window's wallet keeps its files.
    #[must_use]
    pub fn satchel_home(&self) -> PathBuf {
        self.home.path().join("satchel")
    }

    /// Every file in this window's home that the program wrote, wherever the system's habits put it; what lies in the
    /// folder `directory/` is public and left out.
    ///
    /// # Panics
    /// When a folder cannot be read.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.home.path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of the home can be read") {
                let entry = entry.expect("its entries too");
                let kind = entry.file_type().expect("an entry has a type");
                if kind.is_dir() && !entry.path().starts_with(self.satchel_home().join("directory")) {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    files.push(entry.path());
                }
            }
        }
        files
    }

    /// What the window and its driver wrote to their standard output and error.
    ///
    /// # Panics
    /// When the log cannot be read.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.home.path().join("window.log")).expect("the log can be read")).into()
    }

    /// Keeps a picture of the window as `out/pictures/NAME.png`.
    ///
    /// # Panics
    /// When the window or the disk refuses.
    pub async fn picture(&self, name: &str) -> PathBuf {
        self.painted().await;
        let path = pictures().join(format!("{name}.png"));
        let bytes = self.window.screenshot().await.expect("the window gives a picture");
        fs::write(&path, bytes).expect("a picture can be kept");
        path
    }

    /// Waits until what the page holds is on the screen: fonts come and frames are drawn after the words are there.
    async fn painted(&self) {
        let wait = "const done = arguments[0];
            const frames = (left) => (left ? requestAnimationFrame(() => frames(left - 1)) : done(true));
            setTimeout(() => done(false), 3000);
            document.fonts.ready.then(() => frames(3));";
        self.window.execute_async(wait, Vec::new()).await.expect("the page runs a script");
    }

    /// 200 % in a window of a given size is half that size in CSS pixels with two device pixels for each.
    async fn resize(&self) {
        let (width, height) = self.options.size;
        let zoom = self.options.zoom.max(1);
        self.window.set_window_size(width / zoom, height / zoom).await.expect("the window takes its size");
    }
}

/// Makes the person with the script the system's browser, in the way desktops know it.
fn make_browser(home: &Path) {
    let script = root().join("tests/browser/sign-in.mjs");
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Browser\nExec={} %u\nMimeType=x-scheme-handler/http;x-scheme-handler/https;\n",
        script.display()
    );
    let defaults =
        "[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n";
    let applications = home.join("data/applications");
    fs::create_dir_all(&applications).expect("a folder can be made");
    fs::write(applications.join("browser.desktop"), entry).expect("a browser can be named");
    fs::write(home.join("config/mimeapps.list"), defaults).expect("and be the one that is asked");
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("its entries too").path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().expect("a file has a name"))).expect("a file can be copied");
        }
    }
}
