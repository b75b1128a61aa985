import { signal } from './signal';

/** The page's address behind the '#', in parts: "#/models/m/versions/1" is ["models", "m", "versions", "1"]. */
export const route = signal<string[]>(read());

addEventListener('hashchange', () => {
  route.set(read());
  scrollTo(0, 0);
});

/** The address of a page of the console. */
export const to = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;

function read(): string[] {
  return location.hash.replace(/^#\/?/, '').split('/').filter((part) => part !== '').map(decode);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
