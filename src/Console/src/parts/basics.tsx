import type { ComponentChildren, VNode } from 'preact';
import { wordsOf } from '../api/problem';
import type { Phase } from '../api/types';

/** The page's heading, with what stands beside it. */
export function Head({ kicker, title, lead, children }: { kicker?: ComponentChildren; title: string; lead?: ComponentChildren; children?: ComponentChildren }): VNode {
  return (
    <header class="head">
      <div>
        {kicker === undefined ? null : <p class="kicker">{kicker}</p>}
        <h1 tabIndex={-1}>{title}</h1>
        {lead === undefined ? null : <p class="lead">{lead}</p>}
      </div>
      {children === undefined ? null : <div class="actions">{children}</div>}
    </header>
  );
}

export function Card({ title, note, children }: { title?: string; note?: ComponentChildren; children: ComponentChildren }): VNode {
  return (
    <section class="card">
      {title === undefined ? null : (
        <div class="card-head">
          <h2>{title}</h2>
          {note === undefined ? null : <p class="note">{note}</p>}
        </div>
      )}
      {children}
    </section>
  );
}

export interface TileFacts { label: string; value: ComponentChildren; note?: ComponentChildren; href?: string }

/** Figures in large type. */
export function Tiles({ tiles }: { tiles: TileFacts[] }): VNode {
  return (
    <dl class="tiles">
      {tiles.map((tile) => (
        <div key={tile.label}>
          <dt>{tile.href === undefined ? tile.label : <a href={tile.href}>{tile.label}</a>}</dt>
          <dd>
            <strong>{tile.value}</strong>
            {tile.note === undefined ? null : <span>{tile.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A failure in plain words. */
export function Failure({ error }: { error: unknown }): VNode | null {
  return error === null ? null : <p class="failure" role="alert">{wordsOf(error)}</p>;
}

export function Loading(): VNode {
  return <p class="loading" role="status">Loading…</p>;
}

/** Nothing is there yet: what would put something here. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A part of a whole as a bar with its words. */
export function Meter({ label, value, text, tone }: { label: string; value: number; text: string; tone?: string }): VNode {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <span class="meter-text">{text}</span>
      <span class={`track ${tone ?? ''}`} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * share)} aria-valuetext={text}>
        <span class="fill" style={{ width: `${100 * share}%` }} />
      </span>
    </div>
  );
}

const words: Record<Phase, string> = { queued: 'queued', running: 'running', succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled' };

export const PhaseBadge = ({ phase }: { phase: Phase }): VNode => <span class={`badge ${phase}`}>{words[phase]}</span>;
