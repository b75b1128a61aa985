import { send } from './http';

/**
 * Follows an event stream through fetch, since EventSource cannot send the API key's header. Yields the data of each event and resumes behind the last
 * one when the connection breaks; ends when the server says that nothing is to come.
 */
export async function* follow(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let last: string | null = null;
  for (let failures = 0; !signal.aborted; ) {
    try {
      const response = await send('GET', path, { signal, headers: last === null ? {} : { 'Last-Event-ID': last } });
      if (response.status === 204 || response.body === null) {
        return;
      }

      for await (const event of eventsOf(response.body)) {
        last = event.id ?? last;
        failures = 0;
        yield event.data;
      }
    } catch (error) {
      if (signal.aborted || ++failures > 5) {
        throw error;
      }
    }

    // The server ends a stream behind the last event, and when it stops: the next try tells which (204).
    await pause(Math.min(500 * 2 ** failures, 8000), signal);
  }
}

interface Event { id: string | null; data: string }

/** Cuts a stream into events: lines "field: value", a blank line behind each event, comments beginning with a colon. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }

      text += decoder.decode(value, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const event = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (event.data !== '') {
          yield event;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): Event {
  const event: Event = { id: null, data: '' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trimStart();
    if (line.startsWith('id:')) {
      event.id = value;
    } else if (line.startsWith('data:')) {
      event.data += event.data === '' ? value : `\n${value}`;
    }
  }

  return event;
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve();
  }, { once: true });
});
