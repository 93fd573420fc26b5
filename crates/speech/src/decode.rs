//! One pass of the model over one window, or over several side by side.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use note::Language;

use crate::crew::Brakes;
use crate::model::Loaded;
use crate::whisper::Braked;
use crate::whisper::beam::{Found, Opening, Search, search};
use crate::whisper::bias::Bias;
use crate::whisper::decoder::Passage;
use crate::whisper::encoder::listen;
use crate::whisper::vocabulary::Vocabulary;
use crate::whisper::weights::Weights;
use crate::whisper_cpp;
use crate::window::Window;
use crate::words::Token;
use crate::{Model, Options, SpeechError};

/// Milliseconds per step of the model's time tokens, and per position of its audio context.
pub(crate) const STEP_MS: u32 = 20;
pub(crate) const FULL_CONTEXT: u32 = 1500;

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
    /// The first half of the model works on little more than the window instead of the full 30 s. Windows of 16 s then cost
    /// a quarter less and err as little.
    pub short_context: bool,
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
pub(crate) enum Engine {
    Own(OwnEngine),
    WhisperCpp(Box<Mutex<whisper_cpp::Engine>>),
}

impl Engine {
    pub fn start(model: &Arc<Model>, options: &Options, brakes: Arc<Brakes>) -> Result<Self, SpeechError> {
        let (language, prompt) = (options.language, options.prompt.as_deref());
        model.speaks(language)?;
        Ok(match &model.loaded {
            Loaded::Own(weights) => Self::Own(OwnEngine::start(weights, options, brakes)?),
            Loaded::WhisperCpp(context) => {
                let engine = whisper_cpp::Engine::start(context, language, prompt, brakes)?;
                Self::WhisperCpp(Box::new(Mutex::new(engine)))
            }
        })
    }

    /// What each of the windows says.
    pub fn decode(&self, windows: &[&Window], pass: Pass) -> Result<Vec<Decoded>, SpeechError> {
        match self {
            Self::Own(engine) => engine.decode(windows, pass),
            Self::WhisperCpp(engine) => {
                let mut engine = engine.lock().unwrap_or_else(PoisonError::into_inner);
                windows.iter().map(|window| engine.decode(window, pass)).collect()
            }
        }
    }
}

/// Our own computation of it.
pub(crate) struct OwnEngine {
    weights: Arc<Weights>,
    language: Language,
    prompt: Vec<u32>,
    bias: Option<Bias>,
    brakes: Arc<Brakes>,
}

impl OwnEngine {
    fn start(weights: &Arc<Weights>, options: &Options, brakes: Arc<Brakes>) -> Result<Self, SpeechError> {
        let mut prompt = weights.vocabulary.tokens(options.prompt.as_deref().unwrap_or_default());
        if prompt.len() > MAX_PROMPT {
            return Err(SpeechError::Start { why: "the prompt is too long".into() });
        }
        if !prompt.is_empty() {
            prompt.insert(0, weights.vocabulary.previous);
        }
        let bias = Bias::new(&weights.vocabulary, &options.vocabulary);
        Ok(Self { weights: Arc::clone(weights), language: options.language, prompt, bias, brakes })
    }

    fn decode(&self, windows: &[&Window], pass: Pass) -> Result<Vec<Decoded>, SpeechError> {
        let weights = &*self.weights;
        let brake = || if is_braked(&self.brakes, pass.glance) { Err(Braked) } else { Ok(()) };
        let mut passages = Vec::with_capacity(windows.len());
        let mut openings = Vec::with_capacity(windows.len());
        for window in windows {
            let context = if pass.short_context {
                // A multiple of 64 suits the matrix kernels.
                (window.ms() / STEP_MS + CONTEXT_MARGIN).next_multiple_of(64).min(FULL_CONTEXT)
            } else {
                FULL_CONTEXT
            };
            let sound = listen(weights, &window.samples, context as usize, &brake).map_err(cancelled)?;
            passages.push(Passage::new(sound));
            let mut prompt = if pass.prompt { self.prompt.clone() } else { Vec::new() };
            let start = prompt.len();
            prompt.extend(weights.vocabulary.opening(self.language));
            // Nobody says more: this bounds what a loop costs. A glance may miss the end of very fast speech.
            let (least, each) = if pass.glance { (16, 7) } else { (24, 12) };
            let most = (least + window.ms() / 1000 * each).min(220) as usize;
            openings.push(Opening { prompt, start, most });
        }
        let how = Search {
            beam: usize::from(pass.beam.max(1)),
            temperature: pass.temperature,
            bias: self.bias.as_ref(),
        };
        let found = search(weights, &mut passages, &openings, how, &brake).map_err(cancelled)?;
        Ok(found.into_iter().map(|found| read(&weights.vocabulary, found)).collect())
    }
}

fn read(vocabulary: &Vocabulary, found: Found) -> Decoded {
    let mut decoded = Decoded { tokens: Vec::new(), average_log: 0.0, no_speech: found.no_speech };
    let (mut sum, mut count) = (0.0, 0_u16);
    for (token, log) in found.tokens {
        if let Some(step) = token.checked_sub(vocabulary.first_time) {
            decoded.tokens.push(Token::Time(step * STEP_MS));
        } else {
            sum += log;
            count = count.saturating_add(1);
            let bytes = vocabulary.piece(token).to_vec();
            decoded.tokens.push(Token::Text { bytes, probability: log.exp() });
        }
    }
    decoded.average_log = if count == 0 { 0.0 } else { sum / f32::from(count) };
    decoded
}

fn cancelled(_: Braked) -> SpeechError {
    SpeechError::Cancelled
}

pub(crate) fn is_braked(brakes: &Brakes, glancing: bool) -> bool {
    brakes.stop.load(Ordering::Relaxed) || (glancing && brakes.no_glances.load(Ordering::Relaxed))
}

pub(crate) const CONTEXT_MARGIN: u32 = 64;
/// Half of the model's text context, less what the task itself needs.
pub(crate) const MAX_PROMPT: usize = 200;
