import type { VNode } from 'preact';
import type { Circuit, Step } from '../api/types';
import { bytes, count, duration, percent, plural, powerOfTwo, range, rough, shape } from '../figures';
import { blocksOf, type Block, type Edge, type LayerProgress } from './layers';

// The cards' sizes are fixed, so that the wires beside them can be drawn without measuring.
const part = 92;
const end = 56;
const gap = 34;
const lane = 14;
const mostLanes = 6;

/** A circuit as cards in order of evaluation; with a job's progress, how far each layer is. */
export function CircuitDrawing({ circuit, progress }: { circuit: Circuit; progress?: LayerProgress[] }): VNode {
  const { blocks, edges } = blocksOf(circuit);
  const tops: number[] = [];
  let height = 0;
  blocks.forEach((block) => {
    tops.push(height);
    height += heightOf(block) + gap;
  });
  height -= gap;

  const straight = new Set(edges.filter((edge) => edge.to === edge.from + 1).map((edge) => edge.from));
  const wires = lanesOf(edges.filter((edge) => edge.to > edge.from + 1));
  const lanes = Math.min(mostLanes, Math.max(0, ...wires.map((wire) => wire.lane + 1)));
  const gutter = lanes === 0 ? 0 : lanes * lane + 16;
  return (
    <ol class="circuit" style={{ paddingRight: `${gutter}px` }}>
      {blocks.map((block, i) => (
        <li key={i} class={`block ${i === 0 || i === blocks.length - 1 ? 'client' : ''}`} style={{ height: `${heightOf(block)}px`, marginBottom: i === blocks.length - 1 ? '0' : `${gap}px` }}>
          {block.steps.length === 0 ? <End circuit={circuit} /> : block.steps.map((step) => <Part key={step.value} step={step} circuit={circuit} progress={progress?.find((layer) => layer.step === step)} />)}
          {straight.has(i) ? <span class="arrow" style={{ height: `${gap}px`, bottom: `-${gap}px` }} aria-hidden="true" /> : null}
        </li>
      ))}
      {gutter === 0 ? null : (
        <li class="wires" aria-hidden="true" style={{ width: `${gutter}px`, height: `${height}px` }}>
          <svg width={gutter} height={height}>
            {wires.map((wire) => {
              const x = 12 + lane * Math.min(wire.lane, mostLanes - 1);
              const from = (tops[wire.from] ?? 0) + heightOf(blocks[wire.from]) - 16;
              const to = (tops[wire.to] ?? 0) + 18;
              return (
                <g key={`${wire.from}-${wire.to}`}>
                  <path class="wire" d={`M0 ${from}H${x - 6}Q${x} ${from} ${x} ${from + 6}V${to - 6}Q${x} ${to} ${x - 6} ${to}H6`} />
                  <path class="tip" d={`M0 ${to}l8 -4v8z`} />
                </g>
              );
            })}
          </svg>
        </li>
      )}
    </ol>
  );
}

const heightOf = (block: Block | undefined): number =>
  block === undefined || block.steps.length === 0 || block.steps[0]?.kind === 'input' ? end : part * block.steps.length;

/** Gives each wire the first lane that is free all the way. */
function lanesOf(edges: Edge[]): (Edge & { lane: number })[] {
  const free: number[] = [];
  return [...edges].sort((a, b) => a.from - b.from || a.to - b.to).map((edge) => {
    let taken = free.findIndex((until) => until <= edge.from);
    taken = taken < 0 ? free.length : taken;
    free[taken] = edge.to;
    return { ...edge, lane: taken };
  });
}

function End({ circuit }: { circuit: Circuit }): VNode {
  const output = circuit.steps.find((step) => step.is_output);
  return (
    <div class="part end">
      <strong>output · {shape(output?.shape ?? [])}</strong>
      <span class="fact">still encrypted; only the client can decrypt it</span>
    </div>
  );
}

