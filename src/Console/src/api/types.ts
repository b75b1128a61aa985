// The JSON of the REST surface, as docs/rest.md has it. Only what the console reads.

export interface ModelVersion { name: string; version: string }

export interface ModelMetadata {
  name: string;
  versions: string[];
  inputs: { shape: number[] }[];
  outputs: { shape: number[] }[];
  parameters: { version: string; parameter_set: string; mode: string; bootstraps: number; bytes: number; sha256: string; created: string };
}

export interface Circuit {
  model_name: string;
  model_version: string;
  circuit: string;
  mode: string;
  parameter_set: string;
  bootstraps: number;
  max_bits: number;
  milliseconds: number;
  key_bytes: number;
  expanded_key_bytes: number;
  steps: Step[];
}

export interface Step {
  value: number;
  kind: 'input' | 'linear' | 'lookup';
  name: string;
  sources: number[];
  shape: number[];
  operators: string[];
  length: number;
  min: number;
  max: number;
  values: number;
  bits: number;
  elements_of_bits: Record<string, number>;
  is_output: boolean;
  linear: { weights: number; largest_weight: number; squared_norm: number; declared: boolean } | null;
  lookup: {
    bootstraps: number;
    rotations: number;
    tables: number;
    log2_p_error: number | null;
    sigma: number | null;
    milliseconds: number;
    time_share: number;
    parameter_set: string;
  } | null;
}

export interface KeySet {
  id: string;
  parameter_set: string;
  bytes: number;
  sha256: string;
  state: 'ready' | 'uploading';
  received: number;
  created: string;
}

export type Phase = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Job {
  id: string;
  model_name: string;
  model_version: string;
  key_set: string;
  phase: Phase;
  progress: { steps_done: number; steps_total: number; bootstraps_done: number; bootstraps_total: number };
  slices_by_silo: Record<string, number>;
  error: { code: string; detail: string } | null;
  created: string;
  ended: string | null;
  priority: number;
  deadline: string | null;
  revision: number;
}

export const hasEnded = (phase: Phase): boolean => phase !== 'queued' && phase !== 'running';

export interface Silo {
  silo: string;
  answers: boolean;
  started: string | null;
  threads: number | null;
  load: number | null;
  key_cache_used: number | null;
  key_cache_bytes: number | null;
  bootstraps_per_second: number | null;
}

export interface Cluster {
  threads: number;
  pending_bootstraps: number;
  bootstraps_per_second: number;
  silos: Silo[];
  throughput: { interval_seconds: number; ended: string | null; bootstraps_per_second: number[] };
}

export interface QuotaUse { limit: number | null; used: number }

export type QuotaName = 'models' | 'key_bytes' | 'concurrent_jobs' | 'bootstraps_per_day';

export type Quotas = Record<QuotaName, QuotaUse> & { day_ends: string };
