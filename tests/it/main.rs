//! Behaviour tests of the whole project, in one program: linking it is what takes time.

mod snapshot_files;
mod worlds;
