//! One time line out of three clocks.
//!
//! Time passes by the boot clock; the wall clock only says where. Differences that clock
//! discipline explains (up to two seconds) are slewed in at one part in a thousand, so that
//! durations stay true; larger ones are jumps.

use shared_types::activity::UnobservedReason;

use super::Observation;

/// Larger differences between the wall clock and the time line are jumps.
const JUMP_MILLIS: i64 = 2_000;

/// What passed between two looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The usual interval.
    Normal { from: i64, to: i64 },
    /// Too long for one interval: nobody looked.
    Gap {
        from: i64,
        to: i64,
        reason: UnobservedReason,
    },
    /// The wall clock went another way than the boot clock, but not back.
    Jump { from: i64, to: i64 },
    /// The wall clock went back.
    Back { from: i64, to: i64 },
}

/// Where time is, and the clocks that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timeline {
    at: i64,
    boot: i64,
    mono: i64,
}

impl Timeline {
    pub(super) fn new(observation: &Observation) -> Self {
        Self {
            at: observation.wall.as_millis(),
            boot: observation.boot_millis,
            mono: observation.mono_millis,
        }
    }

    /// Milliseconds since 1970 on the time line.
    pub(super) const fn at(&self) -> i64 {
        self.at
    }

    /// Moves to this observation.
    pub(super) fn step(&mut self, observation: &Observation, blind_after: i64) -> Step {
        let from = self.at;
        let wall = observation.wall.as_millis();
        // The boot clock never goes back by contract; a broken one counts as standing still.
        let passed = (observation.boot_millis - self.boot).max(0);
        let awake = (observation.mono_millis - self.mono).clamp(0, passed);
        let expected = from + passed;
        let off = wall - expected;
        // After a long suspend the boot clock itself is only as good as the hardware clock.
        let tolerance = JUMP_MILLIS.max(passed / 500);
        let step = if off.abs() > tolerance {
            if wall >= from {
                Step::Jump { from, to: wall }
            } else {
                Step::Back { from, to: wall }
            }
        } else if passed > blind_after {
            let reason = if (passed - awake) * 2 > passed {
                UnobservedReason::Asleep
            } else {
                UnobservedReason::NotRunning
            };
            Step::Gap {
                from,
                to: wall.max(from),
                reason,
            }
        } else {
            let most = passed / 1_000;
            Step::Normal {
                from,
                to: expected + off.clamp(-most, most),
            }
        };
        self.at = match step {
            Step::Normal { to, .. }
            | Step::Gap { to, .. }
            | Step::Jump { to, .. }
            | Step::Back { to, .. } => to,
        };
        self.boot = self.boot.max(observation.boot_millis);
        self.mono = self.mono.max(observation.mono_millis);
        step
    }
}

#[cfg(test)]
mod tests {
    use shared_types::Timestamp;

    use super::*;
    use crate::sampler::Sight;

    fn at(boot: i64, mono: i64, wall: i64) -> Observation {
        Observation {
            boot_millis: boot,
            mono_millis: mono,
            wall: Timestamp::from_millis(wall),
            sight: Sight::Blind(UnobservedReason::NoCapture),
            may_start: None,
        }
    }

    fn step(passed: i64, awake: i64, wall: i64) -> Step {
        let mut timeline = Timeline::new(&at(1_000, 1_000, 50_000_000));
        timeline.step(
            &at(1_000 + passed, 1_000 + awake, 50_000_000 + wall),
            15_000,
        )
    }

    #[test]
    fn small_differences_are_slewed_and_do_not_bend_durations() {
        assert_eq!(
            step(5_000, 5_000, 6_500),
            Step::Normal {
                from: 50_000_000,
                to: 50_005_005
            }
        );
        assert_eq!(
            step(5_000, 5_000, 3_500),
            Step::Normal {
                from: 50_000_000,
                to: 50_004_995
            }
        );
        assert_eq!(
            step(5_000, 5_000, 5_001),
            Step::Normal {
                from: 50_000_000,
                to: 50_005_001
            }
        );
    }

    #[test]
    fn larger_differences_are_jumps() {
        assert_eq!(
            step(5_000, 5_000, 7_205_000),
            Step::Jump {
                from: 50_000_000,
                to: 57_205_000
            }
        );
        assert_eq!(
            step(5_000, 5_000, 1_000),
            Step::Jump {
                from: 50_000_000,
                to: 50_001_000
            }
        );
        assert_eq!(
            step(5_000, 5_000, -3_600_000),
            Step::Back {
                from: 50_000_000,
                to: 46_400_000
            }
        );
    }

    #[test]
    fn a_gap_is_sleep_when_the_boot_clock_alone_went_on() {
        let gap = |reason| Step::Gap {
            from: 50_000_000,
            to: 50_600_000,
            reason,
        };
        assert_eq!(step(600_000, 4_000, 600_000), gap(UnobservedReason::Asleep));
        assert_eq!(
            step(600_000, 600_000, 600_000),
            gap(UnobservedReason::NotRunning)
        );
    }

    #[test]
    fn a_boot_clock_that_goes_back_counts_as_standing_still() {
        assert_eq!(
            step(-5_000, -5_000, 0),
            Step::Normal {
                from: 50_000_000,
                to: 50_000_000
            }
        );
    }
}
