use std::sync::Arc;
use std::sync::mpsc::Receiver;

use speech::{Live, LiveEvent, Model, Options, SpeechError};

/// What hears beside a recording. Whatever becomes of it, the recording goes on, and what it did not hear to the end is
/// heard again from the record.
pub trait Recogniser: Send + Sync {
    /// Starts to listen. Segments are numbered from `first_index`; times count from `offset_ms`. Its events end with
    /// [`LiveEvent::Finished`]: without it, it died.
    ///
    /// # Errors
    /// When it cannot listen.
    fn listen(
        &self,
        model: Arc<Model>,
        options: Options,
        first_index: u32,
        offset_ms: u32,
    ) -> Result<(Box<dyn Hearing>, Receiver<LiveEvent>), SpeechError>;
}

/// One session of a recogniser. Dropping it gives it up.
pub trait Hearing: Send {
    /// Takes the next samples, 16 kHz mono; never blocks.
    fn hear(&self, samples: &[i16]);

    /// No more samples will come.
    ///
    /// # Errors
    /// When the session had ended by itself before.
    fn finish(self: Box<Self>) -> Result<(), SpeechError>;
}

/// The recogniser of this app.
pub(crate) struct Own;

impl Recogniser for Own {
    fn listen(
        &self,
        model: Arc<Model>,
        options: Options,
        first_index: u32,
        offset_ms: u32,
    ) -> Result<(Box<dyn Hearing>, Receiver<LiveEvent>), SpeechError> {
        let (live, events) = Live::start(model, options, first_index, offset_ms)?;
        Ok((Box::new(live), events))
    }
}

impl Hearing for Live {
    fn hear(&self, samples: &[i16]) {
        self.push(samples);
    }

    fn finish(self: Box<Self>) -> Result<(), SpeechError> {
        Self::finish(*self)
    }
}
