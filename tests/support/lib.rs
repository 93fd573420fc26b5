//! What whole-job tests share.
