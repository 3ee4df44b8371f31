//! Instants and the stretches between them, read from RFC 3339 text without any library.

/// Milliseconds of one day; leap seconds do not exist here, as in Unix time.
const DAY_MILLIS: i64 = 86_400_000;

/// The moments `from <= t < until`; an absent bound is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// The first moment inside, in milliseconds since 1970.
    pub from: Option<i64>,
    /// The first moment after it, in milliseconds since 1970.
    pub until: Option<i64>,
}

impl Span {
    /// Whether `at` is inside.
    #[must_use]
    pub fn holds(self, at: i64) -> bool {
        !self.is_future(at) && !self.is_expired(at)
    }

    /// Whether it begins after `at`.
    #[must_use]
    pub fn is_future(self, at: i64) -> bool {
        self.from.is_some_and(|from| at < from)
    }

    /// Whether it was over at `at`.
    #[must_use]
    pub fn is_expired(self, at: i64) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    /// Whether no moment is inside.
    #[must_use]
    pub fn is_empty(self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until <= from)
    }
}

/// The milliseconds since 1970 that an RFC 3339 text or a bare date (its 00:00 UTC) names.
///
/// Fractions finer than a millisecond are cut off. `None` for everything else, also for a 30th of February.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let Some((date, rest)) = text.split_once(['T', 't']) else { return day(text)?.checked_mul(DAY_MILLIS) };
    let (clock, offset_minutes) = split_offset(rest)?;
    let millis = clock_millis(clock)?;
    Some(day(date)? * DAY_MILLIS + millis - offset_minutes * 60_000)
}

/// The instant as `2026-03-01T09:00:00Z`, with milliseconds only where there are some.
#[must_use]
pub fn instant_text(millis: i64) -> String {
    let (year, month, day) = date_of_day(millis.div_euclid(DAY_MILLIS));
    let rest = millis.rem_euclid(DAY_MILLIS);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    let fraction = match rest % 1_000 {
        0 => String::new(),
        some => format!(".{some:03}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// The wall clock and the minutes by which it runs ahead of UTC.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let sign_at = text.rfind(['+', '-'])?;
    let (clock, offset) = text.split_at_checked(sign_at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    Some((clock, sign * (digits(hours, 2, 23)? * 60 + digits(minutes, 2, 59)?)))
}

fn clock_millis(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let hour = digits(parts.next()?, 2, 23)?;
    let minute = digits(parts.next()?, 2, 59)?;
    let second = digits(parts.next()?, 2, 59)?;
    if parts.next().is_some() || fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: String = fraction.chars().chain("00".chars()).take(3).collect();
    Some(((hour * 60 + minute) * 60 + second) * 1_000 + millis.parse::<i64>().ok()?)
}

/// Days from 1970-01-01 to a date such as `2026-03-01`.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4, 9999)?;
    let month = digits(parts.next()?, 2, 12)?;
    let day = digits(parts.next()?, 2, 31)?;
    if parts.next().is_some() || month == 0 || day == 0 || day > month_days(year, month) {
        return None;
    }
    let years: i64 = days_before_year(year) - days_before_year(1970);
    let months: i64 = (1..month).map(|earlier| month_days(year, earlier)).sum();
    Some(years + months + day - 1)
}

fn date_of_day(mut day: i64) -> (i64, i64, i64) {
    // Not after the year sought: years before 1970 are counted too short, later ones too long.
    let mut year = 1970 + day.div_euclid(if day < 0 { 365 } else { 366 });
    day -= days_before_year(year) - days_before_year(1970);
    while day >= year_days(year) {
        day -= year_days(year);
        year += 1;
    }
    let mut month = 1;
    while day >= month_days(year, month) {
        day -= month_days(year, month);
        month += 1;
    }
    (year, month, day + 1)
}

/// Days from the start of year 1 to the start of `year`, in the Gregorian calendar.
fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
}

fn year_days(year: i64) -> i64 {
    days_before_year(year + 1) - days_before_year(year)
}

fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 => year_days(year) - 337,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(text: &str, width: usize, max: i64) -> Option<i64> {
    if text.len() != width || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| *number <= max)
}
