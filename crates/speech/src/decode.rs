//! One pass of the model over one window.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use note::Language;
use whisper_rs::{FullParams, SamplingStrategy, WhisperError, WhisperState, WhisperTokenId};

use crate::crew::Brakes;
use crate::window::Window;
use crate::words::Token;
use crate::{Model, SpeechError};

/// Milliseconds per step of the model's time tokens, and per position of its audio context.
const STEP_MS: u32 = 20;
const FULL_CONTEXT: u32 = 1500;

/// How a pass looks for the words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pass {
    /// Hypotheses followed side by side; one is greedy.
    pub beam: u8,
    pub temperature: f32,
    /// Whether the prompt precedes the passage.
    pub prompt: bool,
    /// For the eyes only, and broken off at any time.
    pub glance: bool,
    /// The encoder works on little more than the window instead of the full 30 s. Windows of 11 s then cost less than
    /// half and err as little (70 errors against 69 on 95 s of speech over music).
    pub short_context: bool,
    pub threads: usize,
}

/// What a pass heard.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    pub tokens: Vec<Token>,
    /// Mean natural logarithm of the token probabilities.
    pub average_log: f32,
    /// The model's belief that nobody speaks.
    pub no_speech: f32,
}

/// The model at work for one transcription.
pub(crate) struct Engine {
    model: Arc<Model>,
    state: WhisperState,
    language: Language,
    prompt: Vec<WhisperTokenId>,
    parameters: Vec<(u8, FullParams<'static, 'static>)>,
    brakes: Arc<Brakes>,
    /// The pass under way is a glance.
    glancing: Arc<AtomicBool>,
}

impl Engine {
    pub fn start(
        model: &Arc<Model>,
        language: Language,
        prompt: Option<&str>,
        brakes: Arc<Brakes>,
    ) -> Result<Self, SpeechError> {
        model.speaks(language)?;
        let state = model.context.create_state().map_err(|e| SpeechError::Start { why: e.to_string() })?;
        let prompt = match prompt.map(str::trim).filter(|p| !p.is_empty()) {
            // The model's own transcripts begin with a space.
            Some(text) => model
                .context
                .tokenize(&format!(" {text}"), MAX_PROMPT)
                .map_err(|_| SpeechError::Start { why: "the prompt is too long".into() })?,
            None => Vec::new(),
        };
        let model = Arc::clone(model);
        Ok(Self { model, state, language, prompt, parameters: Vec::new(), brakes, glancing: Arc::default() })
    }

    pub fn decode(&mut self, window: &Window, pass: Pass) -> Result<Decoded, SpeechError> {
        let mut parameters: FullParams<'_, '_> = self.parameters(pass.beam);
        parameters.set_temperature(pass.temperature);
        parameters.set_n_threads(i32::try_from(pass.threads.clamp(1, 16)).unwrap_or(1));
        if pass.prompt {
            parameters.set_tokens(&self.prompt);
        }
        self.glancing.store(pass.glance, Ordering::Relaxed);
        if pass.short_context {
            let needed = window.ms() / STEP_MS + CONTEXT_MARGIN;
            // A multiple of 64 suits the matrix kernels.
            let context = needed.next_multiple_of(64).min(FULL_CONTEXT);
            parameters.set_audio_ctx(i32::try_from(context).unwrap_or(0));
        }
        // Nobody says more: this bounds what a loop costs.
        let most = 24 + window.ms() / 1000 * 12;
        parameters.set_max_tokens(i32::try_from(most.min(220)).unwrap_or(220));

        // The library refuses less than 100 ms, and hears short sounds better with silence after them.
        let least = SAMPLE_RATE + SAMPLE_RATE / 10;
        let padded;
        let samples = if window.samples.len() < least {
            let mut copy = window.samples.clone();
            copy.resize(least, 0.0);
            padded = copy;
            &padded
        } else {
            &window.samples
        };
        match self.state.full(parameters, samples) {
            Ok(()) => Ok(self.read()),
            Err(_) if is_braked(&self.brakes, &self.glancing) => Err(SpeechError::Cancelled),
            Err(WhisperError::GenericError(code)) => {
                Err(SpeechError::Decode { why: format!("whisper.cpp ended with code {code}") })
            }
            Err(e) => Err(SpeechError::Decode { why: e.to_string() }),
        }
    }

    /// Parameters are made once and copied: each making leaks a few bytes in the binding.
    fn parameters(&mut self, beam: u8) -> FullParams<'static, 'static> {
        if let Some((_, made)) = self.parameters.iter().find(|(b, _)| *b == beam) {
            return made.clone();
        }
        let strategy = match beam {
            0 | 1 => SamplingStrategy::Greedy { best_of: 1 },
            size => SamplingStrategy::BeamSearch { beam_size: size.into(), patience: -1.0 },
        };
        let mut parameters = FullParams::new(strategy);
        parameters.set_language(Some(self.language.code()));
        parameters.set_translate(false);
        parameters.set_no_context(true);
        // One pass per window: the library would otherwise encode again whatever follows the last time it set.
        parameters.set_single_segment(true);
        // No second tries inside the library; the guards decide about them.
        parameters.set_temperature_inc(0.0);
        parameters.set_no_speech_thold(2.0);
        parameters.set_suppress_blank(true);
        parameters.set_print_special(false);
        parameters.set_print_progress(false);
        parameters.set_print_realtime(false);
        parameters.set_print_timestamps(false);
        let (brakes, glancing) = (Arc::clone(&self.brakes), Arc::clone(&self.glancing));
        // Boxed by us as well: the binding's trampoline reads the closure through a box.
        let poll: Box<dyn FnMut() -> bool> = Box::new(move || is_braked(&brakes, &glancing));
        parameters.set_abort_callback_safe::<_, Box<dyn FnMut() -> bool>>(poll);
        self.parameters.push((beam, parameters.clone()));
        parameters
    }

    fn read(&self) -> Decoded {
        let (end, first_time) = (self.model.context.token_eot(), self.model.context.token_beg());
        let mut decoded = Decoded { tokens: Vec::new(), average_log: 0.0, no_speech: 0.0 };
        let (mut sum, mut count) = (0.0, 0_u16);
        for segment in self.state.as_iter() {
            decoded.no_speech = decoded.no_speech.max(segment.no_speech_probability());
            for at in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(at) else { continue };
                let data = token.token_data();
                if data.id >= first_time {
                    let step = u32::try_from(data.id - first_time).unwrap_or(0);
                    decoded.tokens.push(Token::Time(step * STEP_MS));
                } else if data.id < end {
                    let bytes = token.to_bytes().unwrap_or_default().to_vec();
                    sum += data.plog;
                    count = count.saturating_add(1);
                    decoded.tokens.push(Token::Text { bytes, probability: data.p });
                }
            }
        }
        decoded.average_log = if count == 0 { 0.0 } else { sum / f32::from(count) };
        decoded
    }
}

fn is_braked(brakes: &Brakes, glancing: &AtomicBool) -> bool {
    brakes.stop.load(Ordering::Relaxed)
        || (glancing.load(Ordering::Relaxed) && brakes.no_glances.load(Ordering::Relaxed))
}

const SAMPLE_RATE: usize = 16_000;
const CONTEXT_MARGIN: u32 = 64;
/// Half of the model's text context, less what the task itself needs.
const MAX_PROMPT: usize = 200;
