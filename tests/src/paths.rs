use std::path::{Path, PathBuf};

/// The folder of the project.
///
/// # Panics
/// Never in a checked-out project: this crate has a parent folder.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests crate lies in the project's folder")
}

/// The window's program: `SATCHEL_APP`, or the one that `cargo build` makes.
#[must_use]
pub fn app() -> PathBuf {
    std::env::var_os("SATCHEL_APP").map_or_else(|| built("satchel-desktop"), PathBuf::from)
}

/// A program of this workspace as `cargo build` makes it.
#[must_use]
pub fn built(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// A program of this workspace as `cargo build --release` makes it: what figures are taken of.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn released(name: &str) -> PathBuf {
    let path = target().join("release").join(name);
    assert!(path.is_file(), "{} is missing; cargo xtask bench builds it", path.display());
    path
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The Python that has the packages of `tests/peers/python`; `cargo xtask setup` makes it.
#[must_use]
pub fn python() -> PathBuf {
    target().join("python/bin/python")
}

/// Where pictures of the window are kept.
///
/// # Panics
/// When the folder cannot be made.
#[must_use]
pub fn pictures() -> PathBuf {
    let folder = root().join("out/pictures");
    std::fs::create_dir_all(&folder).expect("the folder of pictures can be made");
    folder
}
