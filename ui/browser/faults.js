/** Runs in the page: what is cut off, hidden or on top of something else. Every line names one fault. */
export function layoutFaults() {
  const SLACK = 1.5;
  /** @type {string[]} */
  const faults = [];
  const dialogs = document.querySelectorAll('dialog[open]');
  const root = dialogs[dialogs.length - 1] ?? document.body;
  /** @param {Element} element */
  const named = (element) => {
    const id = element.getAttribute('data-testid') ?? element.getAttribute('class')?.split(' ')[0] ?? '';
    return `${element.localName}${id === '' ? '' : `.${id}`} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  };
  /** @param {Element} element */
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('.for-readers, [aria-hidden="true"]') === null;
  /** Said to readers only: a pixel wide by design. @param {DOMRect} box */
  const hasSize = (box) => box.width > 2 && box.height > 2;
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth + SLACK) faults.push(`the page scrolls sideways by ${page.scrollWidth - page.clientWidth}`);

  /** @type {{ element: Element, box: DOMRect }[]} */
  const controls = [];
  for (const element of root.querySelectorAll('*')) {
    if (element.closest('svg') !== null && element.localName !== 'svg') continue;
    if (!isShown(element)) continue;
    const box = element.getBoundingClientRect();
    if (!hasSize(box)) continue;
    const style = getComputedStyle(element);
    const hidesX = style.overflowX === 'hidden' || style.overflowX === 'clip';
    const hidesY = style.overflowY === 'hidden' || style.overflowY === 'clip';
    const isField = element.matches('input, select, textarea');
    const isEmpty = (element.textContent ?? '').trim() === '';
    if (hidesX && !isField && !isEmpty && element.scrollWidth > element.clientWidth + SLACK && !element.hasAttribute('title')) {
      faults.push(`cut at its side: ${named(element)}`);
    }
    if (hidesY && !isField && !isEmpty && element.scrollHeight > element.clientHeight + SLACK) faults.push(`cut at its foot: ${named(element)}`);
    if (!hidesX && style.overflowX === 'auto' && element.scrollWidth > element.clientWidth + SLACK && element.getAttribute('data-scrolls') !== 'sideways') {
      faults.push(`scrolls sideways: ${named(element)}`);
    }
    const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '');
    if (ownText && element.closest('[data-scrolls="sideways"]') === null && (box.left < -SLACK || box.right > page.clientWidth + SLACK)) {
      faults.push(`out of the window: ${named(element)}`);
    }
    // Text wider than its own box spills over its neighbour.
    if (ownText && !hidesX && style.display !== 'inline' && element.scrollWidth > element.clientWidth + SLACK && element.clientWidth > 0) {
      faults.push(`wider than its box: ${named(element)}`);
    }
    if (element.matches('button, a[href], input, select, textarea, summary, h1, h2, h3, label') && !element.matches('[data-floats] *')) {
      controls.push({ element, box: inkOf(element) ?? box });
    }
  }
  for (const [at, one] of controls.entries()) {
    for (const other of controls.slice(at + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across <= 2 || down <= 2) continue;
      // What scrolls under a bar is not on top of it: only what both can be seen counts.
      const x = Math.max(one.box.left, other.box.left) + across / 2;
      const y = Math.max(one.box.top, other.box.top) + down / 2;
      const top = document.elementFromPoint(x, y);
      if (top === null) continue;
      const isOne = one.element.contains(top);
      const isOther = other.element.contains(top);
      const under = isOne ? other.element : isOther ? one.element : null;
      if (under === null || isClipped(under, x, y)) continue;
      faults.push(`on top of one another: ${named(one.element)} and ${named(other.element)}`);
    }
  }
  return faults;

  /** Where the words are: the box of a title or of a line may be as wide as the page, a field keeps room for a button.
   *  @param {Element} element */
  function inkOf(element) {
    if (element.matches('input')) {
      const { left, top, width, height } = element.getBoundingClientRect();
      return new DOMRect(left, top, width - parseFloat(getComputedStyle(element).paddingRight), height);
    }
    if (!element.matches('h1, h2, h3, label, [data-select]') || (element.textContent ?? '').trim() === '') return null;
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  }

  /** Whether an ancestor that scrolls or hides leaves this point of an element out.
   *  @param {Element} element @param {number} x @param {number} y */
  function isClipped(element, x, y) {
    for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflow === 'visible') continue;
      const box = parent.getBoundingClientRect();
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) return true;
    }
    return false;
  }
}
