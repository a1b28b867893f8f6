//! Requests as the owner's own objects, and their limits.
