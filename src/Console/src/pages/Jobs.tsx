import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasEnded } from '../api/types';
import { count } from '../figures';
import { Card, Empty, Failure, Head, Loading } from '../parts/basics';
import { JobRow } from '../parts/JobRow';
import { useNow } from '../state/clock';
import { useJobs } from '../state/jobs';

/** Jobs followed by their events at a time: with HTTP/1.1 a browser keeps six connections to a server, and the rest of the page needs some. */
export const streams = 3;

const page = 20;

/** The tenant's jobs, newest first, with live progress. */
export function Jobs(): VNode {
  const now = useNow();
  const [most, setMost] = useState(page);
  const { data, error } = useJobs(most);
  const running = data?.jobs.filter((job) => !hasEnded(job.phase)) ?? [];
  return (
    <>
      <Head title="Jobs" lead="One encrypted inference each. The bar has a piece for every layer, as long as its share of the bootstraps." />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : data.jobs.length === 0 ? (
        <Empty title="No jobs yet"><p>A job is what <code>blindgrain predict</code> or the SDK submits.</p></Empty>
      ) : (
        <Card>
          <ul class="jobs">{data.jobs.map((job) => <JobRow key={job.id} job={job} now={now} live={running.indexOf(job) >= 0 && running.indexOf(job) < streams} />)}</ul>
          {data.total <= most ? null : (
            <p class="more">
              <button type="button" class="plain" onClick={() => setMost(most + page)}>Show older ones</button>
              <span class="note">{count(data.jobs.length)} of {count(data.total)}</span>
            </p>
          )}
        </Card>
      )}
    </>
  );
}
