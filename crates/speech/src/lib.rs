//! 16 kHz mono samples to words, with Whisper, offline.
