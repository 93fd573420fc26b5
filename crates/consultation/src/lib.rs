//! The use cases: everything Calame can do, with no screen.
