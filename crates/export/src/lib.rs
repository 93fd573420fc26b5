//! A note to PDF, plain text and rich text.
