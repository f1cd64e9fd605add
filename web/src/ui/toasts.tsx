import { useSyncExternalStore } from "react";
import { t } from "../words";
import { IconButton } from "./button";

interface Toast {
  id: number;
  text: string;
  isError: boolean;
  action?: { label: string; run: () => void };
}

const SECONDS = 7;
let toasts: Toast[] = [];
let spoken = "";
let last = 0;
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismiss(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id);
  tell();
}

/** Show a line at the bottom of the page for a while, and return its id. */
export function show(text: string, options: Partial<Pick<Toast, "isError" | "action">> = {}): number {
  const id = ++last;
  toasts = [...toasts.slice(-2), { id, text, isError: false, ...options }];
  tell();
  setTimeout(() => dismiss(id), SECONDS * 1_000);
  return id;
}

/** Say something to those who hear the page, also twice in a row, for which the text must differ. */
export function say(text: string): void {
  spoken = text === spoken ? `${text}\u00a0` : text;
  tell();
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const said = useSyncExternalStore(subscribe, () => spoken);
  return (
    <>
      <div className="unseen" role="status">
        {said}
      </div>
      <div className="toasts" role="log" aria-label={t.messages}>
        {shown.map(({ id, text, isError, action }) => (
          <div key={id} className={isError ? "toast error" : "toast"}>
            <span>{text}</span>
            {action && (
              <button
                type="button"
                onClick={() => {
                  dismiss(id);
                  action.run();
                }}
              >
                {action.label}
              </button>
            )}
            <IconButton icon="close" label={t.close} onClick={() => dismiss(id)} />
          </div>
        ))}
      </div>
    </>
  );
}
