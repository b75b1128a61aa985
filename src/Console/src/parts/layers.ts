import type { Circuit, Job, Step } from '../api/types';

/** One card of the drawing: a linear step with the look-up that alone reads it, or one of them alone, or the input; no steps: the output. */
export interface Block { steps: Step[] }

/** A connection of two cards. */
export interface Edge { from: number; to: number }

/** The cards of a circuit in order of evaluation, the output last, and what connects them. */
export function blocksOf(circuit: Circuit): { blocks: Block[]; edges: Edge[] } {
  const readers = new Map<number, number>();
  circuit.steps.forEach((step) => step.sources.forEach((source) => readers.set(source, (readers.get(source) ?? 0) + 1)));

  const blocks: Block[] = [];
  const blockOf = new Map<number, number>();
  for (const step of circuit.steps) {
    const source = step.kind === 'lookup' ? circuit.steps[step.sources[0] ?? 0] : undefined;
    const block = source?.kind === 'linear' && !source.is_output && readers.get(source.value) === 1 ? blockOf.get(source.value) : undefined;
    if (block === undefined) {
      blockOf.set(step.value, blocks.length);
      blocks.push({ steps: [step] });
    } else {
      blockOf.set(step.value, block);
      blocks[block]?.steps.push(step);
    }
  }

  const edges: Edge[] = [];
  const add = (from: number, to: number): void => {
    if (from !== to && !edges.some((edge) => edge.from === from && edge.to === to)) {
      edges.push({ from, to });
    }
  };
  circuit.steps.forEach((step) => step.sources.forEach((source) => add(blockOf.get(source) ?? 0, blockOf.get(step.value) ?? 0)));
  circuit.steps.filter((step) => step.is_output).forEach((step) => add(blockOf.get(step.value) ?? 0, blocks.length));
  blocks.push({ steps: [] });
  return { blocks, edges };
}

export type Stand = 'waiting' | 'running' | 'done';

/** How far one look-up step is. */
export interface LayerProgress { step: Step; done: number; total: number; stand: Stand }

/** How far each look-up step of a job is: steps are computed one after the other, so the sum of bootstraps tells. */
export function progressOf(circuit: Circuit, job: Job): LayerProgress[] {
  let before = 0;
  return circuit.steps.filter((step) => (step.lookup?.rotations ?? 0) > 0).map((step) => {
    const total = step.lookup?.rotations ?? 0;
    const done = job.phase === 'succeeded' ? total : Math.min(total, Math.max(0, job.progress.bootstraps_done - before));
    const begun = done > 0 || (job.phase === 'running' && job.progress.steps_done === step.value - 1);
    before += total;
    return { step, done, total, stand: done === total ? 'done' : begun ? 'running' : 'waiting' };
  });
}
