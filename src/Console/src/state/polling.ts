import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Polled<T> {
  /** The latest answer; null before the first. */
  data: T | null;

  /** Why the latest try failed; null where it did not. */
  error: unknown;

  /** Asks now. */
  refresh: () => void;
}

/**
 * Loads something now and every so often, while the page is seen. A failure leaves the last answer in place, and is followed by ever longer pauses.
 * @param load Loads it.
 * @param milliseconds The pause; null to load once.
 * @param key What it is: another key loads anew.
 */
export function usePolling<T>(load: (signal: AbortSignal) => Promise<T>, milliseconds: number | null, key: string): Polled<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: unknown }>({ key, data: null, error: null });
  const latest = useRef(load);
  latest.current = load;
  const kick = useRef<() => void>(() => undefined);

  useEffect(() => {
    const control = new AbortController();
    let timer = 0;
    let failures = 0;
    let loading = false;
    let again = false;

    const run = async (): Promise<void> => {
      clearTimeout(timer);
      if (loading) {
        again = true;
        return;
      }

      loading = true;
      try {
        const data = await latest.current(control.signal);
        failures = 0;
        if (!control.signal.aborted) {
          setState({ key, data, error: null });
        }
      } catch (error) {
        failures++;
        if (!control.signal.aborted) {
          setState((previous) => ({ key, data: previous.key === key ? previous.data : null, error }));
        }
      }

      loading = false;
      if (control.signal.aborted) {
        return;
      }

      if (again) {
        again = false;
        void run();
      } else if (milliseconds !== null || failures > 0) {
        timer = setTimeout(() => void (document.hidden ? undefined : run()), Math.min((milliseconds ?? 3000) * 2 ** Math.min(failures, 4), 60_000));
      }
    };

    const shown = (): void => {
      if (!document.hidden) {
        void run();
      }
    };

    kick.current = () => void run();
    document.addEventListener('visibilitychange', shown);
    void run();
    return () => {
      control.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [milliseconds, key]);

  const refresh = useCallback(() => kick.current(), []);
  return state.key === key ? { data: state.data, error: state.error, refresh } : { data: null, error: null, refresh };
}
