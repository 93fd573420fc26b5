/** F6 goes round the areas of a screen: each element marked `data-region` takes the focus, or its first control does. */
export function nextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  for (let by = 1; by <= regions.length; by += 1) {
    const region = regions[(at + by) % regions.length];
    const first = region?.querySelector<HTMLElement>(
      'button:not(:disabled):not([tabindex="-1"]), input:not(:disabled), select, textarea, a[href], [tabindex="0"]',
    );
    if (first) {
      first.focus();
      return;
    }
  }
}
