use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Where a consultation stands. The same moves are known to the triggers of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Created,
    Consented,
    Recording,
    Paused,
    Stopped,
    Drafted,
    Validated,
    Exported,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::Consented,
        Self::Recording,
        Self::Paused,
        Self::Stopped,
        Self::Drafted,
        Self::Validated,
        Self::Exported,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Consented => "consented",
            Self::Recording => "recording",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Drafted => "drafted",
            Self::Validated => "validated",
            Self::Exported => "exported",
        }
    }

    /// Whether the gate knows the move at all; consent, a draft, a signature or an export may be asked for besides.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use State as S;
        match self {
            // A note may be typed without any recording.
            S::Created => matches!(next, S::Consented | S::Drafted),
            // Back to created: consent refused or withdrawn.
            S::Consented => matches!(next, S::Created | S::Recording | S::Stopped | S::Drafted),
            S::Recording => matches!(next, S::Created | S::Paused | S::Stopped),
            S::Paused => matches!(next, S::Created | S::Recording | S::Stopped),
            S::Stopped => matches!(next, S::Created | S::Drafted),
            S::Drafted => matches!(next, S::Created | S::Validated),
            S::Validated => matches!(next, S::Exported),
            S::Exported => false,
        }
    }

    /// The note is signed and no longer changes.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Validated | Self::Exported)
    }

    /// A recording is under way, or was cut off by a crash.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Recording | Self::Paused)
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(FromSqlError::InvalidType)
    }
}
