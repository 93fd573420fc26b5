//! An official ggml file that the user has: checked, copied to where the app looks.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{REPORT, ggml, lock, quantise, write_pinned};
use crate::failure::{AtPath, Failure};
use crate::places;
use crate::progress::Step;
