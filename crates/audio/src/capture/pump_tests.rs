//! A recording without a device: frames are pushed as the callback would, ticks are called by hand.

use std::sync::mpsc::{Receiver, channel};

use proptest::prelude::*;
use rtrb::{Producer, RingBuffer};

use super::*;
use crate::capture::stream::push;

struct Bench {
    ring: Producer<f32>,
    shared: Arc<Shared>,
    pump: Pump,
    events: Receiver<CaptureEvent>,
    rate: u32,
    channels: u16,
    begun: Instant,
}

fn bench(rate: u32, channels: u16) -> Bench {
    bench_with(rate, channels, Duration::ZERO)
}

fn bench_with(rate: u32, channels: u16, held: Duration) -> Bench {
    let shared = Arc::new(Shared::default());
    let (ring, frames) = RingBuffer::new(rate as usize * usize::from(channels));
    let (sender, events) = channel();
    let begun = Instant::now();
    let format = Format { device: "Test mic".into(), rate, channels, held };
    let pump = Pump::new(format, frames, Arc::clone(&shared), sender, begun).unwrap();
    Bench { ring, shared, pump, events, rate, channels, begun }
}

impl Bench {
    /// A tone in every channel, for `ms` milliseconds, as one callback would bring it.
    fn hear(&mut self, ms: u32) {
        let frames = (self.rate * ms / 1000) as usize;
        let channels = usize::from(self.channels);
        let tone = |i: usize| 0.5 * ((i / channels) as f32 * 0.05).sin();
        push(
            &mut self.ring,
            channels,
            &self.shared,
            &mut (0..frames * channels).map(tone),
            frames * channels,
        );
    }

    fn tick(&mut self, at_ms: u64) -> Next {
        self.pump.tick(self.begun + Duration::from_millis(at_ms))
    }

    /// Ticks every half second from one time up to another; the answer of the last one.
    fn wait(&mut self, from_ms: u64, to_ms: u64) -> Next {
        for at_ms in (from_ms..to_ms).step_by(500) {
            assert_eq!(self.tick(at_ms), Next::Continue, "at {at_ms} ms");
        }
        self.tick(to_ms)
    }

    fn finish(self, ending: Ending) -> Vec<CaptureEvent> {
        self.pump.finish(ending);
        self.events.try_iter().collect()
    }
}

fn samples(events: &[CaptureEvent]) -> usize {
    events.iter().map(|e| if let CaptureEvent::Samples(s) = e { s.len() } else { 0 }).sum()
}

fn levels(events: &[CaptureEvent]) -> usize {
    events.iter().filter(|e| matches!(e, CaptureEvent::Level { .. })).count()
}

#[test]
fn started_comes_only_with_the_first_sample_and_names_the_device() {
    let mut b = bench(48_000, 2);
    assert_eq!(b.tick(20), Next::Continue);
    assert!(b.events.try_recv().is_err());
    b.hear(20);
    assert_eq!(b.tick(40), Next::Continue);
    let first = b.events.try_recv().unwrap();
    assert_eq!(first, CaptureEvent::Started { device: "Test mic".into(), native_rate: 48_000, channels: 2 });
}

#[test]
fn one_second_of_stereo_becomes_sixteen_thousand_samples_in_short_blocks() {
    let mut b = bench(44_100, 2);
    for i in 0..50 {
        b.hear(20);
        assert_eq!(b.tick(i * 20), Next::Continue);
    }
    let events = b.finish(Ending::Stopped);
    assert_eq!(samples(&events), 16_000);
    assert!(events.iter().all(|e| !matches!(e, CaptureEvent::Samples(s) if s.is_empty() || s.len() > 1_600)));
    assert_eq!(events.last(), Some(&CaptureEvent::Ended));
    assert!((14..=16).contains(&levels(&events)));
}

#[test]
fn a_pause_is_not_in_the_samples_but_its_level_is_reported() {
    let mut b = bench(48_000, 1);
    b.hear(300);
    b.tick(300);
    b.shared.paused.store(true, Ordering::Release);
    // What was in the ring when the pause was asked for was said before it.
    b.hear(20);
    b.tick(320);
    b.events.try_iter().for_each(drop);
    b.hear(400);
    b.tick(720);
    let during: Vec<_> = b.events.try_iter().collect();
    assert_eq!(samples(&during), 0);
    assert!(levels(&during) > 0);
    b.shared.paused.store(false, Ordering::Release);
    b.tick(740);
    b.hear(200);
    b.tick(940);
    let after = b.finish(Ending::Stopped);
    assert_eq!(samples(&after), 3_200);
}

