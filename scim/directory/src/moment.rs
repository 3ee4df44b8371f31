//! Moments as people and programs write them: RFC 3339 in UTC.

use std::fmt;
use std::str::FromStr;

use cohort_core::id::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An [`Instant`] that is written as `2026-03-01T09:00:00.000Z` and read from RFC 3339 or a bare date (00:00Z).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment(pub Instant);

/// The text is no moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a moment; expected a time such as `2026-03-01T09:00:00Z`, or a date")]
pub struct MomentError;

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let millis = match text.parse::<Timestamp>() {
            Ok(time) => time.as_millisecond(),
            Err(_) => bare_date(text).ok_or(MomentError)?,
        };
        Ok(Self(Instant::from_millis(millis)))
    }
}

fn bare_date(text: &str) -> Option<i64> {
    // Ten bytes: jiff would also take the date out of a longer text, and lose the rest.
    let date: Date = if text.len() == 10 { text.parse().ok()? } else { return None };
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

impl fmt::Display for Moment {
    /// Moments beyond the year 9999, which no calendar text can name, are written as the last one that it can.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Timestamp::from_millisecond(self.0.as_millis());
        write!(out, "{:.3}", time.unwrap_or(Timestamp::MAX))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
