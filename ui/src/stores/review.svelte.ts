import { t } from '../i18n/index.svelte';
import { core } from '../ipc/client';
import type { Edit, NoteView, Omission, SectionId, Speaker, Statement, WhoSpoke } from '../ipc/types';
import type { Doubt } from '../review/doubts';
import { doubts, following, omissionKey, OMISSION_HOME, sectionOf, statements, step } from '../review/doubts';
import { segmentAt } from '../review/markers';
import type { Found, Passage, Range } from '../review/quotes';
import { citedBy, findSources, lightOf, passageOf, passagesOf } from '../review/quotes';
import { alerts, attempt } from './alerts.svelte';
import { consultation } from './consultation.svelte';
import { playback } from './playback.svelte';

/** What the doctor points at: a statement, an omission (by its doubt key), or a segment of the transcript. */
export type Selected =
  | { kind: 'statement'; id: string }
  | { kind: 'omission'; key: string }
  | { kind: 'segment'; index: number };

/** Who may have said something, in the order a key goes through them. */
export const PEOPLE: readonly Speaker[] = ['doctor', 'patient', 'companion'];

/** The draft under the doctor's eyes: what is selected, what is doubtful, and every edit. */
class ReviewStore {
  selected = $state.raw<Selected | null>(null);
  /** Tab walks the doubts instead of the controls. */
  isWalking = $state(false);
  /** What was selected when it began to sound. */
  #heard = '';
  editing = $state<string | null>(null);
  /** Section in which a new statement is being typed. */
  adding = $state<SectionId | null>(null);
  moving = $state<string | null>(null);
  /** Which of the practice's templates says what sections are expected; none at -1. */
  template = $state(-1);
  /** The marked moment gone to last. */
  marker: number | null = null;
  /** Edits on their way to the record. */
  saving = $state(0);
  /** The last edit was refused: what shows is what was saved before it. */
  isUnsaved = $state(false);
  /** Said to screen readers. */
  said = $state('');
  /** Counts requests to put the focus on what is selected. */
  focusAsked = $state(0);

  /** The addendum being written to a signed note. */
  addendum = $state.raw<NoteView | null>(null);

  readonly note: NoteView | null = $derived(this.addendum ?? consultation.view?.note ?? null);
  readonly isAddendum: boolean = $derived(this.addendum !== null);
  readonly isReadOnly: boolean = $derived(
    consultation.view !== null && consultation.view.signature !== null && this.addendum === null,
  );
  readonly all: Statement[] = $derived(this.note === null ? [] : statements(this.note.note));
  readonly queue: Doubt[] = $derived(this.note === null || this.isReadOnly ? [] : doubts(this.note));
  readonly doubtful: Map<string, Doubt> = $derived(new Map(this.queue.map((doubt) => [doubt.key, doubt])));
  readonly checked: Set<string> = $derived(new Set(this.note?.checked ?? []));
  readonly statement: Statement | null = $derived.by(() => {
    const selected = this.selected;
    return selected?.kind === 'statement' ? (this.all.find((s) => s.id === selected.id) ?? null) : null;
  });
  readonly omission: Omission | null = $derived.by(() => {
    const selected = this.selected;
    if (selected?.kind !== 'omission') return null;
    return this.note?.note.omissions.find((o) => omissionKey(o) === selected.key) ?? null;
  });
  readonly doubt: Doubt | null = $derived.by(() => {
    if (this.selected?.kind === 'statement') return this.doubtful.get(this.selected.id) ?? null;
    return this.selected?.kind === 'omission' ? (this.doubtful.get(this.selected.key) ?? null) : null;
  });
  /** Which statements a segment gave, for the way back from the transcript. */
  readonly citing: Map<number, Statement[]> = $derived(citedBy(this.all));
  readonly found: Found[] = $derived.by(() => {
    if (this.statement !== null) return findSources(this.statement.sources, consultation.segments);
    return this.omission === null ? [] : findSources([this.omission], consultation.segments);
  });
  /** What is lit in the transcript, by segment. */
  readonly lit: Map<number, Range[]> = $derived(lightOf(this.found));

