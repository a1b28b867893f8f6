use std::process::ExitCode;

/// How a verb ends, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It was done; the answer is yes.
    Yes,
    /// It was not done; the answer is no.
    No,
    /// The command line was not understood.
    Usage,
    /// It cannot be told here and now.
    CannotTell,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::CannotTell => 3,
        })
    }
}
