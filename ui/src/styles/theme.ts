import type { Theme } from '../ipc/types';

let chosen: Theme = 'system';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

export function applyTheme(theme: Theme): void {
  chosen = theme;
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.dataset.theme = theme === 'contrast' ? theme : isDark ? 'dark' : 'light';
}

systemIsDark.addEventListener('change', () => applyTheme(chosen));
