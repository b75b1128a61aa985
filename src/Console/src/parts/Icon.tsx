import type { VNode } from 'preact';

const paths = {
  overview: 'M3 12l9-8 9 8M6 10v10h12V10',
  models: 'M3.5 6a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0M3.5 18a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0M15.5 12a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0M8.2 7.2l7.5 3.7M8.2 16.8l7.5 -3.7',
  jobs: 'M4 6h16M4 12h10M4 18h13',
  keysets: 'M4 15.5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M11 12.5l9 -9M16 7.5l3 3',
  cluster: 'M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01',
  quotas: 'M4 18a9 9 0 1116 0M12 16l4-6',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14A8.5 8.5 0 119.5 4 7 7 0 0020 14z',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4',
  leave: 'M14 4h5v16h-5M4 12h11M11 8l4 4-4 4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
};

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }): VNode => (
  <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d={paths[name]} /></svg>
);
