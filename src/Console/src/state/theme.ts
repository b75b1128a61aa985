import { signal } from './signal';

export type Theme = 'system' | 'light' | 'dark';

const name = 'blindgrain.theme';
const stored = localStorage.getItem(name);

/** What the user chose; "system" follows the system. */
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

export function choose(value: Theme): void {
  if (value === 'system') {
    localStorage.removeItem(name);
  } else {
    localStorage.setItem(name, value);
  }

  theme.set(value);
}

function apply(): void {
  document.documentElement.dataset.theme = theme.get();
}

theme.subscribe(apply);
apply();
