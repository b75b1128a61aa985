import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from './api/http';
import { Problem } from './api/problem';
import { Empty } from './parts/basics';
import { Shell, type Place } from './parts/Shell';
import { Cluster } from './pages/Cluster';
import { Job } from './pages/Job';
import { Jobs } from './pages/Jobs';
import { KeySets } from './pages/KeySets';
import { Model } from './pages/Model';
import { Models } from './pages/Models';
import { Overview } from './pages/Overview';
import { Quotas } from './pages/Quotas';
import { SignIn } from './pages/SignIn';
import { route, to } from './state/route';
import { session } from './state/session';
import { useSignal } from './state/signal';

const always: Place[] = [
  { part: '', label: 'Overview', icon: 'overview' },
  { part: 'models', label: 'Models', icon: 'models' },
  { part: 'jobs', label: 'Jobs', icon: 'jobs' },
  { part: 'keysets', label: 'Key sets', icon: 'keysets' },
];

/** Places that a server may not have; the route that tells. */
const optional: (Place & { path: string })[] = [
  { part: 'cluster', label: 'Cluster', icon: 'cluster', path: 'v2/cluster' },
  { part: 'quotas', label: 'Quotas', icon: 'quotas', path: 'v2/quotas' },
];

export function App(): VNode {
  const { key } = useSignal(session);
  const asked = useRef(false);
  asked.current ||= key === null;
  useEffect(() => {
    if (key === null) {
      document.title = 'Sign in · BlindGrain';
    }
  }, [key]);

  // Another key begins with fresh pages: nothing of the last one's stays.
  return key === null ? <SignIn /> : <Pages key={key} signedIn={asked.current} />;
}

function Pages({ signedIn }: { signedIn: boolean }): VNode {
  const parts = useSignal(route);
  const places = usePlaces();
  const first = useRef(!signedIn);
  const here = parts[0] ?? '';
  const address = parts.join('/');

  useEffect(() => {
    const label = places.find((place) => place.part === here)?.label ?? 'Console';
    document.title = `${parts[1] ?? label} · BlindGrain`;
  }, [address, places]);

  useEffect(() => {
    // A page that was gone to, by signing in too, is read from its heading on; the first one keeps the browser's place.
    if (!first.current) {
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    }

    first.current = false;
  }, [address]);

  return <Shell places={places} here={here}><Page parts={parts} /></Shell>;
}

function Page({ parts }: { parts: string[] }): VNode {
  const [place, id, second, version] = parts;
  switch (place) {
    case undefined: return <Overview />;
    case 'models': return id !== undefined && second === 'versions' && version !== undefined ? <Model key={`${id}/${version}`} name={id} version={version} /> : <Models />;
    case 'jobs': return id === undefined ? <Jobs /> : <Job key={id} id={id} />;
    case 'keysets': return <KeySets />;
    case 'cluster': return <Cluster />;
    case 'quotas': return <Quotas />;
    default: return <Empty title="There is no such page"><p><a href={to()}>To the overview</a></p></Empty>;
  }
}

/** The places that this server has. */
function usePlaces(): Place[] {
  const [places, setPlaces] = useState(always);
  useEffect(() => {
    const control = new AbortController();
    const has = (path: string): Promise<boolean> => get(path, control.signal).then(() => true, (error: unknown) => !(error instanceof Problem && error.status === 404));
    void Promise.all(optional.map((place) => has(place.path))).then((found) => {
      if (!control.signal.aborted) {
        setPlaces([...always, ...optional.filter((_, i) => found[i])]);
      }
    });
    return () => control.abort();
  }, []);
  return places;
}
