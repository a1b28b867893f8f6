//! An X screen whose frame can be read at any moment without asking the server for it.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tests::Kept;

/// As large as the window, so that its ground fills the screen.
pub(crate) const SIZE: (usize, usize) = (1180, 800);

/// Colours of a frame that shows more than grounds: letters have smooth edges, which is many.
const COLOURS: usize = 8;

/// The server writes its frame into a file (`-fbdir`, Xvfb(1)) in the format of xwd: a head, a map of colours, and four
/// bytes a pixel.
pub(crate) struct Screen {
    pub(crate) display: String,
    frame: File,
    pixels_at: u64,
    line: usize,
    _server: Kept,
}

/// All pixels of one moment.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Frame(Vec<u8>);

impl Screen {
    pub(crate) fn start(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let mut server = Command::new("Xvfb");
        server.args([
            "-displayfd",
            "1",
            "-noreset",
            "-nolisten",
            "tcp",
            "-screen",
            "0",
            &format!("{}x{}x24", SIZE.0, SIZE.1),
        ]);
        server.arg("-fbdir").arg(folder).stderr(Stdio::null());
        let (server, number) =
            Kept::start_until(&mut server, Duration::from_secs(20), |line| line.trim().parse::<u32>().ok());
        let frame = File::open(folder.join("Xvfb_screen0")).unwrap();
        let word = |nth: u64| {
            let mut bytes = [0; 4];
            frame.read_exact_at(&mut bytes, nth * 4).unwrap();
            u32::from_be_bytes(bytes)
        };
        // XWDFile.h: head size, then at 4 and 5 the size, at 12 the bytes of a line, at 19 the colours of twelve bytes.
        assert_eq!((word(4) as usize, word(5) as usize), SIZE, "the frame is not as it was asked for");
        let pixels_at = u64::from(word(0)) + u64::from(word(19)) * 12;
        let line = word(12) as usize;
        Self { display: format!(":{number}"), frame, pixels_at, line, _server: server }
    }

    pub(crate) fn frame(&self) -> Frame {
        let mut bytes = vec![0; self.line * SIZE.1];
        self.frame.read_exact_at(&mut bytes, self.pixels_at).unwrap();
        Frame(bytes)
    }
}

impl Frame {
    /// Whether more than grounds is painted.
    pub(crate) fn is_painted(&self) -> bool {
        let mut seen: Vec<[u8; 4]> = Vec::new();
        let mut last = None;
        for pixel in self.0.as_chunks::<4>().0 {
            if last != Some(*pixel) {
                last = Some(*pixel);
                if !seen.contains(pixel) {
                    seen.push(*pixel);
                    if seen.len() >= COLOURS {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Whether it shows what the other shows, but for a cursor that blinks: less than one pixel in a thousand differs.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.0.as_chunks::<4>().0, other.0.as_chunks::<4>().0);
        let different = ours.iter().zip(theirs).filter(|(ours, theirs)| ours != theirs).count();
        different * 1000 < ours.len()
    }
}
