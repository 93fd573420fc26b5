//! The encrypted record: patients, consultations, audio, notes, audit.
