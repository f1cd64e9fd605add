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

function dismiss(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id);
  tell();
}

/** Show a line at the bottom of the page for a while. */
export function show(text: string, options: Partial<Pick<Toast, "isError" | "action">> = {}): void {
  const id = ++last;
  toasts = [...toasts.slice(-2), { id, text, isError: false, ...options }];
  tell();
  setTimeout(() => dismiss(id), SECONDS * 1_000);
}

/** Say something to those who hear the page. */
export function say(text: string): void {
  spoken = text;
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
