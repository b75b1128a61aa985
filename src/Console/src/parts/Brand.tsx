import type { VNode } from 'preact';

const grains = [[10, 10], [16, 10], [22, 10], [10, 16], [16, 16], [22, 16], [10, 22], [16, 22], [22, 22]] as const;

/** The name with its mark: grains of which one line is seen. */
export const Brand = (): VNode => (
  <span class="brand">
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="ground" width="32" height="32" rx="8" />
      {grains.map(([x, y]) => <circle key={`${x} ${y}`} class={x === y ? 'seen' : 'blind'} cx={x} cy={y} r="2.6" />)}
    </svg>
    <span>BlindGrain</span>
  </span>
);
