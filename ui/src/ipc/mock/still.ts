/** A Tuesday morning, in the middle of the surgery. */
const NOW = '2026-11-24T10:42:00+01:00';

/** From here on it is always the same moment; timers go on. */
export function stopClock(): void {
  const now = new Date(NOW).getTime();
  const Running = Date;
  // Only `new Date()` and `Date.now()` stand still: a date that is given stays what it is.
  globalThis.Date = new Proxy(Running, {
    construct: (target, args: unknown[]) => Reflect.construct(target, args.length === 0 ? [now] : args) as Date,
    get: (target, name) => (name === 'now' ? () => now : (Reflect.get(target, name) as unknown)),
  });
}

const turn = () => new Promise((done) => setTimeout(done, 30));

/** The screen stands: it has its title, and has not changed for a few turns. */
export async function shown(): Promise<void> {
  let before = '';
  for (let same = 0; same < 4; ) {
    await turn();
    const now = document.querySelector('h1') === null ? '' : document.body.innerHTML;
    same = now !== '' && now === before ? same + 1 : 0;
    before = now;
  }
  await document.fonts.ready;
}

/** Presses keys (`Tab`, `e`, `Digit3`, `Ctrl-Enter`, `Enter*11`) and clicks (`#testid`), one after the other. */
export async function perform(acts: readonly string[]): Promise<void> {
  for (const act of acts) {
    const [what = '', times = '1'] = act.split('*');
    for (let time = 0; time < Number(times); time += 1) {
      if (what.startsWith('#')) document.querySelector<HTMLElement>(`[data-testid="${what.slice(1)}"]`)?.click();
      else press(what);
      await turn();
    }
  }
  await shown();
}

function press(combination: string): void {
  const parts = combination.split('-');
  const code = parts.pop() ?? '';
  const isDigit = code.startsWith('Digit');
  const key = isDigit ? code.slice('Digit'.length) : code;
  const held = { ctrlKey: parts.includes('Ctrl'), altKey: parts.includes('Alt'), shiftKey: parts.includes('Shift') };
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, code: isDigit ? code : '', bubbles: true, cancelable: true, ...held }));
}
