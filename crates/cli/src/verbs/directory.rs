use std::path::Path;

use crate::args::DirectoryVerb;
use crate::failure::Failure;
use crate::session::{Session, aside};
use crate::shown::Shown;
use crate::{input, render};

/// Largest directory file that is read; the wallet says that it is too large.
const MAX_BYTES: u64 = 80 * 1024 * 1024;

/// The directory of health systems. It lies beside the vault, which stays closed.
pub(super) async fn run(session: &Session, verb: DirectoryVerb) -> Result<Shown, Failure> {
    let found = match verb {
        DirectoryVerb::Import { file, name } => {
            let name = name.unwrap_or_else(|| stem(&file));
            let bytes = aside(move || Ok(input::read(&file, MAX_BYTES)?)).await?;
            session.wallet.directory_import(name, bytes).await?
        }
        DirectoryVerb::Search { words } => session.wallet.directory_search(words.join(" ")).await?,
    };
    session.show(&found, render::directory)
}

fn stem(file: &Path) -> String {
    file.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "-").unwrap_or("directory").to_owned()
}
