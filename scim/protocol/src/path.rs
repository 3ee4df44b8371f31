//! PATCH paths.
