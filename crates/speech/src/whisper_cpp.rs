//! whisper.cpp through its bindings: the second backend, for files alone.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use note::Language;
use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperState,
    WhisperTokenId,
};

use crate::SpeechError;
use crate::crew::Brakes;
use crate::decode::{CONTEXT_MARGIN, Decoded, FULL_CONTEXT, MAX_PROMPT, Pass, STEP_MS, is_braked};
use crate::window::Window;
use crate::words::Token;

const SAMPLE_RATE: usize = 16_000;

/// Loads a file that was checked before.
pub(crate) fn load(path: &Path) -> Result<WhisperContext, SpeechError> {
    check_processor()?;
    quiet_library();
    let mut parameters = WhisperContextParameters::default();
    parameters.use_gpu(false);
    WhisperContext::new_with_params(path, parameters)
        .map_err(|e| SpeechError::ModelNotLoaded { path: path.into(), why: e.to_string() })
}

/// The model at work for one transcription.
pub(crate) struct Engine {
    state: WhisperState,
    language: Language,
    prompt: Vec<WhisperTokenId>,
    /// The token that ends a text, and the first of the times.
    end: WhisperTokenId,
    first_time: WhisperTokenId,
    parameters: Vec<(u8, FullParams<'static, 'static>)>,
    brakes: Arc<Brakes>,
    /// The pass under way is a glance.
    glancing: Arc<AtomicBool>,
}

impl Engine {
    pub fn start(
        context: &WhisperContext,
        language: Language,
        prompt: Option<&str>,
        brakes: Arc<Brakes>,
    ) -> Result<Self, SpeechError> {
        let state = context.create_state().map_err(|e| SpeechError::Start { why: e.to_string() })?;
        let prompt = match prompt.map(str::trim).filter(|p| !p.is_empty()) {
            // The model's own transcripts begin with a space.
            Some(text) => context
                .tokenize(&format!(" {text}"), MAX_PROMPT)
                .map_err(|_| SpeechError::Start { why: "the prompt is too long".into() })?,
            None => Vec::new(),
        };
        let (end, first_time) = (context.token_eot(), context.token_beg());
        let (parameters, glancing) = (Vec::new(), Arc::default());
        Ok(Self { state, language, prompt, end, first_time, parameters, brakes, glancing })
    }

    pub fn decode(&mut self, window: &Window, pass: Pass) -> Result<Decoded, SpeechError> {
        let mut parameters: FullParams<'_, '_> = self.parameters(pass.beam);
        parameters.set_temperature(pass.temperature);
        // Passes run side by side, one thread each.
        parameters.set_n_threads(1);
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
            Err(_) if is_braked(&self.brakes, pass.glance) => Err(SpeechError::Cancelled),
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
        let poll: Box<dyn FnMut() -> bool> =
            Box::new(move || is_braked(&brakes, glancing.load(Ordering::Relaxed)));
        parameters.set_abort_callback_safe::<_, Box<dyn FnMut() -> bool>>(poll);
        self.parameters.push((beam, parameters.clone()));
        parameters
    }

    fn read(&self) -> Decoded {
        let mut decoded = Decoded { tokens: Vec::new(), average_log: 0.0, no_speech: 0.0 };
        let (mut sum, mut count) = (0.0, 0_u16);
        for segment in self.state.as_iter() {
            decoded.no_speech = decoded.no_speech.max(segment.no_speech_probability());
            for at in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(at) else { continue };
                let data = token.token_data();
                if data.id >= self.first_time {
                    let step = u32::try_from(data.id - self.first_time).unwrap_or(0);
                    decoded.tokens.push(Token::Time(step * STEP_MS));
                } else if data.id < self.end {
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

/// whisper.cpp writes to stderr unless told otherwise. Its messages go through `log`, and none holds what was said:
/// the prints of text are off in every pass, and the messages that trace each word are compiled out (see the profile of
/// `whisper-rs-sys` in the root manifest; a test with real weights listens to the log).
fn quiet_library() {
    static ONCE: Once = Once::new();
    ONCE.call_once(whisper_rs::install_logging_hooks);
}

/// The library is built for processors with AVX2; on others it would die of an illegal instruction.
fn check_processor() -> Result<(), SpeechError> {
    #[cfg(target_arch = "x86_64")]
    {
        let features = [
            ("SSE4.2", std::arch::is_x86_feature_detected!("sse4.2")),
            ("AVX2", std::arch::is_x86_feature_detected!("avx2")),
            ("FMA", std::arch::is_x86_feature_detected!("fma")),
            ("F16C", std::arch::is_x86_feature_detected!("f16c")),
            ("BMI2", std::arch::is_x86_feature_detected!("bmi2")),
        ];
        let missing: Vec<_> = features.into_iter().filter(|(_, has)| !has).map(|(name, _)| name).collect();
        if !missing.is_empty() {
            return Err(SpeechError::Processor { missing: missing.join(", ") });
        }
    }
    Ok(())
}
