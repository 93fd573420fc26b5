//! Backups and restoring, the doctors of the practice, the audit.

use std::path::PathBuf;

use consultation::{
    Acts, AuditReport, Backup, BackupPlan, BackupState, Calame, ConsultationId, Doctor, DoctorId,
    RestorePreview, Restored,
};
use tauri::{AppHandle, State, command};
use tauri_plugin_dialog::DialogExt as _;
use zeroize::Zeroizing;

use super::Answer;

/// A hand is on the machine.
#[command(async)]
pub fn hand(app: State<'_, Calame>) {
    app.touch();
}

/// A folder that the doctor chose; none when they closed the dialog.
#[command(async)]
pub fn folder_pick(handle: AppHandle) -> Option<PathBuf> {
    handle.dialog().file().blocking_pick_folder().and_then(|folder| folder.into_path().ok())
}

#[command(async)]
pub fn backup_state(app: State<'_, Calame>) -> Answer<BackupState> {
    app.backup_state()
}

#[command(async)]
pub fn backup_plan_save(app: State<'_, Calame>, plan: BackupPlan) -> Answer<BackupState> {
    app.save_backup_plan(plan)
}

/// In the plan's folder where none is named.
#[command(async)]
pub fn backup_now(app: State<'_, Calame>, folder: Option<PathBuf>) -> Answer<Backup> {
    app.back_up(folder.as_deref())
}

/// Copies of any record in a folder, newest first.
#[command(async)]
pub fn backups_in(app: State<'_, Calame>, folder: PathBuf) -> Vec<Backup> {
    app.backups_in(&folder)
}

#[command(async)]
pub fn restore_preview(app: State<'_, Calame>, backup: PathBuf, secret: String) -> Answer<RestorePreview> {
    app.preview_restore(&backup, &Zeroizing::new(secret))
}

#[command(async)]
pub fn restore(app: State<'_, Calame>, backup: PathBuf, secret: String) -> Answer<Restored> {
    app.restore(&backup, &Zeroizing::new(secret))
}

#[command(async)]
pub fn doctors(app: State<'_, Calame>) -> Answer<Vec<Doctor>> {
    app.doctors()
}

#[command(async)]
pub fn doctor_share(app: State<'_, Calame>, shares: bool) -> Answer<Vec<Doctor>> {
    app.share_notes(shares)
}

#[command(async)]
pub fn doctor_add(
    app: State<'_, Calame>,
    name: String,
    passphrase: String,
    shares: bool,
) -> Answer<Vec<Doctor>> {
    app.add_doctor(&name, &Zeroizing::new(passphrase), shares)
}

#[command(async)]
pub fn doctor_reset(app: State<'_, Calame>, doctor: DoctorId, passphrase: String) -> Answer<()> {
    app.reset_doctor(&doctor, &Zeroizing::new(passphrase))
}

#[command(async)]
pub fn doctor_remove(app: State<'_, Calame>, doctor: DoctorId) -> Answer<Vec<Doctor>> {
    app.remove_doctor(&doctor)
}

#[command(async)]
pub fn audit_verify(app: State<'_, Calame>) -> Answer<AuditReport> {
    app.verify_audit()
}

/// Every act on one consultation.
#[command(async)]
pub fn acts(app: State<'_, Calame>, id: ConsultationId) -> Answer<Acts> {
    app.acts(&id)
}
