//! wasm/raw