  select(selected: Selected | null, focus = true): void {
    this.selected = selected;
    if (focus) this.focusAsked += 1;
  }

  selectDoubt(doubt: Doubt | null): void {
    if (doubt === null) return;
    this.select(doubt.kind === 'omission' ? { kind: 'omission', key: doubt.key } : { kind: 'statement', id: doubt.id });
  }

  /** False at the end of the queue: the walk is over, and Tab is Tab again. `wraps` begins anew there instead. */
  walk(by: 1 | -1, wraps = false): boolean {
    const next = step(this.queue, this.doubt?.key ?? null, by) ?? (wraps ? step(this.queue, null, by) : null);
    this.isWalking = next !== null;
    this.selectDoubt(next);
    return next !== null;
  }

  /** The statement above or below, and its passage. */
  async hear(by: 1 | -1): Promise<void> {
    this.go(by);
    if (consultation.view?.playable === true) await this.play();
  }

  /** The next moment marked while recording, round and round. */
  goToMarker(): boolean {
    const { view } = consultation;
    const [first] = view?.markers ?? [];
    if (view === null || first === undefined) return false;
    const now = this.marker === null ? -1 : this.marker;
    this.marker = view.markers.find((at) => at > now) ?? first;
    const at = this.marker;
    const segment = segmentAt(at, view.transcript.segments);
    if (segment !== undefined) this.select({ kind: 'segment', index: segment.index });
    return segment !== undefined;
  }

  /** The statement above or below, whatever section it is in. */
  go(by: 1 | -1): void {
    const at = this.all.findIndex((s) => s.id === this.statement?.id);
    const next = at < 0 ? this.all[by === 1 ? 0 : this.all.length - 1] : this.all[at + by];
    if (next !== undefined) this.select({ kind: 'statement', id: next.id });
  }

