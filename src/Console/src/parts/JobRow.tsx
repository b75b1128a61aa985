import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Circuit, Job } from '../api/types';
import { ago, count, duration, exact } from '../figures';
import { circuitOf } from '../state/circuits';
import { useLiveJob } from '../state/jobs';
import { to } from '../state/route';
import { PhaseBadge } from './basics';
import { LayerBar } from './LayerBar';

/** A job in a list; the first few that run are followed by their events. */
export function JobRow({ job: listed, live, now }: { job: Job; live: boolean; now: number }): VNode {
  const job = useLiveJob(listed.id, listed, live).job ?? listed;
  const circuit = useCircuit(job);
  const end = job.ended === null ? now : Date.parse(job.ended);
  return (
    <li class="job">
      <a href={to('jobs', job.id)} class="job-link">
        <span class="job-name">{job.model_name} <span class="note">version {job.model_version}</span></span>
        <PhaseBadge phase={job.phase} />
        <span class="job-time" title={exact(job.created)}>{ago(job.created, now)}</span>
        <span class="job-figures">{count(job.progress.bootstraps_done)} of {count(job.progress.bootstraps_total)} bootstraps · {duration(Math.max(0, end - Date.parse(job.created)))}</span>
        <LayerBar job={job} circuit={circuit} />
        {job.error === null ? null : <span class="job-error">{job.error.detail}</span>}
      </a>
    </li>
  );
}

/** The circuit that a job computes; null until it is known, and where the model is gone. */
export function useCircuit(job: Job | null): Circuit | null {
  const [circuit, setCircuit] = useState<Circuit | null>(null);
  const [model, version] = [job?.model_name, job?.model_version];
  useEffect(() => {
    let left = false;
    setCircuit(null);
    if (model !== undefined && version !== undefined) {
      circuitOf(model, version).then((found) => left || setCircuit(found), () => undefined);
    }

    return () => {
      left = true;
    };
  }, [model, version]);
  return circuit;
}
