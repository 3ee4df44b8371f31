//! wasm/js
