import { get, segment } from '../api/http';
import type { Circuit } from '../api/types';
import { session } from './session';

/** Circuits that the pages have asked for; versions never change. Another key may be another tenant's: nothing is kept over a sign-out. */
const kept = new Map<string, Promise<Circuit>>();
session.subscribe(() => kept.clear());

export function circuitOf(model: string, version: string): Promise<Circuit> {
  const path = `v2/models/${segment(model)}/versions/${segment(version)}/circuit`;
  let circuit = kept.get(path);
  if (circuit === undefined) {
    circuit = get<Circuit>(path);
    kept.set(path, circuit);
    circuit.catch(() => kept.delete(path));
  }

  return circuit;
}

export const forget = (): void => kept.clear();
