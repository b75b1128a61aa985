import { apiKey, signOut } from '../state/session';
import { Problem, problemOf } from './problem';

/** Relative to /console/, so that a proxy may serve everything below a path of its own. */
const root = new URL('../', document.baseURI);

/** Sends a request with the API key in its header; a key that is no longer known ends the session. */
export async function send(method: string, path: string, init: { signal?: AbortSignal; headers?: Record<string, string>; key?: string } = {}): Promise<Response> {
  const key = init.key ?? apiKey();
  let response: Response;
  try {
    response = await fetch(new URL(path, root), {
      method,
      headers: { ...init.headers, ...(key === null ? {} : { Authorization: `Bearer ${key}` }) },
      signal: init.signal ?? null,
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }

    throw new Problem(0, 'unreachable', 'The server cannot be reached. It may be restarting; this page goes on trying.');
  }

  if (response.ok) {
    return response;
  }

  const problem = await problemOf(response);
  if (response.status === 401 && init.key === undefined && key === apiKey()) {
    signOut('The server does not take this API key any more. Sign in again.');
  }

  throw problem;
}

/** GETs JSON. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await send('GET', path, signal === undefined ? {} : { signal })).json()) as T;
}

/** One segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text);

/** All items of a list that comes in pages. */
export async function all<T>(path: string, items: string, signal?: AbortSignal): Promise<T[]> {
  const list: T[] = [];
  let next: string | null = null;
  do {
    const page: Record<string, unknown> = await get(next === null ? path : `${path}?after=${segment(next)}`, signal);
    list.push(...(page[items] as T[]));
    next = typeof page.next === 'string' ? page.next : null;
  } while (next !== null);
  return list;
}
