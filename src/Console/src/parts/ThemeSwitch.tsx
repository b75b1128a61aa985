import type { VNode } from 'preact';
import { useSignal } from '../state/signal';
import { choose, theme, type Theme } from '../state/theme';
import { Icon, type IconName } from './Icon';

const choices: { value: Theme; icon: IconName; label: string }[] = [
  { value: 'light', icon: 'sun', label: 'Light' },
  { value: 'system', icon: 'system', label: 'As the system' },
  { value: 'dark', icon: 'moon', label: 'Dark' },
];

export function ThemeSwitch(): VNode {
  const chosen = useSignal(theme);
  return (
    <fieldset class="themes">
      <legend class="hidden">Colours</legend>
      {choices.map(({ value, icon, label }) => (
        <label key={value} title={label}>
          <input type="radio" name="theme" value={value} checked={chosen === value} onChange={() => choose(value)} aria-label={label} />
          <Icon name={icon} />
        </label>
      ))}
    </fieldset>
  );
}
