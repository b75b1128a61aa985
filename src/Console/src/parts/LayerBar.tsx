import type { VNode } from 'preact';
import type { Circuit, Job } from '../api/types';
import { progressOf } from './layers';

/** How far a job is, a piece for each layer and as long as its share of the bootstraps; one piece where the circuit is not known. */
export function LayerBar({ job, circuit }: { job: Job; circuit: Circuit | null }): VNode {
  const { bootstraps_done: done, bootstraps_total: all } = job.progress;
  const total = Math.max(1, all);
  const pieces = circuit === null
    ? [{ name: 'all layers', total, done: job.phase === 'succeeded' ? total : done }]
    : progressOf(circuit, job).map((layer) => ({ name: layer.step.name, total: layer.total, done: layer.done }));
  return (
    <span class={`layers ${job.phase}`} role="progressbar" aria-label="bootstraps" aria-valuemin={0} aria-valuemax={total} aria-valuenow={done}>
      {pieces.map((piece, i) => (
        <span key={i} class="track" style={{ flexGrow: String(piece.total) }} title={`${piece.name}: ${piece.done} of ${piece.total}`}>
          <span class="fill" style={{ width: `${(100 * piece.done) / Math.max(1, piece.total)}%` }} />
        </span>
      ))}
    </span>
  );
}
