use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A program that lives as long as this value, with everything it started.
#[derive(Debug)]
pub struct Kept(Child);

impl Kept {
    /// Starts `command` in a process group of its own.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        Self(command.process_group(0).spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}")))
    }

    /// Starts `command` and waits for the first line of its output that `wanted` accepts.
    ///
    /// # Panics
    /// When it does not start, or does not say such a line in time.
    pub fn start_until<T: Send + 'static>(
        command: &mut Command,
        patience: Duration,
        wanted: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> (Self, T) {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut kept = Self::start(command.stdout(Stdio::piped()));
        let output = kept.0.stdout.take().expect("the output is a pipe");
        let (tell, hear) = mpsc::channel();
        std::thread::spawn(move || {
            // Reads on after the wanted line, so that the program never blocks on a full pipe.
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(found) = wanted(&line) {
                    let _ = tell.send(found);
                }
            }
        });
        let found = hear.recv_timeout(patience).unwrap_or_else(|_| panic!("{name} did not say that it is ready"));
        (kept, found)
    }

    /// The process's number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).stderr(Stdio::null()).status();
        for _ in 0..40 {
            if matches!(self.0.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
