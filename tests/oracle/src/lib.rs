//! tests/oracle
