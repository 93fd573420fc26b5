//! Microphone and files to 16 kHz mono; playback.
