import type { VNode } from 'preact';
import { get } from '../api/http';
import type { QuotaName, QuotaUse, Quotas as Use } from '../api/types';
import { bytes, count, duration, percent } from '../figures';
import { Card, Failure, Head, Loading, Meter } from '../parts/basics';
import { useNow } from '../state/clock';
import { usePolling } from '../state/polling';

const names: readonly { name: QuotaName; label: string; figure: (value: number) => string }[] = [
  { name: 'models', label: 'model versions', figure: count },
  { name: 'key_bytes', label: 'evaluation keys', figure: bytes },
  { name: 'concurrent_jobs', label: 'unfinished jobs', figure: count },
  { name: 'bootstraps_per_day', label: 'bootstraps today', figure: count },
];

/** What the tenant may use and has used. */
export function Quotas(): VNode {
  const now = useNow();
  const { data, error } = usePolling((signal) => get<Use>('v2/quotas', signal), 5000, 'quotas');
  return (
    <>
      <Head title="Quotas" lead="What your tenant may use, and has used." />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : (
        <Card>
          {names.map(({ name, label, figure }) => (
            <div key={name} class="quota">
              <Meter label={label} value={shareOf(data[name])} text={textOf(data[name], figure)} tone={shareOf(data[name]) >= 0.9 ? 'warn' : 'linear'} />
              {name === 'bootstraps_per_day' ? <p class="note">counts anew in {duration(Math.max(0, Date.parse(data.day_ends) - now))}</p> : null}
            </div>
          ))}
        </Card>
      )}
    </>
  );
}

function shareOf({ limit, used }: QuotaUse): number {
  return limit === null ? 0 : limit === 0 ? 1 : used / limit;
}

function textOf(use: QuotaUse, figure: (value: number) => string): string {
  return use.limit === null ? `${figure(use.used)}, no limit` : `${figure(use.used)} of ${figure(use.limit)} (${percent(shareOf(use))})`;
}
