import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rough } from '../figures';

export interface ThroughputFacts {
  /** Bootstraps a second, the latest last. */
  values: number[];

  /** Seconds from one to the next. */
  interval: number;

  /** When the latest ended; null where there is none. */
  ended: string | null;

  /** How many values the whole width has. */
  span: number;
}

const height = 200;

/** Also the width until the real one is known: nothing may be wider than the page, not even for a moment. */
const narrowest = 240;
const margin = { left: 46, right: 12, top: 14, bottom: 26 };

/** Bootstraps a second over time. Arrow keys, or a pointer, read single values. */
export function ThroughputPlot({ values, interval, ended, span }: ThroughputFacts): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(narrowest);
  const [read, setRead] = useState<number | null>(null);

  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return undefined;
    }

    const observer = new ResizeObserver(() => setWidth(Math.max(narrowest, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const ticks = ticksOf(Math.max(1, ...values));
  const top = ticks.at(-1) ?? 1;
  const right = width - margin.right;
  const floor = height - margin.bottom;
  const x = (i: number): number => right - ((values.length - 1 - i) * (right - margin.left)) / (span - 1);
  const y = (value: number): number => floor - (value * (floor - margin.top)) / top;
  const line = values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const latest = values.at(-1) ?? 0;
  const at = read === null ? null : Math.min(values.length - 1, Math.max(0, values.length - 1 - read));

  const point = (event: PointerEvent): void => {
    const bounds = box.current?.getBoundingClientRect();
    if (bounds !== undefined && values.length > 0) {
      const back = Math.round(((right - (event.clientX - bounds.left)) * (span - 1)) / (right - margin.left));
      setRead(Math.min(values.length - 1, Math.max(0, back)));
    }
  };

  const step = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? 1 : event.key === 'ArrowRight' ? -1 : 0;
    if (by !== 0 && values.length > 0) {
      event.preventDefault();
      setRead((previous) => Math.min(values.length - 1, Math.max(0, (previous ?? -1) + by)));
    }
  };

  const minutes = Math.round((span * interval) / 60);
  const time = at === null || ended === null ? null : new Date(Date.parse(ended) - (values.length - 1 - at) * interval * 1000).toLocaleTimeString();
  return (
    <figure class="throughput">
      <figcaption>
        <strong>{rough(at === null ? latest : values[at] ?? 0)}</strong> bootstraps a second {time === null ? 'now' : `at ${time}`}
        {values.length === 0 ? null : <span> · most in {minutes} minutes: {rough(Math.max(...values))}</span>}
      </figcaption>
      <div
        ref={box}
        class="plot"
        tabIndex={0}
        role="img"
        aria-label={`Bootstraps a second in the last ${minutes} minutes. Now ${rough(latest)}. Arrow keys read single values.`}
        onPointerMove={point}
        onPointerLeave={() => setRead(null)}
        onKeyDown={step}
        onBlur={() => setRead(null)}
      >
        <svg width={width} height={height} aria-hidden="true">
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="grid" x1={margin.left} x2={right} y1={y(tick)} y2={y(tick)} />
              <text class="tick" x={margin.left - 8} y={y(tick) + 4} text-anchor="end">{rough(tick)}</text>
            </g>
          ))}
          {[0, 0.5, 1].map((part) => (
            <text key={part} class="tick" x={margin.left + part * (right - margin.left)} y={height - 6} text-anchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}>
              {part === 1 ? 'now' : `${rough(minutes * (1 - part))} min ago`}
            </text>
          ))}
          {values.length < 2 ? null : (
            <>
              <path class="area" d={`${line}L${x(values.length - 1)} ${floor}L${x(0)} ${floor}Z`} />
              <path class="line" d={line} />
            </>
          )}
          {values.length === 0 ? null : <circle class="dot" cx={x(at ?? values.length - 1)} cy={y(values[at ?? values.length - 1] ?? 0)} r="4" />}
          {at === null ? null : <line class="cursor" x1={x(at)} x2={x(at)} y1={margin.top} y2={floor} />}
        </svg>
      </div>
    </figure>
  );
}

/** Three to five round values from 0 to at least the largest. */
export function ticksOf(largest: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(largest / 3));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((size) => largest / size <= 4) ?? 10 * unit;
  const ticks: number[] = [];
  for (let i = 0; i <= Math.ceil(largest / step); i++) {
    ticks.push(Number((i * step).toPrecision(6)));
  }

  return ticks;
}
