import type { FailureCode } from '../../ipc/types';

type Wording = { message: string; next: string };

/** What happened and what was kept, then what to do. `{name}` is filled from the failure's details; a sentence whose
 *  detail is missing is left out. */
export const failure: Record<FailureCode, Wording> = {
  wrong_passphrase: {
    message: 'Cette phrase de passe n\'ouvre pas le dossier. Rien n\'a changé.',
    next: 'Vérifiez les majuscules et réessayez, ou utilisez le code de secours.',
  },
  too_many_attempts: {
    message: 'Plusieurs phrases de passe fausses de suite. Rien n\'a changé.',
    next: 'Réessayez dans {wait_s} secondes, ou utilisez le code de secours tout de suite.',
  },
  weak_passphrase: {
    message: 'Cette phrase de passe est trop facile à deviner. L\'ancienne n\'a pas changé.',
    next: 'Prenez au moins 12 caractères : quatre ou cinq mots sans rapport entre eux.',
  },
  wrong_recovery_code: {
    message: 'Ce code de secours n\'ouvre pas le dossier. Rien n\'a changé.',
    next: 'Comparez-le lettre à lettre avec la feuille imprimée.',
  },
  record_missing: {
    message: 'Le dossier n\'est pas à son emplacement : {path}.',
    next: 'Remettez-le en place depuis une sauvegarde, ou créez-en un nouveau.',
  },
  record_exists: {
    message: 'Un dossier existe déjà ici. Il est resté intact.',
    next: 'Ouvrez-le avec sa phrase de passe ou son code de secours.',
  },
  record_corrupt: {
    message: 'Le dossier ne peut pas être lu. Le fichier a été laissé tel quel.',
    next: 'Copiez-le à l\'abri, puis remettez en place une sauvegarde.',
  },
  record_newer: {
    message: 'Ce dossier vient d\'une version plus récente de Calame. Il est resté intact.',
    next: 'Mettez Calame à jour sur cet ordinateur.',
  },
  record_busy: {
    message: 'Ce dossier est déjà ouvert par un autre Calame. Rien n\'a changé.',
    next: 'Fermez l\'autre fenêtre, puis réessayez.',
  },
  record_locked: {
    message: 'Le dossier est verrouillé. Rien n\'est perdu.',
    next: 'Ouvrez-le avec votre phrase de passe.',
  },
  disk_full: {
    message: 'Le disque est plein. Ce qui était enregistré est gardé.',
    next: 'Libérez de la place : Calame réessaie de lui-même pendant un enregistrement.',
  },
  read_only: {
    message: 'Calame n\'a pas le droit d\'écrire à cet endroit : {path}. Rien n\'a changé.',
    next: 'Vérifiez les droits du dossier, puis réessayez.',
  },
  not_found: {
    message: 'Cet élément n\'existe plus. Le reste est intact.',
    next: 'Revenez à la liste et ouvrez la consultation à nouveau.',
  },
  not_owner: {
    message: 'Seul le médecin qui a créé le dossier peut faire cela. Rien n\'a changé.',
    next: 'Demandez-le-lui, depuis son propre accès.',
  },
  not_yours: {
    message: 'Ceci appartient à un confrère du cabinet. Rien n\'a changé.',
    next: 'Revenez à vos consultations, ou signez de votre propre nom.',
  },
  passphrase_taken: {
    message: 'Un confrère a déjà cette phrase de passe. Rien n\'a changé.',
    next: 'Choisissez-en une autre : elle dit qui vous êtes.',
  },
  backup_folder: {
    message: 'Le dossier ou la sauvegarde n\'est pas là : {path}. Rien n\'a changé.',
    next: 'Branchez le disque ou la clé, ou choisissez un autre emplacement.',
  },
  backup_damaged: {
    message: 'Cette sauvegarde est abîmée ou incomplète : {path}. Rien n\'a changé.',
    next: 'Prenez-en une autre, ou faites-en une nouvelle sur un autre disque.',
  },
  reason_needed: {
    message: 'Il manque la raison. Rien n\'a changé.',
    next: 'Écrivez-la en quelques mots, puis recommencez.',
  },
  consent_required: {
    message: 'L\'accord du patient n\'est pas noté. Rien n\'a été enregistré.',
    next: 'Recueillez l\'accord, puis commencez.',
  },
  not_validated: {
    message: 'La note n\'est pas validée : elle ne peut pas être exportée. Le brouillon est gardé.',
    next: 'Relisez-la et validez-la, puis exportez.',
  },
  already_validated: {
    message: 'Cette note est validée et ne peut plus changer. Elle est intacte.',
    next: 'Consultez-la ou exportez-la telle qu\'elle est signée.',
  },
  unchecked_critical: {
    message: 'Des éléments importants n\'ont pas été vérifiés : {count}. Le brouillon est gardé.',
    next: 'Parcourez les points à regarder, puis validez.',
  },
  empty_note: {
    message: 'La note est vide : il n\'y a rien à valider.',
    next: 'Ajoutez au moins un élément.',
  },
  no_author: {
    message: 'Aucun médecin n\'est renseigné : la note ne peut pas être signée. Le brouillon est gardé.',
    next: 'Indiquez votre nom dans les réglages, puis validez.',
  },
  wrong_state: {
    message: 'Cette action ne convient pas à l\'étape où en est la consultation. Rien n\'a changé.',
    next: 'Revenez à la liste et ouvrez la consultation à nouveau.',
  },
  no_microphone: {
    message: 'Aucun microphone n\'est branché. Rien n\'a été enregistré.',
    next: 'Branchez-en un, puis réessayez, ou importez un fichier audio.',
  },
  microphone_lost: {
    message: 'Le microphone ne répond plus. Tout ce qui a été entendu est gardé, chiffré.',
    next: 'Rebranchez-le ou choisissez-en un autre, puis reprenez.',
  },
  microphone_busy: {
    message: 'Le microphone est utilisé par un autre programme. Rien n\'est perdu.',
    next: 'Fermez ce programme, puis réessayez.',
  },
  microphone_silent: {
    message: 'Le microphone ne donne aucun son. Rien n\'est perdu.',
    next: 'Vérifiez qu\'il est allumé et que son bouton de coupure est relevé.',
  },
  no_output: {
    message: 'Aucun haut-parleur ni casque n\'a été trouvé. L\'enregistrement est intact.',
    next: 'Branchez-en un, puis écoutez à nouveau.',
  },
  audio_erased: {
    message: 'L\'enregistrement de cette consultation a été effacé. La note et la transcription sont gardées.',
    next: 'Relisez le passage dans la transcription.',
  },
  audio_gap: {
    message: 'Quelques instants de son ont été perdus : l\'ordinateur était trop chargé. L\'enregistrement continue.',
    next: 'Fermez d\'autres programmes ; relisez ce passage dans la transcription.',
  },
  audio_empty: {
    message: 'Ce fichier ne contient aucun son. La consultation n\'a pas changé.',
    next: 'Choisissez un autre fichier.',
  },
  audio_truncated: {
    message: 'Ce fichier audio est coupé avant la fin. Ce qu\'il contient est gardé.',
    next: 'Relisez la note : la fin de l\'entretien peut manquer.',
  },
  audio_unsupported: {
    message: 'Ce type de fichier audio n\'est pas pris en charge. La consultation n\'a pas changé.',
    next: 'Choisissez un fichier WAV, FLAC, MP3, Ogg ou M4A.',
  },
  audio_unreadable: {
    message: 'Ce fichier audio ne peut pas être lu. La consultation n\'a pas changé.',
    next: 'Vérifiez qu\'il s\'écoute ailleurs, ou choisissez-en un autre.',
  },
  model_missing: {
    message: 'Aucun modèle de parole n\'est installé. Les enregistrements sont gardés et pourront être transcrits.',
    next: 'Choisissez un fichier de modèle dans les réglages.',
  },
  model_corrupt: {
    message: 'Le modèle de parole est abîmé. Les enregistrements sont gardés et pourront être transcrits.',
    next: 'Choisissez à nouveau un fichier de modèle dans les réglages.',
  },
  model_language: {
    message: 'Ce modèle de parole ne connaît pas cette langue. L\'enregistrement est gardé.',
    next: 'Choisissez un modèle multilingue dans les réglages, puis transcrivez.',
  },
  speech_failed: {
    message: 'La transcription a échoué. L\'enregistrement est complet et gardé.',
    next: 'Relancez la transcription depuis la consultation.',
  },
  recording_in_progress: {
    message: 'Un enregistrement ou une transcription est en cours. Rien n\'est perdu.',
    next: 'Attendez la fin ou terminez-le, puis réessayez.',
  },
  nothing_recording: {
    message: 'Aucun enregistrement n\'est en cours. Ce qui était enregistré est gardé.',
    next: 'Revenez à la liste et ouvrez la consultation à nouveau.',
  },
  cancelled: {
    message: 'Le travail a été interrompu. L\'enregistrement est gardé.',
    next: 'Vous pouvez relancer la transcription quand vous voulez.',
  },
  export_failed: {
    message: 'Le document n\'a pas pu être produit. La note validée est intacte.',
    next: 'Réessayez ; si cela persiste, copiez le texte.',
  },
  export_folder: {
    message: 'Le dossier des exports ne peut pas recevoir le document : {path}. La note validée est intacte.',
    next: 'Choisissez un autre dossier dans les réglages, puis exportez à nouveau.',
  },
  no_print_system: {
    message: 'Ce système n\'a pas de service d\'impression. Rien n\'est parti.',
    next: 'Enregistrez le PDF et imprimez-le depuis un autre programme, ou installez CUPS.',
  },
  no_printer: {
    message: 'Cette imprimante n\'est pas installée sur cet ordinateur. Rien n\'est parti.',
    next: 'Ajoutez-la dans les réglages du système, ou enregistrez le PDF.',
  },
  print_failed: {
    message: 'Le service d\'impression a refusé le document. La note validée est intacte.',
    next: 'Vérifiez l\'imprimante, ou enregistrez le PDF.',
  },
  nothing_heard: {
    message: 'Aucun mot n\'a été compris. La note n\'a pas changé.',
    next: 'Dictez à nouveau, plus près du micro, ou écrivez.',
  },
  short_word: {
    message: '« {word} » est trop court : le vocabulaire n\'a pas changé.',
    next: 'Un mot a quatre lettres au moins. Corrigez-le, puis réessayez.',
  },
  invalid_input: {
    message: 'Cette saisie ne convient pas. Rien n\'a changé.',
    next: 'Corrigez-la, puis réessayez.',
  },
  internal: {
    message: 'Un imprévu a empêché cette action. Ce qui était enregistré est gardé.',
    next: 'Réessayez ; si cela persiste, fermez Calame et rouvrez-le.',
  },
};
