import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { get, segment, send } from '../api/http';
import { hasEnded, type Job as JobState } from '../api/types';
import { count, duration, exact, percent, plural, rough } from '../figures';
import { Card, Failure, Head, Loading, Meter, PhaseBadge, Tiles } from '../parts/basics';
import { CircuitDrawing } from '../parts/CircuitDrawing';
import { Confirm } from '../parts/Confirm';
import { useCircuit } from '../parts/JobRow';
import { LayerBar } from '../parts/LayerBar';
import { progressOf } from '../parts/layers';
import { useNow } from '../state/clock';
import { useLiveJob } from '../state/jobs';
import { tell } from '../state/notices';
import { usePolling } from '../state/polling';
import { to } from '../state/route';

/** One job, live: how far each layer is, where it is computed, and how to stop it. */
export function Job({ id }: { id: string }): VNode {
  const now = useNow();
  const listed = usePolling((signal) => get<JobState>(`v2/jobs/${segment(id)}`, signal), null, `job ${id}`);
  const live = useLiveJob(id, listed.data, listed.data !== null);
  const circuit = useCircuit(live.job);
  const rate = useRate(live.job);
  const [asked, setAsked] = useState(false);
  const job = live.job;

  const cancel = async (): Promise<void> => {
    const answer = await send('DELETE', `v2/jobs/${segment(id)}`);
    live.set((await answer.json()) as JobState);
    tell('The job is cancelled.');
  };

  return (
    <>
      <Head kicker={<a href={to('jobs')}>Jobs</a>} title={job === null ? 'Job' : job.model_name} lead={<code>{id}</code>}>
        {job === null || hasEnded(job.phase) ? null : <button type="button" class="danger" onClick={() => setAsked(true)}>Cancel the job</button>}
      </Head>
      <Failure error={listed.error ?? live.error} />
      {job === null ? (listed.error === null ? <Loading /> : null) : (
        <>
          <Tiles tiles={tilesOf(job, rate, now)} />
          {job.error === null ? null : <p class="failure" role="alert">It failed: {job.error.detail}</p>}
          <Card title="Progress" note={`${count(job.progress.bootstraps_done)} of ${count(job.progress.bootstraps_total)} bootstraps, ${count(job.progress.steps_done)} of ${plural(job.progress.steps_total, 'step')}`}>
            <LayerBar job={job} circuit={circuit} />
            {circuit === null ? null : <CircuitDrawing circuit={circuit} progress={progressOf(circuit, job)} />}
          </Card>
          {Object.keys(job.slices_by_silo).length === 0 ? null : (
            <Card title="Where it was computed" note="Slices of bootstraps by silo.">
              <Slices slices={job.slices_by_silo} />
            </Card>
          )}
          <Card title="Details">
            <dl class="facts">
              <div><dt>model</dt><dd><a href={to('models', job.model_name, 'versions', job.model_version)}>{job.model_name}, version {job.model_version}</a></dd></div>
              <div><dt>key set</dt><dd><a href={to('keysets')}>{job.key_set}</a></dd></div>
              <div><dt>accepted</dt><dd>{exact(job.created)}</dd></div>
              <div><dt>ended</dt><dd>{job.ended === null ? 'not yet' : exact(job.ended)}</dd></div>
              <div><dt>priority</dt><dd>{job.priority} (1 is first, 9 last)</dd></div>
              <div><dt>deadline</dt><dd>{job.deadline === null ? 'none' : exact(job.deadline)}</dd></div>
            </dl>
          </Card>
        </>
      )}
      {!asked || job === null ? null : (
        <Confirm title="Cancel this job?" verb="Cancel the job" act={cancel} close={() => setAsked(false)}>
          <p>What is computed so far is lost: {count(job.progress.bootstraps_done)} of {count(job.progress.bootstraps_total)} bootstraps.</p>
        </Confirm>
      )}
    </>
  );
}

/** Bootstraps a second since the page first saw the job run; null before it can be told. */
function useRate(job: JobState | null): number | null {
  const first = useRef<{ id: string; done: number; at: number } | null>(null);
  if (job === null || job.phase !== 'running') {
    return null;
  }

  const done = job.progress.bootstraps_done;
  if (first.current?.id !== job.id) {
    first.current = { id: job.id, done, at: performance.now() };
  }

  const seconds = (performance.now() - first.current.at) / 1000;
  return seconds > 1 && done > first.current.done ? (done - first.current.done) / seconds : null;
}

function tilesOf(job: JobState, rate: number | null, now: number) {
  const { bootstraps_done: done, bootstraps_total: total } = job.progress;
  const took = Math.max(0, (job.ended === null ? now : Date.parse(job.ended)) - Date.parse(job.created));
  const average = took === 0 ? 0 : (1000 * done) / took;
  return [
    { label: 'State', value: <PhaseBadge phase={job.phase} />, note: job.ended === null ? `for ${duration(took)}` : `after ${duration(took)}` },
    { label: 'Done', value: total === 0 ? '–' : percent(job.phase === 'succeeded' ? 1 : done / total), note: `${count(done)} bootstraps` },
    { label: 'Pace', value: `${rough(rate ?? average)} /s`, note: 'bootstraps' },
    ...(job.phase === 'running' && rate !== null ? [{ label: 'Left', value: duration((1000 * (total - done)) / rate), note: 'at this pace' }] : []),
  ];
}

function Slices({ slices }: { slices: Record<string, number> }): VNode {
  const all = Object.values(slices).reduce((sum, value) => sum + value, 0);
  return <>{Object.entries(slices).sort((a, b) => b[1] - a[1]).map(([silo, value]) => <Meter key={silo} label={silo} value={value / all} text={plural(value, 'slice')} tone="linear" />)}</>;
}
