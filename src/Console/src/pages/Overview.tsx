import type { VNode } from 'preact';
import { all } from '../api/http';
import { hasEnded, type ModelVersion } from '../api/types';
import { count, plural, rough } from '../figures';
import { Card, Empty, Failure, Head, Loading, Tiles } from '../parts/basics';
import { JobRow } from '../parts/JobRow';
import { ThroughputPlot } from '../parts/ThroughputPlot';
import { useNow } from '../state/clock';
import { useJobs } from '../state/jobs';
import { usePolling } from '../state/polling';
import { to } from '../state/route';
import { streams } from './Jobs';
import { span, useCluster } from './Cluster';

/** What there is and what goes on, at a glance. */
export function Overview(): VNode {
  const now = useNow();
  const jobs = useJobs(6);
  const cluster = useCluster();
  const things = usePolling(async (signal) => ({
    models: await all<ModelVersion>('v2/models', 'models', signal),
    keySets: await all<string>('v2/keysets', 'key_sets', signal),
  }), 10_000, 'things');

  const running = jobs.data?.jobs.filter((job) => !hasEnded(job.phase)) ?? [];
  const models = new Set(things.data?.models.map((model) => model.name)).size;
  return (
    <>
      <Head title="Overview" lead="Your models, keys and jobs, and how busy the cluster is." />
      <Failure error={things.error ?? jobs.error} />
      <Tiles tiles={[
        { label: 'Models', href: to('models'), value: things.data === null ? '–' : count(models), note: things.data === null ? undefined : plural(things.data.models.length, 'version') },
        { label: 'Key sets', href: to('keysets'), value: things.data === null ? '–' : count(things.data.keySets.length), note: 'evaluation keys, public' },
        { label: 'Jobs', href: to('jobs'), value: jobs.data === null ? '–' : count(jobs.data.total), note: running.length === 0 ? 'none is running' : `${plural(running.length, 'is', 'are')} running` },
        ...(cluster.data === null ? [] : [{ label: 'Cluster', href: to('cluster'), value: `${rough(cluster.data.bootstraps_per_second)} /s`, note: `bootstraps, on ${plural(cluster.data.threads, 'thread')}` }]),
      ]} />
      {cluster.data === null ? null : (
        <Card title="Throughput" note="All tenants together, rounded.">
          <ThroughputPlot values={cluster.data.throughput.bootstraps_per_second} interval={cluster.data.throughput.interval_seconds} ended={cluster.data.throughput.ended} span={span} />
        </Card>
      )}
      <Card title="Latest jobs" note={<a href={to('jobs')}>All jobs</a>}>
        {jobs.data === null ? (jobs.error === null ? <Loading /> : null) : jobs.data.jobs.length === 0 ? (
          <Empty title="No jobs yet"><p>Push a model and predict with it:</p><pre><code>{'blindgrain push model.bgc --server URL\nblindgrain predict --server URL --model NAME --input 0.2,0.7'}</code></pre></Empty>
        ) : (
          <ul class="jobs">{jobs.data.jobs.map((job) => <JobRow key={job.id} job={job} now={now} live={running.indexOf(job) >= 0 && running.indexOf(job) < streams} />)}</ul>
        )}
      </Card>
    </>
  );
}
