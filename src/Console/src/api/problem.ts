/** A request that did not succeed, in words for people. */
export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

/** Reads a problem document (RFC 9457); whatever else came is told by its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => '');
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && 'detail' in document && typeof document.detail === 'string') {
      const code = 'code' in document && typeof document.code === 'string' ? document.code : 'unknown';
      return new Problem(response.status, code, document.detail);
    }
  } catch {
    // Not a gateway's answer: a proxy's, say.
  }

  return new Problem(response.status, 'unknown', `The server answered with ${response.status}${response.statusText === '' ? '' : ` ${response.statusText}`}.`);
}

/** Any failure in words. */
export function wordsOf(error: unknown): string {
  if (error instanceof Problem) {
    return error.message;
  }

  return error instanceof Error ? error.message : String(error);
}
