import { signal } from './signal';

/** The tab's own storage: the key goes with the tab, and no other tab, site or later visit sees it. */
const name = 'blindgrain.api-key';

export interface Session { key: string | null; notice: string | null }

/** Who is signed in, and what to tell where nobody is. */
export const session = signal<Session>({ key: sessionStorage.getItem(name), notice: null });

export const apiKey = (): string | null => session.get().key;

export function signIn(key: string): void {
  sessionStorage.setItem(name, key);
  session.set({ key, notice: null });
}

export function signOut(notice: string | null = null): void {
  sessionStorage.removeItem(name);
  session.set({ key: null, notice });
}
