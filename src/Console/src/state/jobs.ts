import { useEffect, useState } from 'preact/hooks';
import { follow } from '../api/events';
import { all, get, segment } from '../api/http';
import { Problem } from '../api/problem';
import { hasEnded, type Job } from '../api/types';
import { usePolling, type Polled } from './polling';
import { session } from './session';

/** Jobs that have ended do not change. */
const ended = new Map<string, Job>();
session.subscribe(() => ended.clear());

export interface JobList { total: number; jobs: Job[] }

/** The newest jobs, newest first, looked at every few seconds. */
export const useJobs = (most: number): Polled<JobList> => usePolling(async (signal) => {
  const ids = await all<string>('v2/jobs', 'jobs', signal);
  const jobs = await Promise.all(ids.slice(-most).reverse().map((id) => find(id, signal)));
  return { total: ids.length, jobs: jobs.filter((job) => job !== null) };
}, 2000, `jobs ${most}`);

async function find(id: string, signal: AbortSignal): Promise<Job | null> {
  const known = ended.get(id);
  if (known !== undefined) {
    return known;
  }

  try {
    const job = await get<Job>(`v2/jobs/${segment(id)}`, signal);
    if (hasEnded(job.phase)) {
      ended.set(id, job);
    }

    return job;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      return null; // Its time was over between the list and this.
    }

    throw error;
  }
}

export interface LiveJob { job: Job | null; error: unknown; set: (job: Job) => void }

/**
 * A job as its events tell it.
 * @param known What a list says of it, which may be newer or older.
 * @param live Whether to follow its events: a browser keeps few connections to a server.
 */
export function useLiveJob(id: string, known: Job | null, live: boolean): LiveJob {
  const [state, setState] = useState<{ job: Job | null; error: unknown }>({ job: known, error: null });
  const over = (known !== null && hasEnded(known.phase)) || (state.job?.id === id && hasEnded(state.job.phase));

  useEffect(() => {
    if (!live || over) {
      return undefined;
    }

    const control = new AbortController();
    const run = async (): Promise<void> => {
      try {
        for await (const data of follow(`v2/jobs/${segment(id)}/events`, control.signal)) {
          setState({ job: JSON.parse(data) as Job, error: null });
        }
      } catch (error) {
        if (!control.signal.aborted) {
          setState((previous) => ({ ...previous, error }));
        }
      }
    };

    void run();
    return () => control.abort();
  }, [id, live, over]);

  const own = state.job?.id === id ? state.job : null;
  const job = own === null || (known !== null && known.revision >= own.revision) ? known : own;
  return { job, error: state.error, set: (next) => setState({ job: next, error: null }) };
}
