//! Rust source without what is not code: comments and literals become blanks, so that searching for a word or
//! a brace finds only real ones. Lines keep their numbers.

/// `text` with comments, strings and characters replaced by blanks.
pub(crate) fn code_only(text: &str) -> String {
    let mut scan = Scan { chars: text.chars().collect(), at: 0, code: String::with_capacity(text.len()) };
    while let Some(c) = scan.ahead(0) {
        match c {
            '/' if scan.ahead(1) == Some('/') => scan.line_comment(),
            '/' if scan.ahead(1) == Some('*') => scan.block_comment(),
            '"' => scan.string(),
            '\'' => scan.quote(),
            _ if is_name(c) => scan.word(),
            _ => scan.keep(),
        }
    }
    scan.code
}

/// Whether `c` can stand in a Rust name.
pub(crate) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `word` stands on its own in `code`: byte offsets.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

/// The line, counted from 1, of a byte offset.
pub(crate) fn line_of(code: &str, at: usize) -> usize {
    code.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}

/// The offset just behind the bracket that closes the first one at or after `from`, or of the first `;`
/// outside brackets when it comes earlier. `opens` is the kind of bracket that counts as the end.
pub(crate) fn end_of_item(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code.get(from..)?.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && c == '}' {
                    return Some(from + at + 1);
                }
            }
            ';' if depth == 0 => return Some(from + at + 1),
            _ => {}
        }
    }
    None
}

/// `code` without the items that stand under `#[cfg(test)]`.
pub(crate) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut from = 0;
    while let Some(rest) = code.get(from..) {
        let Some(at) = rest.find(MARK) else {
            kept.push_str(rest);
            break;
        };
        kept.push_str(rest.get(..at).unwrap_or_default());
        let start = from + at;
        let end = end_of_item(code, start + MARK.len()).unwrap_or(code.len());
        kept.extend(code.get(start..end).unwrap_or_default().chars().map(blank));
        from = end;
    }
    kept
}

fn blank(c: char) -> char {
    if c == '\n' { c } else { ' ' }
}

struct Scan {
    chars: Vec<char>,
    at: usize,
    code: String,
}

impl Scan {
    fn ahead(&self, by: usize) -> Option<char> {
        self.chars.get(self.at + by).copied()
    }

    fn keep(&mut self) {
        if let Some(c) = self.ahead(0) {
            self.code.push(c);
            self.at += 1;
        }
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(c) = self.ahead(0) {
                self.code.push(blank(c));
                self.at += 1;
            }
        }
    }

    fn line_comment(&mut self) {
        while self.ahead(0).is_some_and(|c| c != '\n') {
            self.skip(1);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.ahead(0), self.ahead(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.skip(2);
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.skip(2);
                    if depth == 0 {
                        return;
                    }
                }
                (Some(_), _) => self.skip(1),
                (None, _) => return,
            }
        }
    }

    fn string(&mut self) {
        self.skip(1);
        while let Some(c) = self.ahead(0) {
            match c {
                '\\' => self.skip(2),
                '"' => return self.skip(1),
                _ => self.skip(1),
            }
        }
    }

    /// A character such as `'a'` or `'\n'`; a lifetime such as `'a` stays.
    fn quote(&mut self) {
        match (self.ahead(1), self.ahead(2)) {
            (Some('\\'), _) => {
                self.skip(3);
                while self.ahead(0).is_some_and(|c| c != '\'') {
                    self.skip(1);
                }
                self.skip(1);
            }
            (Some(_), Some('\'')) => self.skip(3),
            _ => self.keep(),
        }
    }

    /// A name, or the prefix of a raw string.
    fn word(&mut self) {
        let start = self.at;
        while self.ahead(0).is_some_and(is_name) {
            self.keep();
        }
        let word: String = self.chars.get(start..self.at).unwrap_or_default().iter().collect();
        if !matches!(word.as_str(), "r" | "br" | "cr") {
            return;
        }
        let hashes = self.chars.iter().skip(self.at).take_while(|&&c| c == '#').count();
        if self.ahead(hashes) == Some('"') {
            self.skip(hashes + 1);
            self.raw_string(hashes);
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        while let Some(c) = self.ahead(0) {
            let closes = c == '"' && (1..=hashes).all(|by| self.ahead(by) == Some('#'));
            if closes {
                return self.skip(hashes + 1);
            }
            self.skip(1);
        }
    }
}

#[cfg(test)]
mod tests;
