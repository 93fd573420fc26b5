import type { Acts, AuditRow, Consultation, DictationPhase, Language, Printers, SectionId } from '../types';
import type { MockCore } from './backend';

const SPOKEN: Record<Language, readonly string[]> = {
  fr: ['Arrêt de travail', 'de trois jours,', 'à revoir si la douleur persiste.'],
  en: ['Off work', 'for three days,', 'to be seen again if the pain persists.'],
};

/** What a doctor does beside the note: exercise, dictation, printing, the record of acts. */
export class MockDesk {
  #dictated = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly core: MockCore) {}

  answer(command: string, args: Record<string, unknown>): unknown {
    const id = args.id as string;
    switch (command) {
      case 'exercise':
        return this.#exercise();
      case 'exercise_start': {
        this.#erase();
        const language = args.language as Language;
        const consent = { decision: 'informed', form: 'oral', at: new Date().toISOString() } as const;
        return this.core.view(this.core.seed({ language, state: 'drafted', exercise: true, consent }, { note: true }));
      }
      case 'exercise_erase':
        return this.#erase();
      case 'dictation_start':
        return this.#listen(id);
      case 'dictation_finish': {
        clearInterval(this.#timer);
        const text = this.#dictated;
        this.#dictated = '';
        if (text === '') return this.core.refuse('nothing_heard');
        return this.core.draft(id).apply({ op: 'add', section: args.section as SectionId, text });
      }
      case 'dictation_cancel':
        clearInterval(this.#timer);
        this.#dictated = '';
        return null;
      case 'export_copy_section':
      case 'export_print':
        return this.core.exported(id);
      case 'printers':
        return { usual: 'Bureau', names: ['Accueil', 'Bureau'] } satisfies Printers;
      case 'acts':
        return this.#acts(this.core.visit(id).consultation);
      default:
        return { rows: 412, intact: true, first_broken: null };
    }
  }

  #exercise(): Consultation | null {
    return [...this.core.visits.values()].find((visit) => visit.consultation.exercise)?.consultation ?? null;
  }

  #erase(): null {
    const now = this.#exercise();
    if (now !== null) this.core.visits.delete(now.id);
    return null;
  }

  #listen(id: string): null {
    const words = SPOKEN[this.core.visit(id).consultation.language];
    const tell = (phase: DictationPhase, tentative = '') =>
      this.core.emit({ type: 'dictation', id, phase, text: this.#dictated, tentative });
    const say = (many: number) => {
      this.#dictated = words.slice(0, many).join(' ');
      tell('listening', words[many] ?? '');
    };
    this.#dictated = '';
    tell('starting');
    if (!this.core.options.isMoving) {
      say(2);
      return null;
    }
    let heard = 0;
    this.#timer = setInterval(() => say((heard += 1)), 700);
    return null;
  }

  #acts(visit: Consultation): Acts {
    const rows: AuditRow[] = [];
    const add = (at: string | null | undefined, act: string, detail: string) => {
      if (at != null) rows.push({ seq: 388 + rows.length, at, act, subject: visit.id, detail, hash: '5d'.repeat(32) });
    };
    add(visit.created_at, visit.exercise ? 'exercise' : 'consultation', 'created');
    add(visit.consent?.at, 'consent', 'informed, oral');
    add(visit.consent?.at, 'state', 'created to consented');
    add(visit.consent?.at, 'state', 'consented to recording');
    add(visit.validated_at, 'edit', 'draft 4');
    add(visit.validated_at, 'validate', '9f2c4be1a07d53e8'.repeat(4));
    add(visit.audio_erased_at, 'erase', 'audio');
    if (visit.state === 'exported') add(visit.validated_at, 'export', 'pdf');
    return { doctor: 'Dr Claire Fontanel', rows };
  }
}