#[test]
fn a_pause_and_a_resume_keep_each_span_to_the_sample() {
    let mut b = bench(44_100, 1);
    for span in 0..3u64 {
        b.hear(100);
        b.tick(span * 200 + 100);
        b.shared.paused.store(true, Ordering::Release);
        b.tick(span * 200 + 110);
        b.hear(100);
        b.tick(span * 200 + 190);
        b.shared.paused.store(false, Ordering::Release);
        b.tick(span * 200 + 200);
    }
    assert_eq!(samples(&b.finish(Ending::Stopped)), 3 * 1_600);
}

#[test]
fn sound_of_the_pause_that_the_system_still_holds_is_not_kept_after_the_resume() {
    let mut b = bench_with(48_000, 1, Duration::from_millis(100));
    b.shared.paused.store(true, Ordering::Release);
    b.hear(50);
    b.tick(50);
    b.events.try_iter().for_each(drop);
    b.shared.paused.store(false, Ordering::Release);
    b.tick(60);
    // Said during the pause, handed over after it.
    b.hear(100);
    b.tick(160);
    b.hear(200);
    b.tick(360);
    assert_eq!(samples(&b.finish(Ending::Stopped)), 3_200);
}

#[test]
fn what_was_said_before_the_stop_is_waited_for() {
    let mut b = bench_with(48_000, 1, Duration::from_millis(100));
    b.hear(100);
    b.tick(100);
    b.shared.stop.store(true, Ordering::Release);
    assert_eq!(b.tick(110), Next::Continue);
    b.hear(100);
    assert_eq!(b.tick(200), Next::Continue);
    assert_eq!(b.tick(210), Next::End(Ending::Stopped));
    assert_eq!(samples(&b.finish(Ending::Stopped)), 3_200);
}

#[test]
fn a_device_that_gives_nothing_is_lost_after_four_seconds() {
    let mut b = bench(48_000, 2);
    assert_eq!(b.wait(0, 3_999), Next::Continue);
    let error = AudioError::DeviceSilent { device: "Test mic".into(), waited_ms: 4_000 };
    assert_eq!(b.tick(4_000), Next::End(Ending::Lost(error.clone())));
    assert_eq!(b.finish(Ending::Lost(error.clone())), [CaptureEvent::Lost(error)]);
}

#[test]
fn a_device_that_stops_giving_is_lost_and_what_it_gave_is_delivered() {
    let mut b = bench(48_000, 1);
    b.hear(150);
    b.tick(150);
    let Next::End(ending) = b.wait(150, 4_150) else { panic!("it goes on") };
    assert_eq!(
        ending,
        Ending::Lost(AudioError::DeviceStalled { device: "Test mic".into(), waited_ms: 4_000 })
    );
    let events = b.finish(ending);
    assert_eq!(samples(&events), 2_400);
    assert!(matches!(events.last(), Some(CaptureEvent::Lost(_))));
}

#[test]
fn a_machine_that_sleeps_and_wakes_goes_on_recording_where_the_device_still_gives() {
    let mut b = bench(48_000, 1);
    b.hear(100);
    b.tick(100);
    // What the system still held when it fell asleep, an hour before.
    b.hear(50);
    assert_eq!(b.tick(3_600_000), Next::Continue);
    // The device takes its time to wake.
    assert_eq!(b.wait(3_600_000, 3_603_000), Next::Continue);
    b.hear(200);
    assert_eq!(b.tick(3_603_200), Next::Continue);
    let events = b.finish(Ending::Stopped);
    assert_eq!(samples(&events), 16 * 350);
    assert!(!events.iter().any(|e| matches!(e, CaptureEvent::Lost(_))));
}

#[test]
fn a_device_that_does_not_wake_with_the_machine_is_lost_and_what_it_gave_is_delivered() {
    let mut b = bench(48_000, 1);
    b.hear(100);
    b.tick(100);
    assert_eq!(b.tick(3_600_000), Next::Continue);
    let Next::End(ending) = b.wait(3_600_000, 3_604_000) else { panic!("it goes on") };
    assert!(matches!(ending, Ending::Lost(AudioError::DeviceStalled { .. })));
    assert_eq!(samples(&b.finish(ending)), 1_600);
}

