//! Times of day and the zones written after them.

use jiff::tz::TimeZone;

use super::{
    lexicon::{Unit, What},
    line::Line,
    token::Kind,
    zone,
};

/// A time of day as written.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    /// 0 to 23.
    pub(super) hour: i8,
    /// 0 to 59.
    pub(super) minute: i8,
    /// 0 to 59; a written leap second is 59.
    pub(super) second: Option<i8>,
    /// The fraction of the second.
    pub(super) nanosecond: i32,
    /// The zone written after it.
    pub(super) zone: Option<TimeZone>,
}

/// Half of a day, said before or after the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
    Noon,
}

/// Whether a full stop may part hours and minutes: only beside a date that leaves no doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dot {
    Parts,
    Ends,
}

impl Line<'_> {
    /// The time of day at `at`: `10:07`, `10:07:53.1`, `10h07`, `10时07分`, `下午3点`, `2:57 p.m.`, noon.
    pub(super) fn clock(&self, at: usize, dot: Dot) -> Option<(Clock, usize)> {
        let mut at = at;
        let mut half = self.half(at);
        if half.is_some() {
            at = self.skip(at + 1, 2, |n| matches!(self.kind(n), Some(Kind::Space)) || self.is_mark(n, '.'));
        }
        let Some((hour, digits)) = self.number(at) else {
            return self.named_time(at).or_else(|| self.named_time(at.checked_sub(1)?));
        };
        if digits > 2 {
            return None;
        }
        let (mut clock, mut next) = self.after_hour(hour, at + 1, half.is_some(), dot)?;
        if half.is_none() {
            let place = self.skip_space(next);
            if let Some(said) = self.half(place).filter(|_| self.is_meridiem_after(place)) {
                half = Some(said);
                next = place + 1;
                if self.is_mark(next, '.') {
                    next += 1;
                }
            }
        }
        if let Some(half) = half {
            clock.hour = in_half(clock.hour, half)?;
        }
        let (zone, end) = self.zone(next);
        clock.zone = zone;
        Some((clock, end))
    }

    /// The time whose hour ended before `next`.
    pub(super) fn after_hour(&self, hour: u64, next: usize, is_half: bool, dot: Dot) -> Option<(Clock, usize)> {
        let mut clock = Clock { hour: i8::try_from(hour).ok()?, ..Clock::default() };
        let two = |at: usize| self.number(at).filter(|(value, digits)| *value < 60 && *digits == 2);
        let loose = |at: usize| self.number(at).filter(|(value, digits)| *value < 60 && *digits <= 2);
        let mut end = next;
        let word = if self.kind(next) == Some(Kind::Space) { next + 1 } else { next };
        if self.is_mark(next, ':') && loose(self.skip_space(next + 1)).is_some() {
            let place = self.skip_space(next + 1);
            let (minute, _) = loose(place)?;
            clock.minute = i8::try_from(minute).ok()?;
            end = place + 1;
            if self.is_mark(end, ':') {
                let place = self.skip_space(end + 1);
                let (second, digits) = self.number(place)?;
                if second > 60 || digits > 2 {
                    return None;
                }
                clock.second = i8::try_from(second.min(59)).ok();
                end = place + 1;
                if (self.is_mark(end, '.') || self.is_mark(end, ','))
                    && self.is_glued(end + 1)
                    && let Some((value, digits)) = self.number(end + 1)
                    && digits <= 18
                {
                    clock.nanosecond = nanoseconds(value, digits);
                    end += 2;
                }
                if self.is_mark(end, ':') && self.number(end + 1).is_some() {
                    // An address of hardware, a fingerprint.
                    return None;
                }
            }
        } else if self.means(word, What::Part(Unit::Hour)) || self.is_hour_word(word) {
            end = word + 1;
            let place = self.skip_space(end);
            if let Some((minute, digits)) = loose(place) {
                let after = self.skip_space(place + 1);
                let named = self.is_unit(after, Unit::Minute);
                if named || (digits == 2 && self.is_glued(place)) {
                    clock.minute = i8::try_from(minute).ok()?;
                    end = if named { after + 1 } else { place + 1 };
                    let place = self.skip_space(end);
                    let after = self.skip_space(place + 1);
                    if let Some((second, _)) = loose(place).filter(|_| self.is_unit(after, Unit::Second)) {
                        clock.second = i8::try_from(second).ok();
                        end = after + 1;
                    }
                }
            }
        } else if dot == Dot::Parts && self.is_mark(next, '.') && self.is_glued(next) && two(next + 1).is_some() {
            let (minute, _) = two(next + 1)?;
            clock.minute = i8::try_from(minute).ok()?;
            end = next + 2;
            if self.is_mark(end, '.')
                && let Some((second, _)) = two(end + 1)
            {
                clock.second = i8::try_from(second).ok();
                end += 2;
            }
        } else if !(is_half || self.half(word).is_some() && self.is_meridiem_after(word)) {
            return None;
        }
        (clock.hour < 24).then_some((clock, end))
    }

    fn is_unit(&self, at: usize, unit: Unit) -> bool {
        self.means(at, What::Part(unit)) || self.means(at, What::Unit(unit))
    }

    /// A word for hours that follows the hour of a clock, as in 10h11 or 7 гадзін 10 хвілін: then minutes come.
    fn is_hour_word(&self, at: usize) -> bool {
        self.means(at, What::Unit(Unit::Hour)) && self.number(self.skip_space(at + 1)).is_some()
    }

    fn half(&self, at: usize) -> Option<Half> {
        self.sense(at, |what| match what {
            What::Am => Some(Half::Am),
            What::Pm => Some(Half::Pm),
            What::Noon => Some(Half::Noon),
            _ => None,
        })
    }

    /// After the hour only am and pm stand, not "noon".
    fn is_meridiem_after(&self, at: usize) -> bool {
        self.means(at, What::Am) || self.means(at, What::Pm)
    }

    /// Noon and midnight.
    fn named_time(&self, at: usize) -> Option<(Clock, usize)> {
        let hour = self.sense(at, |what| match what {
            What::Noon => Some(12),
            What::Midnight => Some(0),
            _ => None,
        })?;
        Some((Clock { hour, ..Clock::default() }, at + 1))
    }

    /// The zone at `at` and the token after it; no zone leaves `at` where it is.
    pub(super) fn zone(&self, at: usize) -> (Option<TimeZone>, usize) {
        let mut place = self.skip_space(at);
        let bracketed = self.is_mark(place, '(');
        if bracketed {
            place += 1;
        }
        let found = if self.is_glued(place) && place == at
            || self.kind(place.wrapping_sub(1)) == Some(Kind::Space)
            || bracketed
        {
            zone::named(self.text(place))
        } else {
            None
        };
        if let Some(name) = found {
            let named = place + 1;
            // GMT+8, UTC+08:00.
            if name.takes_offset()
                && let Some((offset, end)) = self.offset(named, 2)
            {
                return (Some(offset), self.past_bracket(end, bracketed));
            }
            return match name.resolve(self.context.language) {
                Some(zone) => (Some(zone), self.past_bracket(named, bracketed)),
                None => (None, at),
            };
        }
        match self.offset(place, 4) {
            Some((zone, end)) => {
                // The name of the zone in brackets after its offset says nothing more.
                (Some(zone), self.past_bracket(end, bracketed))
            }
            None => (None, at),
        }
    }

    fn past_bracket(&self, at: usize, bracketed: bool) -> usize {
        if bracketed && self.is_mark(at, ')') { at + 1 } else { at }
    }

    /// `+08:00`, `+0800`, `+08`; with `least` digits at least when no colon follows.
    fn offset(&self, at: usize, least: u32) -> Option<(TimeZone, usize)> {
        let sign = match self.mark(at)? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let (value, digits) = self.number(at + 1).filter(|_| self.is_glued(at + 1))?;
        let colon = self.is_mark(at + 2, ':').then(|| self.number(at + 3)).flatten().filter(|(_, digits)| *digits == 2);
        let (hours, minutes, end) = match (digits, colon) {
            (1 | 2, Some((minutes, _))) => (value, minutes, at + 4),
            (4, _) => (value / 100, value % 100, at + 2),
            // After a clock a bare two-digit offset is one only with its sign glued to the clock: 10:07+08.
            (1 | 2, None) if least <= 2 || (digits == 2 && self.is_glued(at)) => (value, 0, at + 2),
            _ => return None,
        };
        if hours > 14 || minutes > 59 {
            return None;
        }
        let seconds = sign * i32::try_from(hours * 3600 + minutes * 60).ok()?;
        Some((TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).ok()?), end))
    }
}

fn in_half(hour: i8, half: Half) -> Option<i8> {
    match (half, hour) {
        (Half::Am, 12) => Some(0),
        (Half::Pm, 1..=11) | (Half::Noon, 1..=4) => Some(hour + 12),
        (Half::Am | Half::Pm | Half::Noon, 0..=23) => Some(hour),
        _ => None,
    }
}

fn nanoseconds(value: u64, digits: u32) -> i32 {
    let scaled = if digits <= 9 { value * 10_u64.pow(9 - digits) } else { value / 10_u64.pow(digits - 9) };
    i32::try_from(scaled).unwrap_or(0)
}
