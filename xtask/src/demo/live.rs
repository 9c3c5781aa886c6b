//! Colleagues who are at work now go on sending a minute each minute.

use std::time::Duration;

use super::{absent, api::Api, people::PEOPLE, rhythm, seed, state::Memory};
use crate::{clock, stop};

/// Seconds after the full minute at which it is sent, as an agent would.
const AFTER_THE_MINUTE: i64 = 3;

/// Sends until a stop is asked for. First catches up with what is missing since the last run.
///
/// A failure is told once and tried again with the next minute, as an agent would; nothing
/// is lost, because only what was acknowledged counts as sent.
pub(crate) fn run(api: &Api, memory: &Memory) {
    let mut told = false;
    loop {
        let outcome = minute(api, memory);
        match outcome {
            Err(error) if !told && !stop::requested() => {
                eprintln!(
                    "The simulated colleagues could not send their minute (they keep trying): {error:#}"
                );
                told = true;
            }
            Err(_) => {}
            Ok(()) => told = false,
        }
        let now = clock::now().as_millis();
        let next = (now.div_euclid(60_000) + 1) * 60_000 + AFTER_THE_MINUTE * 1_000;
        let pause = u64::try_from(next - now).unwrap_or(0).min(60_000);
        if stop::wait(Duration::from_millis(pause)) {
            return;
        }
    }
}

fn minute(api: &Api, memory: &Memory) -> anyhow::Result<()> {
    let now = clock::now().as_millis() / 1_000;
    let seed = memory.state().seed;
    for person in &PEOPLE {
        seed::send_until(api, memory, person, now, |_| {})?;
        if rhythm::at_work(person, seed, now) {
            // Long silence between two spans must not look like a dead machine.
            seed::post(api, memory, person, &[])?;
        }
    }
    absent::go_on(api, memory, now)?;
    memory.save()
}

/// The names of those who are at work at this second.
pub(crate) fn at_work(memory: &Memory) -> Vec<&'static str> {
    let now = clock::now().as_millis() / 1_000;
    let seed = memory.state().seed;
    PEOPLE
        .iter()
        .filter(|person| rhythm::at_work(person, seed, now))
        .map(|person| person.name)
        .collect()
}
