use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use peak_alloc::PeakAlloc;
use proptest::test_runner::Config;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is counted for the process: one case at a time.
static ONE: Mutex<()> = Mutex::new(());

/// No measure of speed: a case takes milliseconds, and one that is not done by then is taken to go on for ever.
const FOR_EVER: Duration = Duration::from_secs(180);

/// So many cases, or what `PROPTEST_CASES` says.
#[must_use]
pub fn cases(number: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: asked.unwrap_or(number),
        // A case that was found goes into a test by its name, not into a file of seeds.
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    }
}

/// What `job` gives, when it takes at most `most` bytes of memory at any moment. What C libraries take is not counted.
///
/// # Errors
/// When it panics, takes more, or is not done after minutes.
pub fn within<T: Send + 'static>(most: usize, job: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let (done, wait) = channel();
    let worker = std::thread::spawn(move || {
        // Nobody listens any more when it took for ever.
        let _ = done.send(job());
    });
    match wait.recv_timeout(FOR_EVER) {
        Ok(result) => {
            let taken = MEMORY.peak_usage().saturating_sub(before);
            let _ = worker.join();
            if taken > most {
                Err(format!("{taken} bytes of memory were taken, {most} were given"))
            } else {
                Ok(result)
            }
        }
        Err(RecvTimeoutError::Timeout) => Err(format!("still at work after {} s", FOR_EVER.as_secs())),
        Err(RecvTimeoutError::Disconnected) => {
            let said = worker.join().err().map(|panic| {
                let text = panic.downcast_ref::<&str>().map(ToString::to_string);
                text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
            });
            Err(format!("panicked: {}", said.unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_keeps_to_its_bounds_gives_its_result() {
        assert_eq!(within(1 << 20, || vec![7_u8; 1000].len()), Ok(1000));
    }

    #[test]
    fn a_panic_and_a_hunger_for_memory_are_told() {
        let panicked = within(1 << 20, || {
            let none: Option<u8> = std::env::args().nth(10_000).map(|_| 1);
            none.unwrap()
        });
        assert!(panicked.unwrap_err().starts_with("panicked: called `Option::unwrap()`"));
        let hungry = within(1 << 20, || vec![1_u8; 8 << 20].iter().map(|&b| u64::from(b)).sum::<u64>());
        assert!(hungry.unwrap_err().contains("bytes of memory"));
    }
}
