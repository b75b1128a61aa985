import { signal } from './signal';

/** What was just done, told for some seconds. */
export const notice = signal<string | null>(null);

let timer = 0;

export function tell(text: string): void {
  clearTimeout(timer);
  notice.set(text);
  timer = setTimeout(() => notice.set(null), 6000);
}
