//! Measuring notes and transcripts against references.