  /** What is selected is heard; pressed again while it sounds, it stops. */
  async togglePlay(): Promise<void> {
    if (playback.isPlaying && this.#heard === JSON.stringify(this.selected)) await playback.stop();
    else await this.play();
  }

  /** Exactly the passage of what is selected. */
  async play(): Promise<void> {
    const passages = this.#passages();
    this.#heard = JSON.stringify(this.selected);
    if (consultation.id !== null) await playback.play(consultation.id, passages);
  }

  async playSegment(index: number): Promise<void> {
    const segment = consultation.segments.get(index);
    if (segment === undefined || consultation.id === null) return;
    this.#heard = JSON.stringify({ kind: 'segment', index });
    await playback.play(consultation.id, [passageOf(segment, null)]);
  }

  async edit(edit: Edit): Promise<boolean> {
    if (consultation.id === null) return false;
    this.saving += 1;
    const { id } = consultation;
    const view = await attempt(this.isAddendum ? core.addendumEdit(id, edit) : core.noteEdit(id, edit));
    this.saving -= 1;
    this.isUnsaved = view === undefined;
    if (view !== undefined) this.#take(view);
    return view !== undefined;
  }

  /** Who spoke, set right: transcript and note come back together. */
  async whoSpoke(correction: WhoSpoke, done: string): Promise<void> {
    if (consultation.id === null || this.isReadOnly) return;
    this.saving += 1;
    const view = await attempt(core.speakersCorrect(consultation.id, correction));
    this.saving -= 1;
    consultation.take(view);
    if (view !== undefined) this.said = done;
  }

  /** Doctor and patient the other way round, everywhere. */
  async swapSpeakers(): Promise<void> {
    await this.whoSpoke({ op: 'swap' }, t().transcript.swapped);
  }

  /** This segment was said by this person. */
  async setSpeaker(index: number, speaker: Speaker): Promise<void> {
    await this.whoSpoke({ op: 'segment', index, speaker }, t().transcript.whoDone(t().speaker[speaker]));
  }

  /** The selected segment goes to the next person: doctor, patient, companion, and round. */
  async nextSpeaker(index: number): Promise<void> {
    const at = PEOPLE.indexOf(consultation.segments.get(index)?.speaker ?? 'unknown');
    await this.setSpeaker(index, PEOPLE[(at + 1) % PEOPLE.length] ?? 'doctor');
  }

  async learnVoice(): Promise<void> {
    if (consultation.id === null) return;
    const view = await attempt(core.voiceLearn(consultation.id));
    consultation.take(view);
    if (view !== undefined) alerts.say(t().transcript.voiceLearnt);
  }

  async forgetVoice(): Promise<void> {
    if ((await attempt(core.voiceForget())) === undefined) return;
    alerts.say(t().transcript.voiceForgotten);
    await consultation.reload();
  }

  async setText(id: string, text: string): Promise<void> {
    const before = this.queue;
    if (!(await this.edit({ op: 'set_text', id, text }))) return;
    this.editing = null;
    this.#afterDoubt(before, id);
  }

  /** A line cut at the caret: two statements with the same sources. */
  async split(id: string, first: string, second: string): Promise<void> {
    if (!(await this.edit({ op: 'split', id, first, second }))) return;
    this.editing = null;
    this.said = t().note.splitDone;
    this.select({ kind: 'statement', id });
  }

  /** Joins a statement to the one above it in its section. */
  async merge(id: string): Promise<void> {
    const above = this.#neighbours(id)?.above;
    if (above === undefined || !(await this.edit({ op: 'merge', id, into: above.id }))) return;
    this.said = t().note.merged;
    this.select({ kind: 'statement', id: above.id });
  }

  /** One place up or down within its section. */
  async shift(id: string, by: 1 | -1): Promise<void> {
    const home = this.#neighbours(id);
    const position = (home?.at ?? 0) + by;
    if (home === null || position < 0 || position >= home.count) return;
    if (!(await this.edit({ op: 'move', id, section: home.section, position }))) return;
    this.said = t().note.shifted(position + 1, home.count);
    this.select({ kind: 'statement', id });
  }

  mayMerge(id: string): boolean {
    const above = this.#neighbours(id)?.above;
    return above !== undefined && above.experiencer === this.all.find((s) => s.id === id)?.experiencer;
  }

  async check(id: string, checked: boolean): Promise<void> {
    const before = this.queue;
    if (!(await this.edit({ op: 'check', id, checked }))) return;
    if (!checked) return;
    this.said = t().note.accepted;
    this.#afterDoubt(before, id);
  }

  async add(section: SectionId, text: string): Promise<void> {
    const known = new Set(this.all.map((s) => s.id));
    if (!(await this.edit({ op: 'add', section, text }))) return;
    this.adding = null;
    const added = this.all.find((s) => !known.has(s.id));
    if (added !== undefined) this.select({ kind: 'statement', id: added.id });
  }

  async remove(id: string): Promise<void> {
    const before = this.queue;
    const at = this.all.findIndex((s) => s.id === id);
    const wasDoubt = this.doubtful.has(id);
    if (!(await this.edit({ op: 'delete', id }))) return;
    this.said = t().note.removed;
    if (wasDoubt && this.#afterDoubt(before, id)) return;
    const near = this.all[Math.min(at, this.all.length - 1)];
    this.select(near === undefined ? null : { kind: 'statement', id: near.id });
  }

  async move(id: string, section: SectionId): Promise<void> {
    if (this.note !== null && sectionOf(this.note.note, id) === section) return;
    if (!(await this.edit({ op: 'move', id, section, position: null }))) return;
    this.moving = null;
    this.said = t().note.moved(t().sections[section]);
    this.select({ kind: 'statement', id });
  }

  /** Takes an omission into the note, or sets it aside. */
  async settle(omission: Omission, section: SectionId | null): Promise<void> {
    const before = this.queue;
    const { segment, quote } = omission;
    const edit: Edit =
      section === null
        ? { op: 'dismiss_omission', segment, quote }
        : { op: 'accept_omission', segment, quote, section };
    if (!(await this.edit(edit))) return;
    this.said = section === null ? t().doubt.omissionDismissed : t().doubt.omissionAccepted;
    if (!this.#afterDoubt(before, omissionKey(omission))) this.select(null);
  }

  /** Enter on a doubt: it is right. */
  async accept(): Promise<void> {
    if (this.omission !== null) await this.settle(this.omission, OMISSION_HOME);
    else if (this.statement !== null && this.doubt !== null) await this.check(this.statement.id, true);
    else this.walk(1);
  }

  async undo(): Promise<void> {
    if (this.note?.can_undo === true) await this.#turn(this.isAddendum ? core.addendumUndo : core.noteUndo);
  }

  async redo(): Promise<void> {
    if (this.note?.can_redo === true) await this.#turn(this.isAddendum ? core.addendumRedo : core.noteRedo);
  }

  /** Opens the addendum as it was left, or one that begins with the signed note. */
  async complete(): Promise<void> {
    if (consultation.id === null) return;
    this.addendum = (await attempt(core.addendum(consultation.id))) ?? null;
    if (this.addendum !== null) this.said = t().versions.begun;
  }

  /** The signed note stays as it is. */
  async giveUp(): Promise<void> {
    if (consultation.id === null) return;
    const view = await attempt(core.addendumDiscard(consultation.id));
    if (view === undefined) return;
    this.addendum = null;
    consultation.take(view);
  }

  forget(): void {
    this.selected = null;
    this.marker = null;
    this.isUnsaved = false;
    this.isWalking = false;
    this.editing = null;
    this.adding = null;
    this.moving = null;
    this.template = -1;
    this.addendum = null;
    this.said = '';
  }

  async #turn(command: (id: string) => Promise<NoteView>): Promise<void> {
    if (consultation.id === null) return;
    const known = new Map(this.all.map((s) => [s.id, s]));
    const view = await attempt(command(consultation.id));
    if (view === undefined) return;
    this.#take(view);
    // What came back or changed is what the doctor wants to see.
    const changed = this.all.find((s) => JSON.stringify(known.get(s.id)) !== JSON.stringify(s));
    if (changed !== undefined) this.select({ kind: 'statement', id: changed.id });
    else if (this.statement === null && this.omission === null) this.select(null);
  }

  /** A note that came by another way than an edit. */
  takeNote(view: NoteView): void {
    this.#take(view);
  }

  #take(view: NoteView): void {
    if (this.isAddendum) this.addendum = view;
    else consultation.takeNote(view);
  }

  #afterDoubt(before: Doubt[], settled: string): boolean {
    if (!this.isWalking || !before.some((doubt) => doubt.key === settled)) {
      this.focusAsked += 1;
      return false;
    }
    const next = following(before, this.queue, settled);
    if (next === null) {
      this.isWalking = false;
      this.said = t().doubt.none;
      this.focusAsked += 1;
      return false;
    }
    this.selectDoubt(next);
    return true;
  }

  #neighbours(id: string): { section: SectionId; at: number; count: number; above: Statement | undefined } | null {
    const home = this.note?.note.sections.find((section) => section.statements.some((s) => s.id === id));
    if (home === undefined) return null;
    const at = home.statements.findIndex((s) => s.id === id);
    return { section: home.id, at, count: home.statements.length, above: home.statements[at - 1] };
  }

  #passages(): Passage[] {
    if (this.selected?.kind === 'segment') {
      const segment = consultation.segments.get(this.selected.index);
      return segment === undefined ? [] : [passageOf(segment, null)];
    }
    return passagesOf(this.found);
  }
}

export const review = new ReviewStore();

