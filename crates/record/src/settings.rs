use rusqlite::OptionalExtension as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Record, RecordError};

/// Settings of the practice, which are as private as the rest: letterhead, retention.
impl Record {
    /// `None` when it was never set.
    ///
    /// # Errors
    /// When the record cannot be read, or the value is of another shape.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, RecordError> {
        let json: Option<String> = self.read(|read| {
            let value = read.query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| row.get(0));
            Ok(value.optional()?)
        })?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    /// # Errors
    /// When the record cannot be written.
    pub fn set_setting<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), RecordError> {
        let json = serde_json::to_string(value)?;
        self.write(|write| {
            write.execute(
                "INSERT INTO settings (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, json),
            )?;
            Ok(())
        })
    }

    /// Nothing happens when it was never set.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn remove_setting(&self, key: &str) -> Result<(), RecordError> {
        self.write(|write| {
            write.execute("DELETE FROM settings WHERE key = ?1", [key])?;
            Ok(())
        })
    }
}
