use tracing_subscriber::EnvFilter;

/// Logs go to standard error and only when `SATCHEL_LOG` asks for them: our own events, which carry ids, kinds and
/// durations.
pub(crate) fn start() {
    if let Ok(filter) = EnvFilter::try_from_env("SATCHEL_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}
