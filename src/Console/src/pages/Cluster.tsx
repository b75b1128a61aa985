import type { VNode } from 'preact';
import { get } from '../api/http';
import type { Cluster as ClusterState, Silo } from '../api/types';
import { bytes, count, duration, exact, percent, plural, rough } from '../figures';
import { Card, Failure, Head, Loading, Meter, Tiles } from '../parts/basics';
import { ThroughputPlot } from '../parts/ThroughputPlot';
import { useNow } from '../state/clock';
import { usePolling, type Polled } from '../state/polling';

/** The silos remember ten minutes. */
export const span = 120;

export const useCluster = (): Polled<ClusterState> => usePolling((signal) => get<ClusterState>('v2/cluster', signal), 2500, 'cluster');

/** The silos: how busy they are, and how much of their memory for keys is taken. */
export function Cluster(): VNode {
  const now = useNow();
  const { data, error } = useCluster();
  return (
    <>
      <Head title="Cluster" lead="The silos that compute for everybody. Figures are sums over all tenants and rounded, so that they tell nobody's models apart." />
      <Failure error={error} />
      {data === null ? (error === null ? <Loading /> : null) : (
        <>
          <Tiles tiles={[
            { label: 'Silos', value: count(data.silos.length), note: missing(data.silos) },
            { label: 'Threads', value: count(data.threads), note: 'that compute on ciphertexts' },
            { label: 'Throughput', value: `${rough(data.bootstraps_per_second)} /s`, note: 'bootstraps' },
            { label: 'Waiting', value: rough(data.pending_bootstraps), note: 'bootstraps of unfinished jobs' },
          ]} />
          <Card title="Throughput">
            <ThroughputPlot values={data.throughput.bootstraps_per_second} interval={data.throughput.interval_seconds} ended={data.throughput.ended} span={span} />
          </Card>
          <ul class="cards">{data.silos.map((silo) => <li key={silo.silo} class="card silo"><SiloFacts silo={silo} now={now} /></li>)}</ul>
        </>
      )}
    </>
  );
}

function SiloFacts({ silo, now }: { silo: Silo; now: number }): VNode {
  if (!silo.answers) {
    return (
      <>
        <h2>{silo.silo}</h2>
        <p class="failure">It does not answer at the moment. Its work goes on at the others.</p>
      </>
    );
  }

  return (
    <>
      <h2>{silo.silo}</h2>
      <p class="note">{plural(silo.threads ?? 0, 'thread')} · {rough(silo.bootstraps_per_second ?? 0)} bootstraps a second{silo.started === null ? null : <span title={exact(silo.started)}> · up {duration(Math.max(0, now - Date.parse(silo.started)))}</span>}</p>
      <Meter label="load" value={silo.load ?? 0} text={percent(silo.load ?? 0)} tone="lookup" />
      <Meter label="key cache" value={silo.key_cache_used ?? 0} text={`${percent(silo.key_cache_used ?? 0)} of ${bytes(silo.key_cache_bytes ?? 0)}`} tone="linear" />
    </>
  );
}

function missing(silos: Silo[]): string {
  const silent = silos.filter((silo) => !silo.answers).length;
  return silent === 0 ? 'all answer' : `${plural(silent, 'does', 'do')} not answer`;
}
