// What was done last, and how to take it back: by Ctrl-Z, or the button beside the message.

import { show } from "../ui/toasts";
import { t } from "../words";

const MOST = 50;
const steps: (() => void)[] = [];

/** Remember how to take a change back once it is made, and say so if there is a message. */
export function undoable(message: string, done: Promise<unknown>, undo: () => void): void {
  done.then(
    () => {
      steps.push(undo);
      if (steps.length > MOST) steps.shift();
      if (!message) return;
      show(message, {
        action: {
          label: t.undo,
          run: () => {
            const index = steps.lastIndexOf(undo);
            if (index >= 0) steps.splice(index, 1);
            undo();
          },
        },
      });
    },
    () => undefined, // whoever sent it shows the error
  );
}

/** Take the last change back, if there is one. */
export function undoLast(): void {
  steps.pop()?.();
}
