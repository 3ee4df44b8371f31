//! What each row must reach, where something is promised; the plans that the page is compared with.

/// By the name of a row or an amount.
const MUST: &[(&str, &str)] = &[
    ("check by handle", "120 ns, L 350 ns"),
    ("wasmtime: check by handle", "1.5 x native"),
    ("Node: can, of a selected user", "10 ns"),
    ("Node: check by handle", "200 ns, L 600 ns"),
    ("Node: decide, user by id", "700 ns"),
    ("Node: open snapshot", "M 9 ms, L 90 ms"),
    ("check by handle: 10 times the roles", "as it is"),
    ("check by handle: 10 times the grants", "as it is"),
    ("teams and repositories", "300 ns"),
    ("documents and folders", "300 ns"),
    ("to-do lists", "300 ns"),
    ("snapshot opened, without names", "M 6 MB, L 60 MB"),
    ("a membership, brotli", "M 10 bits, L 13 bits"),
    ("slice of one user, 50 permissions: bytes", "4 kB"),
    ("delta: add membership", "256 B"),
    ("npm: module and script, brotli", "16 kB"),
];

/// What the thing of this name must reach; empty where nothing is promised.
pub(super) fn must(name: &str) -> String {
    MUST.iter().find(|(one, _)| *one == name).map(|(_, must)| (*must).to_string()).unwrap_or_default()
}
