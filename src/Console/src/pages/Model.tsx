import type { VNode } from 'preact';
import { get, segment } from '../api/http';
import type { Circuit, ModelMetadata } from '../api/types';
import { bytes, count, duration, mode, plural, range, rough, shape } from '../figures';
import { Card, Failure, Head, Loading, Tiles } from '../parts/basics';
import { CircuitDrawing, CircuitLegend } from '../parts/CircuitDrawing';
import { circuitOf } from '../state/circuits';
import { usePolling } from '../state/polling';
import { to } from '../state/route';

/** One version of a model: what it costs, and its circuit layer by layer. */
export function Model({ name, version }: { name: string; version: string }): VNode {
  const { data, error } = usePolling(async (signal) => {
    const [metadata, circuit] = await Promise.all([get<ModelMetadata>(`v2/models/${segment(name)}`, signal), circuitOf(name, version)]);
    return { metadata, circuit };
  }, null, `model ${name}/${version}`);

  return (
    <>
      <Head kicker={<a href={to('models')}>Models</a>} title={name} lead={data === null ? undefined : `In mode ${mode(data.circuit.mode)}. Takes ${shape(data.circuit.steps[0]?.shape ?? [])} values; every step runs on ciphertexts only.`} />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : (
        <>
          <p class="versions">
            <span class="note">version</span>
            {[...data.metadata.versions].reverse().map((v) => <a key={v} class="chip" href={to('models', name, 'versions', v)} aria-current={v === version ? 'page' : undefined}>{v}</a>)}
          </p>
          <Tiles tiles={tilesOf(data.circuit)} />
          <Card title="The circuit" note="Layer by layer: what each adds up, how wide its integers become, and what its look-ups cost.">
            <CircuitLegend circuit={data.circuit} />
            <CircuitDrawing circuit={data.circuit} />
          </Card>
          <Card title="All steps">
            <Steps circuit={data.circuit} />
          </Card>
          <Card title="Parameters">
            <p class="note">Key sets must be made for this parameter set; several models may share one.</p>
            <p><code>{data.circuit.parameter_set}</code></p>
          </Card>
        </>
      )}
    </>
  );
}

const tilesOf = (circuit: Circuit) => [
  { label: 'Bootstraps', value: count(circuit.bootstraps), note: 'an inference' },
  { label: 'Modelled time', value: duration(circuit.milliseconds), note: 'on one core of the reference machine' },
  { label: 'Widest accumulator', value: plural(circuit.max_bits, 'bit'), note: 'of any linear step' },
  { label: 'Evaluation keys', value: bytes(circuit.key_bytes), note: `${bytes(circuit.expanded_key_bytes)} in a worker's memory` },
];

function Steps({ circuit }: { circuit: Circuit }): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="All steps of the circuit">
      <table>
        <thead>
          <tr><th scope="col">step</th><th scope="col">shape</th><th scope="col">range</th><th scope="col" class="n">bits</th><th scope="col" class="n">weights</th><th scope="col" class="n">‖w‖²</th><th scope="col" class="n">bootstraps</th><th scope="col" class="n">tables</th><th scope="col" class="n">log₂ error</th><th scope="col" class="n">time</th></tr>
        </thead>
        <tbody>
          {circuit.steps.map((step) => (
            <tr key={step.value}>
              <th scope="row"><span class={`dot ${step.kind}`} />{step.name}{step.operators.length === 0 ? null : <span class="unit">{step.operators.join(', ')}</span>}</th>
              <td>{shape(step.shape)}</td>
              <td>{range(step.min, step.max)}</td>
              <td class="n">{Math.log2(step.values).toFixed(1)}</td>
              <td class="n">{step.linear === null ? '' : count(step.linear.weights)}</td>
              <td class="n">{step.linear === null ? '' : rough(step.linear.squared_norm)}</td>
              <td class="n">{step.lookup === null ? '' : count(step.lookup.bootstraps)}</td>
              <td class="n">{step.lookup === null ? '' : count(step.lookup.tables)}</td>
              <td class="n">{step.lookup?.log2_p_error == null ? '' : step.lookup.log2_p_error.toFixed(1).replace('-', '−')}</td>
              <td class="n">{step.lookup === null ? '' : duration(step.lookup.milliseconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
