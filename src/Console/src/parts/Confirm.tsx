import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Failure } from './basics';

export interface ConfirmFacts {
  title: string;
  verb: string;

  /** What is done; the dialog closes when it has succeeded. */
  act: () => Promise<void>;
  close: () => void;
  children: ComponentChildren;
}

/** Asks before something is done that cannot be undone. The browser's own dialog: it keeps the focus and closes with Escape. */
export function Confirm({ title, verb, act, close, children }: ConfirmFacts): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await act();
      close();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="confirm-title">
      <h2 id="confirm-title">{title}</h2>
      {children}
      <Failure error={error} />
      <div class="dialog-actions">
        <button type="button" class="plain" autofocus onClick={close}>Keep it</button>
        <button type="button" class="danger" disabled={busy} onClick={() => void run()}>{verb}</button>
      </div>
    </dialog>
  );
}
