use std::sync::Arc;

use note::{Note, Segment};
use record::{Backup, ConsultationId};
use serde::Serialize;

use crate::Failure;

/// What happens while the app works, for whoever shows it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Linear, 0 to 1.
    Level {
        peak: f32,
        rms: f32,
    },
    Recording {
        id: ConsultationId,
        phase: RecordingPhase,
        elapsed_ms: u32,
        /// Audio up to here is on disk, encrypted.
        saved_ms: u32,
        /// How far the recogniser lags behind speech.
        behind_ms: u32,
    },
    /// The doctor marked a moment.
    Marker {
        id: ConsultationId,
        at_ms: u32,
    },
    Segment {
        id: ConsultationId,
        segment: Segment,
    },
    /// Words that no segment holds yet. Each takes the place of the one before.
    Tentative {
        id: ConsultationId,
        /// Heard alike twice: they stay as they are until their segment comes.
        firm: String,
        /// What follows them and may still change.
        text: String,
    },
    Note {
        id: ConsultationId,
        note: Note,
    },
    Progress {
        id: ConsultationId,
        stage: Stage,
        /// 0 to 1 where it is known.
        fraction: Option<f32>,
        remaining_ms: Option<u32>,
    },
    /// The draft is complete: open the consultation again to see it.
    Ready {
        id: ConsultationId,
    },
    Problem {
        id: Option<ConsultationId>,
        failure: Failure,
    },
    Playback {
        id: ConsultationId,
        position_ms: u32,
        playing: bool,
    },
    /// A statement being dictated: what is understood for good, and what may still change.
    Dictation {
        id: ConsultationId,
        phase: DictationPhase,
        text: String,
        tentative: String,
    },
    /// A model is being measured.
    Measuring {
        file: String,
        /// Share that is done, roughly; 0 while it is loaded.
        fraction: f32,
    },
    Locked,
    /// A copy of the record was made and read back.
    BackedUp {
        backup: Backup,
    },
    /// The window was asked to close while a recording runs; it waits for the doctor's word.
    CloseAsked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordingPhase {
    Starting,
    Recording,
    Paused,
    Stopping,
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DictationPhase {
    Starting,
    Listening,
    /// The microphone is closed; the last words are being understood.
    Transcribing,
    /// Microphone or recognition gave up: what was understood before waits for the doctor.
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    LoadingModel,
    Reading,
    Transcribing,
    Structuring,
}

/// Receives every event, from any thread; it must return fast.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;
