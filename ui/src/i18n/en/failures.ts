import type { FailureCode } from '../../ipc/types';

type Wording = { message: string; next: string };

/** What happened and what was kept, then what to do. `{name}` is filled from the failure's details; a sentence whose
 *  detail is missing is left out. */
export const failure: Record<FailureCode, Wording> = {
  wrong_passphrase: {
    message: 'This passphrase does not open the record. Nothing was changed.',
    next: 'Check the capitals and try again, or use the recovery code.',
  },
  too_many_attempts: {
    message: 'Several wrong passphrases in a row. Nothing was changed.',
    next: 'Try again in {wait_s} seconds, or use the recovery code now.',
  },
  weak_passphrase: {
    message: 'This passphrase is too easy to guess. The former one was not changed.',
    next: 'Use at least 12 characters: four or five unrelated words.',
  },
  wrong_recovery_code: {
    message: 'This recovery code does not open the record. Nothing was changed.',
    next: 'Compare it letter by letter with the printed sheet.',
  },
  record_missing: {
    message: 'The record is not in its place: {path}.',
    next: 'Put it back from a backup, or create a new one.',
  },
  record_exists: {
    message: 'There is a record here already. It was left untouched.',
    next: 'Open it with its passphrase or its recovery code.',
  },
  record_corrupt: {
    message: 'The record cannot be read. The file was left as it is.',
    next: 'Copy it to a safe place, then put a backup back.',
  },
  record_newer: {
    message: 'This record comes from a newer version of Calame. It was left untouched.',
    next: 'Update Calame on this computer.',
  },
  record_busy: {
    message: 'Another Calame has this record open. Nothing was changed.',
    next: 'Close the other window, then try again.',
  },
  record_locked: {
    message: 'The record is locked. Nothing is lost.',
    next: 'Open it with your passphrase.',
  },
  disk_full: {
    message: 'The disk is full. What was saved is kept.',
    next: 'Free some space: Calame tries again by itself while recording.',
  },
  read_only: {
    message: 'Calame may not write in this place: {path}. Nothing was changed.',
    next: 'Check the permissions of the folder, then try again.',
  },
  not_found: {
    message: 'This item is no longer there. The rest is untouched.',
    next: 'Go back to the list and open the consultation again.',
  },
  not_owner: {
    message: 'Only the doctor who created the record may do this. Nothing was changed.',
    next: 'Ask them to do it from their own access.',
  },
  not_yours: {
    message: 'This belongs to a colleague of the practice. Nothing was changed.',
    next: 'Go back to your own consultations, or sign in your own name.',
  },
  passphrase_taken: {
    message: 'A colleague already has this passphrase. Nothing was changed.',
    next: 'Choose another one: it tells who you are.',
  },
  backup_folder: {
    message: 'The folder or backup is not there: {path}. Nothing was changed.',
    next: 'Plug in the disk or stick, or choose another place.',
  },
  backup_damaged: {
    message: 'This backup is damaged or incomplete: {path}. Nothing was changed.',
    next: 'Use another one, or make a new one on another disk.',
  },
  reason_needed: {
    message: 'The reason is missing. Nothing was changed.',
    next: 'Write it in a few words, then try again.',
  },
  consent_required: {
    message: 'The patient\'s consent is not noted. Nothing was recorded.',
    next: 'Ask for consent, then start.',
  },
  not_validated: {
    message: 'The note is not validated: it cannot be exported. The draft is kept.',
    next: 'Check it and validate it, then export.',
  },
  already_validated: {
    message: 'This note is validated and can no longer change. It is untouched.',
    next: 'Read it or export it as it was signed.',
  },
  unchecked_critical: {
    message: 'Important items were not checked: {count}. The draft is kept.',
    next: 'Walk through the points to look at, then validate.',
  },
  empty_note: {
    message: 'The note is empty: there is nothing to validate.',
    next: 'Add at least one item.',
  },
  no_author: {
    message: 'No doctor is named: the note cannot be signed. The draft is kept.',
    next: 'Enter your name in the settings, then validate.',
  },
  wrong_state: {
    message: 'This does not fit the stage of the consultation. Nothing was changed.',
    next: 'Go back to the list and open the consultation again.',
  },
  no_microphone: {
    message: 'No microphone is plugged in. Nothing was recorded.',
    next: 'Plug one in and try again, or import an audio file.',
  },
  microphone_lost: {
    message: 'The microphone no longer answers. All that was heard is kept, encrypted.',
    next: 'Plug it in again or choose another, then resume.',
  },
  microphone_busy: {
    message: 'Another program uses the microphone. Nothing is lost.',
    next: 'Close that program, then try again.',
  },
  microphone_silent: {
    message: 'The microphone gives no sound. Nothing is lost.',
    next: 'Check that it is on and that its mute button is off.',
  },
  no_output: {
    message: 'No loudspeaker or headphones were found. The recording is untouched.',
    next: 'Plug some in, then listen again.',
  },
  audio_erased: {
    message: 'The recording of this consultation was erased. The note and the transcript are kept.',
    next: 'Read the passage in the transcript.',
  },
  audio_gap: {
    message: 'A short stretch of sound was lost: the computer was too busy. The recording goes on.',
    next: 'Close other programs; check that passage in the transcript.',
  },
  audio_empty: {
    message: 'This file holds no sound. The consultation was not changed.',
    next: 'Choose another file.',
  },
  audio_truncated: {
    message: 'This audio file is cut short. What it holds is kept.',
    next: 'Check the note: the end of the conversation may be missing.',
  },
  audio_unsupported: {
    message: 'This kind of audio file is not supported. The consultation was not changed.',
    next: 'Choose a WAV, FLAC, MP3, Ogg or M4A file.',
  },
  audio_unreadable: {
    message: 'This audio file cannot be read. The consultation was not changed.',
    next: 'Check that it plays elsewhere, or choose another.',
  },
  model_missing: {
    message: 'No speech model is installed. Recordings are kept and can be transcribed later.',
    next: 'Choose a model file in the settings.',
  },
  model_corrupt: {
    message: 'The speech model is damaged. Recordings are kept and can be transcribed later.',
    next: 'Choose a model file again in the settings.',
  },
  model_language: {
    message: 'This speech model does not know this language. The recording is kept.',
    next: 'Choose a multilingual model in the settings, then transcribe.',
  },
  speech_failed: {
    message: 'The transcription failed. The recording is complete and kept.',
    next: 'Start the transcription again from the consultation.',
  },
  recording_in_progress: {
    message: 'A recording or a transcription is under way. Nothing is lost.',
    next: 'Wait for it or stop it, then try again.',
  },
  nothing_recording: {
    message: 'Nothing is being recorded. What was recorded is kept.',
    next: 'Go back to the list and open the consultation again.',
  },
  cancelled: {
    message: 'The work was interrupted. The recording is kept.',
    next: 'You can start the transcription again whenever you like.',
  },
  export_failed: {
    message: 'The document could not be made. The validated note is untouched.',
    next: 'Try again; if it persists, copy the text.',
  },
  export_folder: {
    message: 'The export folder cannot take the document: {path}. The validated note is untouched.',
    next: 'Choose another folder in the settings, then export again.',
  },
  no_print_system: {
    message: 'This system has no print service. Nothing was sent.',
    next: 'Save the PDF and print it from another program, or install CUPS.',
  },
  no_printer: {
    message: 'That printer is not set up on this computer. Nothing was sent.',
    next: 'Add it in the system settings, or save the PDF.',
  },
  print_failed: {
    message: 'The print service refused the document. The signed note is untouched.',
    next: 'Check the printer, or save the PDF.',
  },
  nothing_heard: {
    message: 'No word was understood. The note is as before.',
    next: 'Dictate again, nearer to the microphone, or type.',
  },
  short_word: {
    message: '“{word}” is too short: the vocabulary is as before.',
    next: 'A word has at least four letters. Correct it, then try again.',
  },
  invalid_input: {
    message: 'This entry does not fit. Nothing was changed.',
    next: 'Correct it, then try again.',
  },
  internal: {
    message: 'Something unexpected prevented this. What was saved is kept.',
    next: 'Try again; if it persists, close Calame and open it again.',
  },
};
