//! What a request may cost. Each limit is refused by its name, before the work is done.

/// Bytes of a query string or a form.
pub const QUERY_BYTES: usize = 65_536;
/// Bytes of a body: a batch, or parameters of an operation.
pub const BODY_BYTES: usize = 1_048_576;
/// Parameters of one request.
pub const PARAMETERS: usize = 200;
/// Values of one parameter, divided by commas.
pub const VALUES: usize = 1_000;
/// `_include` and `_revinclude` of one request.
pub const INCLUDES: usize = 50;
/// Resources that includes may bring to one page.
pub const INCLUDED: usize = 2_000;
/// Rounds of `:iterate`.
pub const ROUNDS: usize = 8;
/// Keys of one `_sort`.
pub const SORT_KEYS: usize = 8;
/// Entries of one batch or transaction.
pub const ENTRIES: usize = 200;
/// Matches on one page; a greater `_count` is cut to this.
pub const PAGE: usize = 1_000;
/// Matches on one page where `_count` says nothing.
pub const USUAL_PAGE: usize = 50;
/// What a request, with all entries of a batch, may cost: nanoseconds, roughly, as reckoned before the work.
pub const WORK: u64 = 3_000_000_000;
/// Bytes of a query that asks for a page, which carries its question.
pub const PAGE_QUERY_BYTES: usize = 262_144;
/// Bytes that the answers of one batch may come to before further entries are refused.
pub const BATCH_BYTES: usize = 67_108_864;
