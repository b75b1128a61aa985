import type { VNode } from 'preact';
import { all, get, segment } from '../api/http';
import type { ModelMetadata, ModelVersion } from '../api/types';
import { ago, bytes, count, exact, mode, shape, withoutBatch } from '../figures';
import { Empty, Failure, Head, Loading } from '../parts/basics';
import { useNow } from '../state/clock';
import { usePolling } from '../state/polling';
import { to } from '../state/route';

/** The tenant's models, each with its versions. */
export function Models(): VNode {
  const now = useNow();
  const { data, error } = usePolling(async (signal) => {
    const versions = await all<ModelVersion>('v2/models', 'models', signal);
    const names = [...new Set(versions.map((version) => version.name))];
    return Promise.all(names.map((name) => get<ModelMetadata>(`v2/models/${segment(name)}`, signal)));
  }, 10_000, 'models');

  return (
    <>
      <Head title="Models" lead="Compiled circuits. A version never changes; its circuit shows what one inference costs." />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : data.length === 0 ? (
        <Empty title="No models yet">
          <p>Compile an ONNX network and push it:</p>
          <pre><code>{'blindgrain compile network.onnx -o network.bgc\nblindgrain push network.bgc --server URL'}</code></pre>
        </Empty>
      ) : (
        <ul class="cards">
          {data.map((model) => (
            <li key={model.name} class="card model">
              <h2><a href={to('models', model.name, 'versions', model.parameters.version)}>{model.name}</a></h2>
              <p class="note">{mode(model.parameters.mode)}</p>
              <dl class="facts">
                <div><dt>shape</dt><dd>{shape(withoutBatch(model.inputs[0]?.shape ?? []))} → {shape(withoutBatch(model.outputs[0]?.shape ?? []))}</dd></div>
                <div><dt>bootstraps</dt><dd>{count(model.parameters.bootstraps)}</dd></div>
                <div><dt>file</dt><dd>{bytes(model.parameters.bytes)}</dd></div>
                <div><dt>pushed</dt><dd title={exact(model.parameters.created)}>{ago(model.parameters.created, now)}</dd></div>
              </dl>
              <p class="versions">
                <span class="note">versions</span>
                {[...model.versions].reverse().map((version) => <a key={version} class="chip" href={to('models', model.name, 'versions', version)}>{version}</a>)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
