// Which cards are shown.

import type { Task } from "../api";
import { dayOf, dueOf } from "../format";

export const DUE = ["late", "today", "week", "none"] as const;

export interface Filter {
  text: string;
  label: string;
  person: string;
  due: (typeof DUE)[number] | "";
}

export const EVERYTHING: Filter = { text: "", label: "", person: "", due: "" };

export function isFiltering(filter: Filter): boolean {
  return Object.values(filter).some(Boolean);
}

/** Whether a filter shows a card. `none` stands for cards without any. */
export function shows(filter: Filter, task: Task, now = new Date()): boolean {
  return (
    hasAll(`${task.title} ${task.description ?? ""}`, filter.text) &&
    hasOne(task.label_ids, filter.label) &&
    hasOne(task.assignee_ids, filter.person) &&
    isDue(task, filter.due, now)
  );
}

function hasAll(text: string, words: string): boolean {
  const here = text.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => here.includes(word));
}

function hasOne(ids: string[], id: string): boolean {
  if (!id) return true;
  return id === "none" ? ids.length === 0 : ids.includes(id);
}

function isDue(task: Task, due: Filter["due"], now: Date): boolean {
  if (!due) return true;
  if (due === "none" || !task.due_date) return due === "none" && !task.due_date;
  if (due === "late") return isOpen(task) && dueOf(task.due_date, task.due_is_day, now).state === "late";
  const day = task.due_is_day ? task.due_date.slice(0, 10) : dayOf(new Date(task.due_date));
  const last = new Date(now.getTime() + (due === "week" ? 6 : 0) * 86_400_000);
  return day >= dayOf(now) && day <= dayOf(last);
}

export function isOpen(task: Task): boolean {
  return task.status === "TODO" || task.status === "IN_PROGRESS";
}
