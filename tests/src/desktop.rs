mod bus;
mod driver;
mod screen;
mod view;

use std::cell::Cell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use fantoccini::Client;
use tempfile::TempDir;
use testkit::{Keyring, KeyringSession};

pub use self::bus::Bus;
use self::bus::close_window;
use self::driver::Driver;
use self::screen::Screen;
pub use self::view::View;
use crate::language::Language;
use crate::{Sandbox, app, pictures, root};

/// The colours that the system asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// Whether somebody shows the icons of a tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tray {
    /// As most desktops.
    There,
    /// As the others.
    Missing,
}

/// What the window finds around it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The system's colours.
    pub look: Look,
    /// The system's key store.
    pub keyring: Keyring,
    /// Files that lie in the wallet's folder `directory/` from the start.
    pub directory: Option<PathBuf>,
    /// Whether the desktop takes notifications; and whether it has a tray.
    pub bus: Option<Tray>,
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
        Self { look: Look::Light, keyring: Keyring::Unlocked, directory: None, bus: None, login: None }
    }
}

/// The real window, on a screen, a bus, a key store and a home of its own.
pub struct Desktop {
    /// The window, through WebDriver. For what the methods of this type do not offer.
    pub window: Client,
    options: Options,
    view: Cell<View>,
    language: Cell<Language>,
    driver: Driver,
    bus: Option<Bus>,
    session: KeyringSession,
    screen: Screen,
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
        let bus = options.bus.map(|tray| Bus::serve(session.address(), tray == Tray::There));
        make_browser(home.path());
        let driver = Driver::start(&mut surroundings(home.path(), &screen, &session, &options));
        let window = driver.open(&app()).await;
        let (view, language) = (Cell::new(View::Wide), Cell::new(Language::English));
        let desktop = Self { window, options, view, language, driver, bus, session, screen, home };
        desktop.view(View::Wide).await;
        desktop
    }

    /// Closes the window and opens it again, with the same files and keys.
    ///
    /// # Panics
    /// When it does not close or open.
    pub async fn restart(&mut self) {
        self.window.clone().close().await.expect("the window closes");
        self.window = self.driver.open(&app()).await;
        self.view(View::Wide).await;
    }

    /// Closes the window and opens it again, with the same files, beside another key store that has the same keys.
    ///
    /// # Panics
    /// When it does not close or open.
    pub async fn restart_with(&mut self, keyring: Keyring) {
        self.window.clone().close().await.expect("the window closes");
        self.session = KeyringSession::start(self.home.path(), keyring).expect("the tests' packages are installed");
        self.driver = Driver::start(&mut surroundings(self.home.path(), &self.screen, &self.session, &self.options));
        self.window = self.driver.open(&app()).await;
        self.view(View::Wide).await;
    }

    /// Makes the person in the browser wait before they sign in, until [`Desktop::let_browser_go`].
    ///
    /// # Panics
    /// When the home cannot be written.
    pub fn hold_browser(&self) {
        fs::write(self.home.path().join(HOLD), "").expect("a file can be made");
    }

    /// Lets the person in the browser sign in.
    ///
    /// # Panics
    /// When nobody waits.
    pub fn let_browser_go(&self) {
        fs::remove_file(self.home.path().join(HOLD)).expect("the browser was held");
    }

    /// The colours that the system asks for.
    pub(crate) fn colours(&self) -> Look {
        self.options.look
    }

    /// The language that the person chose; a new window speaks English.
    pub(crate) fn language(&self) -> Language {
        self.language.get()
    }

    /// Keeps in mind which language the person chose.
    pub(crate) fn now_speaks(&self, language: Language) {
        self.language.set(language);
    }

    /// The desktop's bus, when it was asked for.
    ///
    /// # Panics
    /// When it was not.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        self.bus.as_ref().expect("the test asked for a bus")
    }

    /// Presses the cross in the corner of the window.
    ///
    /// # Panics
    /// When there is no window.
    pub fn close_by_its_cross(&self) {
        close_window(&self.screen.display);
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
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        let bytes = self.window.screenshot().await.expect("the window gives a picture");
        fs::write(&path, bytes).expect("a picture can be kept");
        path
    }

    /// Waits until what the page holds is on the screen: fonts come and frames are drawn after the words are there.
    pub(crate) async fn painted(&self) {
        let wait = "const done = arguments[0];
            const frames = (left) => (left ? requestAnimationFrame(() => frames(left - 1)) : done(true));
            setTimeout(() => done(false), 3000);
            document.fonts.ready.then(() => frames(3));";
        self.window.execute_async(wait, Vec::new()).await.expect("the page runs a script");
    }
}

/// While this file is in the home, the person in the browser waits.
const HOLD: &str = "browser-waits";

/// Everything that the window and its driver find around them.
fn surroundings(home: &Path, screen: &Screen, session: &KeyringSession, options: &Options) -> Command {
    let log = File::options().create(true).append(true).open(home.join("window.log")).expect("a log can be made");
    let mut command = session.command("WebKitWebDriver");
    command
        .env("DISPLAY", &screen.display)
        .env("SATCHEL_HOME", home.join("satchel"))
        .env("LANG", "C.UTF-8")
        .env("GTK_THEME", if options.look == Look::Dark { "Adwaita:dark" } else { "Adwaita" })
        .env("NO_AT_BRIDGE", "1")
        .env("SIGN_IN_HOLD", home.join(HOLD))
        .stdout(log.try_clone().expect("the log can be shared"))
        .stderr(log);
    if let Some((user, password)) = &options.login {
        command.env("SIGN_IN_USER", user).env("SIGN_IN_PASSWORD", password);
    }
    command
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
