//! Which sequence numbers of a stream have been handled.
//!
//! A watermark (every number up to it) and ranges above it, for batches that arrive out
//! of order. In step with the rows: both change in the transaction that stores them.

use std::fmt::Write as _;

/// The handled numbers of one stream. Numbers count from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handled {
    watermark: i64,
    /// Inclusive ranges above the watermark: ascending, disjoint, never touching.
    ahead: Vec<(i64, i64)>,
}

impl Handled {
    /// From the stored form; `None` if it is not one.
    #[must_use]
    pub fn parse(watermark: i64, ahead: &str) -> Option<Self> {
        let mut handled = Self {
            watermark,
            ahead: Vec::new(),
        };
        for range in ahead.split(',').filter(|range| !range.is_empty()) {
            let (first, last) = range.split_once('-')?;
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            let floor = handled.ahead.last().map_or(watermark, |range| range.1);
            if first <= floor + 1 || last < first {
                return None;
            }
            handled.ahead.push((first, last));
        }
        Some(handled)
    }

    /// Every number up to this one has been handled.
    #[must_use]
    pub fn watermark(&self) -> i64 {
        self.watermark
    }

    /// The stored form of the ranges above the watermark.
    #[must_use]
    pub fn ahead(&self) -> String {
        let mut text = String::new();
        for (index, (first, last)) in self.ahead.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{first}-{last}");
        }
        text
    }

    /// Whether a number is missing below one that has been handled.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Whether this number has been handled.
    #[must_use]
    pub fn contains(&self, seq: i64) -> bool {
        seq <= self.watermark
            || self
                .ahead
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&seq))
    }

    /// How many numbers have been handled.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.ahead
            .iter()
            .fold(self.watermark, |count, (first, last)| {
                count.saturating_add(last.saturating_sub(*first).saturating_add(1))
            })
    }

    /// Marks a number as handled.
    pub fn insert(&mut self, seq: i64) {
        if self.contains(seq) {
            return;
        }
        let at = self.ahead.partition_point(|range| range.1 < seq);
        let touches_left = at > 0 && self.ahead[at - 1].1 == seq - 1;
        let touches_right = self.ahead.get(at).is_some_and(|range| range.0 - 1 == seq);
        match (touches_left, touches_right) {
            (true, true) => {
                self.ahead[at - 1].1 = self.ahead[at].1;
                self.ahead.remove(at);
            }
            (true, false) => self.ahead[at - 1].1 = seq,
            (false, true) => self.ahead[at].0 = seq,
            (false, false) => self.ahead.insert(at, (seq, seq)),
        }
        if let Some(&(first, last)) = self.ahead.first()
            && first == self.watermark + 1
        {
            self.watermark = last;
            self.ahead.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_behaves_like_a_set_in_any_order_and_survives_its_stored_form(
            numbers in prop::collection::vec(1_i64..60, 0..120),
        ) {
            let mut handled = Handled::default();
            let mut model = BTreeSet::new();
            for seq in numbers {
                handled.insert(seq);
                model.insert(seq);
                let stored = Handled::parse(handled.watermark(), &handled.ahead());
                prop_assert_eq!(stored.as_ref(), Some(&handled));
            }
            for seq in 1..60 {
                prop_assert_eq!(handled.contains(seq), model.contains(&seq));
            }
            let contiguous = (1..60).take_while(|seq| model.contains(seq)).last().unwrap_or(0);
            prop_assert_eq!(handled.watermark(), contiguous);
            prop_assert_eq!(usize::try_from(handled.count()), Ok(model.len()));
            prop_assert_eq!(handled.has_gap(), model.iter().any(|seq| *seq > contiguous));
        }

        #[test]
        fn no_stored_text_makes_it_panic(text in "[0-9,\\-]{0,20}", watermark in 0_i64..100) {
            let _ = Handled::parse(watermark, &text).map(|handled| handled.count());
        }
    }

    #[test]
    fn a_stored_form_that_contradicts_itself_is_refused() {
        assert_eq!(Handled::parse(5, "6-7"), None, "touches the watermark");
        assert_eq!(Handled::parse(5, "9-8"), None, "ends before it begins");
        assert_eq!(Handled::parse(5, "9-12,11-14"), None, "overlaps");
        assert_eq!(Handled::parse(5, "nine"), None);
    }
}
