import type { ComponentChildren, Ref, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { notice } from '../state/notices';
import { to } from '../state/route';
import { signOut } from '../state/session';
import { useSignal } from '../state/signal';
import { Brand } from './Brand';
import { Icon, type IconName } from './Icon';
import { ThemeSwitch } from './ThemeSwitch';

export interface Place { part: string; label: string; icon: IconName }

/** On a phone the pages lie in a strip: the present one is to be seen. */
function useSeen(here: string): Ref<HTMLElement> {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [here]);
  return nav;
}

/** The frame of all pages: where one can go, and what was just done. */
export function Shell({ places, here, children }: { places: Place[]; here: string; children: ComponentChildren }): VNode {
  const told = useSignal(notice);
  const nav = useSeen(here);
  return (
    <div class="shell">
      <a class="skip" href="#content" onClick={(event) => {
        event.preventDefault();
        document.getElementById('content')?.focus();
      }}>Skip to the content</a>
      <div class="rail">
        <a class="home" href={to()}><Brand /></a>
        <nav aria-label="Pages" ref={nav}>
          <ul>
            {places.map((place) => (
              <li key={place.part}>
                <a href={to(...(place.part === '' ? [] : [place.part]))} aria-current={place.part === here ? 'page' : undefined}>
                  <Icon name={place.icon} />
                  <span>{place.label}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="rail-end">
          <ThemeSwitch />
          <button type="button" class="plain sign-out" onClick={() => signOut()} title="Forgets the API key in this tab">
            <Icon name="leave" />
            <span>Sign out</span>
          </button>
        </div>
      </div>
      <main id="content" tabIndex={-1}>{children}</main>
      <div class="notices" role="status" aria-live="polite">{told === null ? null : <p>{told}</p>}</div>
    </div>
  );
}
