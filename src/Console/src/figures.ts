// Figures as people read them: a thin space between thousands, decimal units.

const thin = '\u202f';

export function count(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+(?!\d))/g, thin).replace(/^-/, '−');
}

/** Two or three significant digits. */
export function rough(value: number): string {
  if (value === 0) {
    return '0';
  }

  return Math.abs(value) >= 100 ? count(value) : Number(value.toPrecision(value >= 10 ? 3 : 2)).toString();
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }

  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${rough(milliseconds)} ms`;
  }

  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${Number(seconds.toPrecision(seconds < 10 ? 2 : 3))} s`;
  }

  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago, or the date where that is more than a day. */
export function ago(time: string, now: number): string {
  const at = Date.parse(time);
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 10) {
    return 'just now';
  }

  if (seconds < 60) {
    return `${Math.floor(seconds)} s ago`;
  }

  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }

  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : new Date(at).toISOString().slice(0, 10);
}

export const exact = (time: string): string => new Date(time).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 2 to a power, as 2⁻⁴⁰. */
export const powerOfTwo = (exponent: number): string =>
  `2${Math.round(exponent).toString().replace('-', '⁻').replace(/\d/g, (digit) => raised[Number(digit)] ?? digit)}`;

/** A mode as the server writes it, its powers raised. */
export const mode = (text: string): string => text.replace('p_error', 'error').replace(/2\^(-?\d+)/g, (_, exponent: string) => powerOfTwo(Number(exponent)));

export const percent = (fraction: number): string => `${Math.round(100 * fraction)} %`;

export const shape = (dimensions: number[]): string => (dimensions.length === 0 ? '1' : dimensions.map(count).join(' × '));

/** The batch dimension (−1) is not the user's. */
export const withoutBatch = (dimensions: number[]): number[] => dimensions.slice(1);

export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

export const range = (min: number, max: number): string => `[${count(min)}, ${count(max)}]`;
