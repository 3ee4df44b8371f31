//! core/verify
