use tracing_subscriber::EnvFilter;

/// Logs go to standard error: our own events only, which carry ids, kinds and durations. Libraries are silenced, since
/// their messages may hold addresses with codes in them.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("SATCHEL_LOG")
        .unwrap_or_else(|_| EnvFilter::new("off,wallet=info,satchel_desktop=info"));
    // A second start in one process (tests) finds a subscriber in place and keeps it.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
