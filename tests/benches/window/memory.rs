//! Memory of a program with everything it started.

use std::fs;

/// Proportional set size (`smaps_rollup`, proc(5)) of the process and all its descendants, in megabytes.
pub(crate) fn of_tree(root: u32) -> f64 {
    let mut tree = vec![root];
    let processes: Vec<(u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
        .filter_map(|process| Some((process, parent(process)?)))
        .collect();
    let mut at = 0;
    while let Some(parent) = tree.get(at).copied() {
        tree.extend(processes.iter().filter(|(_, of)| *of == parent).map(|(process, _)| *process));
        at += 1;
    }
    assert!(tree.len() >= 3, "a window is three processes: itself, its page and its network; here are {tree:?}");
    let kibibytes: u64 = tree.into_iter().filter_map(proportional).sum();
    kibibytes as f64 * 1024.0 / 1e6
}

/// The fourth word of `stat`; the second, a name in parentheses, may contain anything.
fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn proportional(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse().ok()
}
