//! Dates and numbers in texts of profiles and rules.

use core::cmp::Ordering;

use crate::id::Instant;

const DAY_MILLIS: i64 = 86_400_000;
const MINUTE_MILLIS: i64 = 60_000;

/// The moment that an RFC 3339 date and time names, or the 00:00 UTC of a bare date.
///
/// None for anything else, dates that no calendar has included. Fractions below a millisecond are cut off; leap
/// seconds do not exist, as in Unix time.
pub(super) fn instant(text: &str) -> Option<Instant> {
    let (date, clock) = match text.split_once(['T', 't']) {
        Some((date, clock)) => (date, Some(clock)),
        None => (text, None),
    };
    let clock_millis = clock.map_or(Some(0), millis_of_clock)?;
    Some(Instant::from_millis(day_number(date)? * DAY_MILLIS + clock_millis))
}

/// The finite decimal number that a text is.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// How `found` stands to `wanted` when both are numbers or both are dates.
pub(super) fn order(found: &str, wanted: &str) -> Option<Ordering> {
    match number(wanted) {
        Some(wanted) => number(found)?.partial_cmp(&wanted),
        None => Some(instant(found)?.cmp(&instant(wanted)?)),
    }
}

/// Whether `text` begins as a date does: four digits, a hyphen, two digits, a hyphen.
pub(super) fn begins_date(text: &str) -> bool {
    let bytes = text.as_bytes().get(..8).unwrap_or_default();
    let fits =
        |(at, byte): (usize, &u8)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() };
    bytes.len() == 8 && bytes.iter().enumerate().all(fits)
}

/// Days from 1970-01-01 to `yyyy-mm-dd`, in the Gregorian calendar.
fn day_number(date: &str) -> Option<i64> {
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    if !(1..=12).contains(&month) || !(1..=month_days(year, month)).contains(&day) {
        return None;
    }
    // Years that begin in March end with the day that comes and goes; 400 of them always have 146,097 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

const fn month_days(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Milliseconds from midnight UTC to `hh:mm:ss[.fraction]` with its `Z` or `+hh:mm`.
fn millis_of_clock(text: &str) -> Option<i64> {
    let (clock, ahead_minutes) = match text.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => {
            let (clock, offset) = text.split_at_checked(text.rfind(['+', '-'])?)?;
            let minutes = minutes_of(offset.get(1..)?)?;
            (clock, if offset.starts_with('-') { -minutes } else { minutes })
        }
    };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let (minutes, seconds) = whole.rsplit_once(':')?;
    let seconds = digits(seconds, 2).filter(|seconds| *seconds < 60)?;
    let whole_millis = (minutes_of(minutes)? - ahead_minutes) * MINUTE_MILLIS + seconds * 1_000;
    Some(whole_millis + millis_of_fraction(fraction)?)
}

/// Minutes of `hh:mm`.
fn minutes_of(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn millis_of_fraction(text: &str) -> Option<i64> {
    digits(text, text.len().max(1))?;
    digits(text.get(..3).unwrap_or(text), text.len().min(3)).map(|number| match text.len() {
        1 => number * 100,
        2 => number * 10,
        _ => number,
    })
}

/// The number that exactly `count` digits write; no larger than an `i64` holds.
fn digits(text: &str, count: usize) -> Option<i64> {
    if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.bytes()
        .try_fold(0i64, |number, byte| Some(number.saturating_mul(10).saturating_add(i64::from(byte - b'0'))))
}

#[cfg(test)]
mod tests;
