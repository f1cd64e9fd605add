// What was done last, by the ids of its requests, for Ctrl-Z.

import { dismiss } from "../ui/toasts";

export interface Step {
  boardId: string;
  requestId: string;
  /** The message that offers to take it back. */
  toast?: number;
}

const MOST = 50;
const steps: Step[] = [];

export function remember(step: Step): void {
  steps.push(step);
  if (steps.length > MOST) steps.shift();
}

/** Forget a step and its message, since it is taken back. */
export function forget(step: Step): void {
  const index = steps.indexOf(step);
  if (index >= 0) steps.splice(index, 1);
  if (step.toast) dismiss(step.toast);
}

/** Whether a step can still be taken back. */
export function isRemembered(step: Step): boolean {
  return steps.includes(step);
}

/** The last step on a board, if there is one. */
export function lastOn(boardId: string): Step | undefined {
  return steps.findLast((step) => step.boardId === boardId);
}