function Part({ step, circuit, progress }: { step: Step; circuit: Circuit; progress: LayerProgress | undefined }): VNode {
  if (step.kind === 'input') {
    return (
      <div class="part end">
        <strong>input · {shape(step.shape)}</strong>
        <span class="fact">{range(step.min, step.max)} · encrypted by the client, {bits(step)}</span>
      </div>
    );
  }

  return step.kind === 'linear' ? <Linear step={step} circuit={circuit} /> : <Lookup step={step} progress={progress} />;
}

function Linear({ step, circuit }: { step: Step; circuit: Circuit }): VNode {
  const read = step.sources.map((source) => shape(circuit.steps[source]?.shape ?? [])).join(' + ');
  return (
    <div class="part linear">
      <strong class="name" title={step.name}>{step.name}</strong>
      <span class="value">{bits(step)}</span>
      <span class="fact">{read} → {shape(step.shape)} · {plural(step.linear?.weights ?? 0, 'weight')}</span>
      <span class="fact">{range(step.min, step.max)}{step.linear?.declared === true ? ' · declared' : ''}</span>
      <Widths step={step} most={circuit.max_bits} />
    </div>
  );
}

function Lookup({ step, progress }: { step: Step; progress: LayerProgress | undefined }): VNode {
  const lookup = step.lookup;
  const error = lookup?.log2_p_error;
  const noise = error === null || error === undefined ? '' : error > -40 && lookup?.sigma !== null ? ` · σ ${rough(100 * (lookup?.sigma ?? 0))} %` : ` · error ${powerOfTwo(error)}`;
  return (
    <div class={`part lookup ${progress?.stand ?? ''}`}>
      <strong class="name" title={step.name}>{step.name}</strong>
      <span class="value">{progress === undefined ? duration(lookup?.milliseconds ?? 0) : `${count(progress.done)} of ${count(progress.total)}`}</span>
      <span class="fact">{plural(lookup?.bootstraps ?? 0, 'bootstrap')} · {plural(lookup?.tables ?? 0, 'table')}{noise}</span>
      <span class="fact" title={step.operators.join(', ')}>→ {range(step.min, step.max)}{step.operators.length === 0 ? '' : ` · ${step.operators.join(', ')}`}</span>
      {progress === undefined ? (
        <span class="track" title={`${percent(lookup?.time_share ?? 0)} of the modelled time`}><span class="fill" style={{ width: `${100 * (lookup?.time_share ?? 0)}%` }} /></span>
      ) : (
        <span class="track" role="progressbar" aria-label={step.name} aria-valuemin={0} aria-valuemax={progress.total} aria-valuenow={progress.done}>
          <span class="fill" style={{ width: `${(100 * progress.done) / progress.total}%` }} />
        </span>
      )}
    </div>
  );
}

/** log2 of the number of values that the widest element can have. */
const bits = (step: Step): string => `${Math.log2(step.values).toFixed(1)} bits`;

/** How many elements have each bit-width, as small columns; nothing where all have one. The widest of the circuit is the scale. */
function Widths({ step, most }: { step: Step; most: number }): VNode | null {
  if (Object.keys(step.elements_of_bits).length < 2) {
    return null;
  }

  const largest = Math.max(...Object.values(step.elements_of_bits));
  const text = Object.entries(step.elements_of_bits).map(([width, elements]) => `${count(elements)} of ${width} bits`).join(', ');
  return (
    <span class="widths" title={text}>
      {Array.from({ length: most }, (_, i) => {
        const elements = step.elements_of_bits[String(i + 1)] ?? 0;
        return <span key={i} class={elements === 0 ? 'none' : ''} style={{ height: `${elements === 0 ? 2 : 4 + (14 * elements) / largest}px` }} />;
      })}
      <span class="hidden">{text}</span>
    </span>
  );
}

/** What the drawing's colours mean, and the sums. */
export function CircuitLegend({ circuit }: { circuit: Circuit }): VNode {
  return (
    <p class="legend">
      <span class="key linear">linear step: sums of ciphertexts</span>
      <span class="key lookup">look-up: bootstraps</span>
      <span class="key client">on the client</span>
      <span>keys: {bytes(circuit.key_bytes)} uploaded once, {bytes(circuit.expanded_key_bytes)} in a worker's memory</span>
    </p>
  );
}
