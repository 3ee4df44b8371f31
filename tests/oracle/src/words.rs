//! A line of world text as words.

use crate::error::Problem;

/// One word of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    /// The word without quotes and escapes.
    pub(crate) text: String,
    /// A quoted word is never a keyword or a sign.
    pub(crate) quoted: bool,
    /// The byte after the word's last.
    end: usize,
}

impl Word {
    fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text == keyword
    }
}

/// The words of a line, taken from the left.
pub(crate) struct Words<'a> {
    line: &'a str,
    words: Vec<Word>,
    next: usize,
}

impl<'a> Words<'a> {
    /// Cuts a line into words; `,` and `=` are words of their own, `#` outside quotes ends the line.
    pub(crate) fn of(line: &'a str) -> Result<Self, Problem> {
        let mut words = Vec::new();
        let mut letters = line.char_indices().peekable();
        let mut line_end = line.len();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '#' => {
                    line_end = at;
                    break;
                }
                ',' | '=' => {
                    words.push(Word { text: letter.to_string(), quoted: false, end: at + 1 });
                }
                '"' => words.push(quoted(&mut letters)?),
                blank if blank.is_whitespace() => {}
                first => {
                    let mut text = String::from(first);
                    while let Some((_, more)) = letters.next_if(|(_, more)| !ends_word(*more)) {
                        text.push(more);
                    }
                    let end = at + text.len();
                    words.push(Word { text, quoted: false, end });
                }
            }
        }
        Ok(Self { line: line.get(..line_end).unwrap_or(line), words, next: 0 })
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.next >= self.words.len()
    }

    /// The next word, left where it is.
    pub(crate) fn peek(&self) -> Option<&Word> {
        self.words.get(self.next)
    }

    /// Takes the next word if it is this keyword or sign.
    pub(crate) fn takes(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|word| word.is(keyword));
        if found {
            self.next += 1;
        }
        found
    }

    /// Takes the next word, whatever it is.
    pub(crate) fn any(&mut self, what: &'static str) -> Result<String, Problem> {
        let Some(word) = self.words.get(self.next) else { return Err(self.expected(what)) };
        if !word.quoted && matches!(word.text.as_str(), "," | "=") {
            return Err(self.expected(what));
        }
        self.next += 1;
        Ok(word.text.clone())
    }

    /// Takes a name: `[A-Za-z0-9_.@-]+`, or anything in quotes.
    pub(crate) fn name(&mut self, what: &'static str) -> Result<String, Problem> {
        let fits = self.peek().is_some_and(|word| word.quoted || is_plain(&word.text));
        if fits { self.any(what) } else { Err(self.expected(what)) }
    }

    /// Takes the keyword, given in backticks as errors print it, or fails.
    pub(crate) fn keyword(&mut self, keyword: &'static str) -> Result<(), Problem> {
        if self.takes(keyword.trim_matches('`')) { Ok(()) } else { Err(self.expected(keyword)) }
    }

    /// Takes `a, b, c`.
    pub(crate) fn list(
        &mut self,
        what: &'static str,
        one: fn(&mut Self, &'static str) -> Result<String, Problem>,
    ) -> Result<Vec<String>, Problem> {
        let mut names = vec![one(self, what)?];
        while self.takes(",") {
            names.push(one(self, what)?);
        }
        Ok(names)
    }

    /// Everything from here to the end of the line (or its comment), as written.
    pub(crate) fn rest(&mut self) -> &'a str {
        let start = self.next.checked_sub(1).and_then(|last| self.words.get(last)).map_or(0, |word| word.end);
        self.next = self.words.len();
        self.line.get(start..).unwrap_or_default().trim()
    }

    /// Fails unless the line is over.
    pub(crate) fn end(&self) -> Result<(), Problem> {
        if self.is_at_end() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    /// The error of finding the next word where `what` belongs.
    pub(crate) fn expected(&self, what: &'static str) -> Problem {
        Problem::Expected { what, found: self.peek().map(|word| word.text.clone()) }
    }
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | '=' | '#' | '"')
}

/// Reads on after an opening quote.
fn quoted(letters: &mut impl Iterator<Item = (usize, char)>) -> Result<Word, Problem> {
    let mut text = String::new();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok(Word { text, quoted: true, end: at + 1 }),
            '\\' => text.push(letters.next().ok_or(Problem::OpenQuote)?.1),
            other => text.push(other),
        }
    }
    Err(Problem::OpenQuote)
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.@-".contains(letter))
}

/// The name as a world text writes it: in quotes where it would not be read back otherwise.
pub(crate) fn written(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { in_quotes(name) }
}

/// As [`written`], for scopes, whose `:` and `/` need no quotes.
pub(crate) fn written_scope(scope: &str) -> String {
    let bare = scope.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.@-:/*|".contains(letter));
    if bare { scope.to_owned() } else { in_quotes(scope) }
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