/// cpal tells of it as of a stream that is no longer valid; on the servers that resample themselves it is not told at all.
#[test]
fn a_change_of_the_sample_rate_ends_the_stream_with_all_it_gave_and_the_next_one_has_the_new_rate() {
    let mut first = bench(48_000, 2);
    first.hear(500);
    first.tick(500);
    first.shared.health.report(cpal::ErrorKind::StreamInvalidated);
    let Next::End(ending) = first.tick(520) else { panic!("it goes on") };
    let before = first.finish(ending);
    assert_eq!(samples(&before), 8_000);
    assert!(matches!(before.last(), Some(CaptureEvent::Lost(AudioError::DeviceLost { .. }))));
    let mut next = bench(44_100, 1);
    next.hear(500);
    next.tick(500);
    let after = next.finish(Ending::Stopped);
    assert!(matches!(after[0], CaptureEvent::Started { native_rate: 44_100, .. }));
    assert_eq!(samples(&after), 8_000);
}

#[test]
fn a_failed_stream_ends_with_lost_after_what_was_captured() {
    let mut b = bench(48_000, 1);
    b.hear(70);
    b.shared.health.report(cpal::ErrorKind::StreamInvalidated);
    let Next::End(ending) = b.tick(70) else { panic!("it goes on") };
    // Sound that arrived between the last tick and the closing of the stream.
    b.hear(30);
    let events = b.finish(ending);
    assert_eq!(samples(&events), 1_600);
    let lost = AudioError::DeviceLost { device: "Test mic".into() };
    assert_eq!(events.last(), Some(&CaptureEvent::Lost(lost)));
}

#[test]
fn a_change_of_route_or_priority_does_not_end_a_recording() {
    let mut b = bench(48_000, 1);
    b.shared.health.report(cpal::ErrorKind::DeviceChanged);
    b.shared.health.report(cpal::ErrorKind::RealtimeDenied);
    b.shared.health.report(cpal::ErrorKind::Xrun);
    assert_eq!(b.tick(20), Next::Continue);
    assert_eq!(b.events.try_iter().collect::<Vec<_>>(), [CaptureEvent::Overrun { lost_ms: 0 }]);
}

#[test]
fn what_finds_no_room_in_the_ring_is_counted_and_the_channels_keep_their_places() {
    let mut b = bench(8_000, 3);
    b.hear(1_500);
    assert_eq!(b.tick(1_500), Next::Continue);
    b.hear(100);
    let events = b.finish(Ending::Stopped);
    assert!(events.contains(&CaptureEvent::Overrun { lost_ms: 500 }));
    assert_eq!(samples(&events), 17_600);
}

#[test]
fn a_receiver_that_is_gone_does_not_disturb_the_recording() {
    let Bench { mut ring, shared, mut pump, events, begun, .. } = bench(48_000, 1);
    drop(events);
    push(&mut ring, 1, &shared, &mut std::iter::repeat_n(0.1, 9_600), 9_600);
    assert_eq!(pump.tick(begun), Next::Continue);
    pump.finish(Ending::Stopped);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever comes when, the result is as long as the time that was not paused, and ends with one last event.
    #[test]
    fn any_course_of_events_keeps_exactly_the_time_that_was_not_paused(
        rate in prop::sample::select(vec![8_000u32, 16_000, 44_100, 48_000]),
        channels in 1u16..4,
        course in prop::collection::vec((1u32..90, any::<bool>()), 0..40),
    ) {
        let mut b = bench(rate, channels);
        let (mut now, mut kept, mut paused) = (0u64, 0.0f64, false);
        let mut spans = 1;
        for (ms, pause) in course {
            b.hear(ms);
            now += u64::from(ms);
            if !paused {
                kept += f64::from(rate * ms / 1000) * 16_000.0 / f64::from(rate);
            }
            b.shared.paused.store(pause, Ordering::Release);
            spans += usize::from(pause != paused);
            paused = pause;
            prop_assert_eq!(b.tick(now), Next::Continue);
        }
        let events = b.finish(Ending::Stopped);
        prop_assert!((samples(&events) as f64 - kept).abs() <= spans as f64);
        let last = events.iter().filter(|e| matches!(e, CaptureEvent::Ended | CaptureEvent::Lost(_))).count();
        prop_assert_eq!(last, 1);
        prop_assert_eq!(events.last(), Some(&CaptureEvent::Ended));
    }
}
