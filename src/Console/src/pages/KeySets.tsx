import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { all, get, segment, send } from '../api/http';
import { Problem } from '../api/problem';
import type { KeySet } from '../api/types';
import { ago, bytes, exact, percent } from '../figures';
import { Card, Empty, Failure, Head, Loading } from '../parts/basics';
import { Confirm } from '../parts/Confirm';
import { Icon } from '../parts/Icon';
import { useNow } from '../state/clock';
import { tell } from '../state/notices';
import { usePolling } from '../state/polling';

/** The tenant's evaluation keys. */
export function KeySets(): VNode {
  const now = useNow();
  const [doomed, setDoomed] = useState<KeySet | null>(null);
  const { data, error, refresh } = usePolling(async (signal) => {
    const ids = await all<string>('v2/keysets', 'key_sets', signal);
    const sets = await Promise.all(ids.map((id) => get<KeySet>(`v2/keysets/${segment(id)}`, signal).catch(gone)));
    return sets.filter((set) => set !== null);
  }, 4000, 'key sets');

  const remove = async (set: KeySet): Promise<void> => {
    await send('DELETE', `v2/keysets/${segment(set.id)}`);
    tell(`Key set ${set.id} is deleted.`);
    refresh();
  };

  return (
    <>
      <Head title="Key sets" lead="Evaluation keys let the server compute on what a client encrypted. They cannot decrypt anything; the key that can never leaves the client." />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : data.length === 0 ? (
        <Empty title="No key sets yet"><p>The first <code>blindgrain predict</code> makes keys, and uploads the part that the server needs.</p></Empty>
      ) : (
        <Card>
          <ul class="keysets">
            {data.map((set) => (
              <li key={set.id} class="keyset">
                <div class="keyset-name"><strong>{set.id}</strong><span class={`badge ${set.state}`}>{set.state}</span></div>
                <div class="keyset-facts">
                  <span title={`${set.bytes} bytes`}>{bytes(set.bytes)}</span>
                  <span title={exact(set.created)}>{ago(set.created, now)}</span>
                  <code title="parameter set">{set.parameter_set}</code>
                </div>
                {set.state === 'ready' ? null : (
                  <span class="track" role="progressbar" aria-label={`upload of ${set.id}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor((100 * set.received) / set.bytes)} title={`${percent(set.received / set.bytes)} uploaded`}>
                    <span class="fill" style={{ width: `${(100 * set.received) / set.bytes}%` }} />
                  </span>
                )}
                <button type="button" class="plain icon-only" aria-label={`Delete key set ${set.id}`} title="Delete" onClick={() => setDoomed(set)}><Icon name="trash" /></button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {doomed === null ? null : (
        <Confirm title="Delete this key set?" verb="Delete" act={() => remove(doomed)} close={() => setDoomed(null)}>
          <p><strong>{doomed.id}</strong> goes from the storage and from every silo's memory. Jobs that still need it fail, and its client must upload {bytes(doomed.bytes)} anew.</p>
        </Confirm>
      )}
    </>
  );
}

/** Deleted between the list and this. */
function gone(error: unknown): null {
  if (error instanceof Problem && error.status === 404) {
    return null;
  }

  throw error;
}
