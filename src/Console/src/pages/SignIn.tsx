import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { send } from '../api/http';
import { Failure } from '../parts/basics';
import { Brand } from '../parts/Brand';
import { ThemeSwitch } from '../parts/ThemeSwitch';
import { session, signIn } from '../state/session';
import { useSignal } from '../state/signal';

/** Asks for an API key and tries it. The field has no name and no history: a key belongs in no address and no form memory. */
export function SignIn(): VNode {
  const { notice } = useSignal(session);
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await send('GET', 'v2/models?limit=1', { key: key.trim() });
      signIn(key.trim());
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <main class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <Brand />
        <h1>Sign in</h1>
        <p class="lead">See your models, key sets and jobs. The server computes on ciphertexts only; nothing here can be decrypted with an API key.</p>
        {notice === null || error !== null ? null : <p class="failure" role="alert">{notice}</p>}
        <label for="key">API key</label>
        <input id="key" type="password" autocomplete="off" autocapitalize="off" spellcheck={false} required autofocus placeholder="bg_…" value={key} onInput={(event) => setKey(event.currentTarget.value)} />
        <Failure error={error} />
        <button type="submit" class="primary" disabled={busy || key.trim() === ''}>{busy ? 'Signing in…' : 'Sign in'}</button>
        <p class="note">The key was shown once, when it was made: by <code>blindgrain serve</code> at its first start, or by your administrator. It stays in this tab and is forgotten when you sign out or close it.</p>
      </form>
      <ThemeSwitch />
    </main>
  );
}
