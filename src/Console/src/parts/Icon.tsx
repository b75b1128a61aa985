import type { VNode } from 'preact';

const paths = {
  overview: 'M3 12l9-8 9 8M6 10v10h12V10',
  models: 'M6 5.5a2.5 2.5 0 110-.01M6 18.5a2.5 2.5 0 110-.01M18 12a2.5 2.5 0 110-.01M8 6.5l8 4.5M8 17.500l8-4.500',
  jobs: 'M4 6h16M4 12h10M4 18h13',
  keysets: 'M8 15a4 4 0 110-.01M11 12l9-9M16 7l3 3',
  cluster: 'M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01',
  quotas: 'M4 18a9 9 0 1116 0M12 16l4-6',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5',
  moon: 'M20 14A8.500 8.500 0 119.500 4 7 7 0 0020 14z',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4',
  leave: 'M14 4h5v16h-5M4 12h11M11 8l4 4-4 4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
};

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }): VNode => (
  <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d={paths[name]} /></svg>
);
