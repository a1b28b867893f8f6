use std::time::Duration;

/// How much one answer may cost. Bytes are counted after decompression; `total` covers everything from the name's
/// resolution to the last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest body, in bytes.
    pub bytes: usize,
    /// Longest time for the whole exchange.
    pub total: Duration,
    /// Longest silence between two pieces of the body.
    pub idle: Duration,
}

impl Limits {
    /// Configuration documents, keys, capability statements: 8 MiB (capability statements of large systems reach
    /// several), 30 seconds.
    pub const fn document() -> Self {
        Self { bytes: 8 << 20, total: Duration::from_secs(30), idle: Duration::from_secs(15) }
    }

    /// Answers of token, revocation and registration endpoints: 256 KiB, 30 seconds.
    pub const fn token() -> Self {
        Self { bytes: 256 << 10, total: Duration::from_secs(30), idle: Duration::from_secs(15) }
    }

    /// One page of a search: 64 MiB, 3 minutes, for slow systems may think long before the first byte.
    pub const fn page() -> Self {
        Self { bytes: 64 << 20, total: Duration::from_secs(180), idle: Duration::from_secs(60) }
    }

    /// One attachment: 128 MiB, 5 minutes.
    pub const fn attachment() -> Self {
        Self { bytes: 128 << 20, total: Duration::from_secs(300), idle: Duration::from_secs(60) }
    }
}
