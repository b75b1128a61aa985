import type { VNode } from 'preact';
import { get } from '../api/http';
import type { Quota } from '../api/types';
import { bytes, count, duration, percent } from '../figures';
import { Card, Failure, Head, Loading, Meter } from '../parts/basics';
import { useNow } from '../state/clock';
import { usePolling } from '../state/polling';

/** What the tenant may use and has used. */
export function Quotas(): VNode {
  const now = useNow();
  const { data, error } = usePolling((signal) => get<{ quotas: Quota[] }>('v2/quotas', signal), 5000, 'quotas');
  return (
    <>
      <Head title="Quotas" lead="What your tenant may use, and has used." />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : (
        <Card>
          {data.quotas.map((quota) => (
            <div key={quota.name} class="quota">
              <Meter label={quota.name.replaceAll('_', ' ')} value={quota.limit === null || quota.limit === 0 ? 0 : quota.used / quota.limit} text={textOf(quota)} tone={quota.limit !== null && quota.used >= 0.9 * quota.limit ? 'warn' : 'linear'} />
              {quota.resets === null ? null : <p class="note">begins anew in {duration(Math.max(0, Date.parse(quota.resets) - now))}</p>}
            </div>
          ))}
        </Card>
      )}
    </>
  );
}

function textOf(quota: Quota): string {
  const figure = quota.name.includes('bytes') ? bytes : count;
  return quota.limit === null ? `${figure(quota.used)}, no limit` : `${figure(quota.used)} of ${figure(quota.limit)} (${percent(quota.limit === 0 ? 1 : quota.used / quota.limit)})`;
}
