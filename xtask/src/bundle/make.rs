use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::shell::{self, Done, call, cargo, npm, output, program};

/// The bundler, at the version of the shell's crates.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// What completes `satchel` for each shell, and where Debian's shells look for it.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "/usr/share/bash-completion/completions/satchel"),
    ("zsh", "/usr/share/zsh/vendor-completions/_satchel"),
    ("fish", "/usr/share/fish/vendor_completions.d/satchel.fish"),
];

/// Builds `satchel`, and writes beside it what goes into the package with it.
pub(super) fn command_line() -> Done {
    call(cargo(&["build", "--release", "--package", "cli", "--bin", "satchel"]))?;
    let folder = extras();
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, _) in COMPLETIONS {
        let script = output(program(satchel(), &["completions", name])).ok_or("satchel prints no completions")?;
        write(&folder.join(name), &script)?;
    }
    let licence = fs::read_to_string(shell::root().join("LICENSE-MIT")).map_err(|error| error.to_string())?;
    write(
        &folder.join("copyright"),
        &format!(
            "Satchel is licensed under the Apache License 2.0 (/usr/share/common-licenses/Apache-2.0) or, as you prefer,\n\
             under the MIT License:\n\n{licence}"
        ),
    )
}

/// Builds the window and puts everything into the package; its path.
pub(super) fn deb() -> Result<PathBuf, String> {
    let begun = SystemTime::now();
    let config = json!({"bundle": {"linux": {"deb": {"files": files()}}}}).to_string();
    // Only bundling needs this tool, so it is fetched here and not with the window's own. It looks for `src-tauri` below
    // the folder it is called in.
    let words =
        ["exec", "--yes", "--package", BUNDLER, "--", "tauri", "build", "--bundles", "deb", "--config", &config];
    let mut tool = npm(&words);
    tool.current_dir(shell::root());
    call(tool)?;
    newest(begun).ok_or_else(|| "no .deb was made".to_owned())
}

/// Files of the package beside the window's own: where they go, and where they come from.
fn files() -> Value {
    let from = |path: PathBuf| Value::from(path.to_string_lossy().into_owned());
    let mut files = Map::new();
    files.insert("/usr/bin/satchel".to_owned(), from(satchel()));
    files.insert("/usr/share/doc/satchel/copyright".to_owned(), from(extras().join("copyright")));
    for (name, place) in COMPLETIONS {
        files.insert(place.to_owned(), from(extras().join(name)));
    }
    files.into()
}

fn satchel() -> PathBuf {
    shell::target().join("release/satchel")
}

fn extras() -> PathBuf {
    shell::target().join("release/bundle-extras")
}

fn write(path: &Path, text: &str) -> Done {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The package made since `begun`; an older one is not what was asked for.
fn newest(begun: SystemTime) -> Option<PathBuf> {
    let files =
        fs::read_dir(shell::target().join("release/bundle/deb")).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let changed = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    files
        .filter(|path| path.extension().is_some_and(|end| end == "deb"))
        .filter(|path| changed(path) >= Some(begun))
        .max_by_key(changed)
}
