//! Texts that real clients send, bent at random but the same on every machine.

/// Filters to begin with.
pub(crate) const FILTERS: [&str; 6] = [
    r#"userName eq "ada@example.org" and (active eq true or not (title pr))"#,
    r#"emails[type eq "work" and value ew "x.org"].value sw "ad\u0061""#,
    r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value ne null"#,
    r#"meta.lastModified gt "2026-03-01T09:00:00Z" or id le "z""#,
    r#"members[value eq "7" or value eq "8"]"#,
    r#"((((emails.value co "é") and name.familyName lt "M")))"#,
];

/// Pieces that mean something to a parser.
const PIECES: [&str; 24] = [
    "\"", "\\", "[", "]", "(", ")", "{", "}", ".", ":", ",", " and ", " or ", "not ", " eq ", " pr", "null",
    "é", "\u{0}", "urn:", "value", "primary", "9e999", "$ref",
];

/// Xorshift: small, deterministic, and good enough to bend texts.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`, or 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// One of the texts.
    pub(crate) fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts.get(self.below(texts.len())).copied().unwrap_or_default()
    }

    /// `text` with up to four pieces inserted, cut out, doubled or repeated many times.
    pub(crate) fn bent(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let from = self.below(characters.len() + 1);
            let to = (from + self.below(12)).min(characters.len());
            let replacement: String = match self.below(5) {
                0 => String::new(),
                1 => self.pick(&PIECES).to_owned(),
                2 => characters.get(from..to).unwrap_or_default().iter().collect::<String>().repeat(2),
                3 => self.pick(&PIECES).repeat(self.below(200)),
                _ => char::from_u32(self.below(0x2_0000) as u32).into_iter().collect(),
            };
            characters.splice(from..to, replacement.chars());
        }
        characters.into_iter().collect()
    }
}
