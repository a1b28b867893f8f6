//! The same work with many things, on as many threads as the machine has cores. What comes of it does not depend on how
//! many there are.

use rayon::prelude::*;

/// So many are worth a thread of their own; so few that the seams between are tested, where the program is.
pub(super) const PIECE: usize = if cfg!(debug_assertions) { 16 } else { 512 };

/// Works on each piece of a list, given where it begins; what came of the pieces, in order.
pub(super) fn pieces<'t, T: Sync, R: Send>(all: &'t [T], work: impl Fn(usize, &'t [T]) -> R + Sync) -> Vec<R> {
    if all.len() <= PIECE {
        return vec![work(0, all)];
    }
    all.par_chunks(PIECE).enumerate().map(|(nth, piece)| work(nth * PIECE, piece)).collect()
}

/// The same where the things are changed.
pub(super) fn pieces_mut<T: Send, R: Send>(all: &mut [T], work: impl Fn(usize, &mut [T]) -> R + Sync) -> Vec<R> {
    if all.len() <= PIECE {
        return vec![work(0, all)];
    }
    all.par_chunks_mut(PIECE).enumerate().map(|(nth, piece)| work(nth * PIECE, piece)).collect()
}

/// Sorts.
pub(super) fn sort<T: Send>(all: &mut [T], order: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    if all.len() <= PIECE { all.sort_unstable_by(order) } else { all.par_sort_unstable_by(order) }
}
