// The client of the API, typed by its OpenAPI document.

import createClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import type { components, paths } from "../../examples/client/src/corkboard";
import { t } from "./words";

type Schemas = components["schemas"];
export type Board = Schemas["Board"];
export type BoardEvent = Schemas["Event"];
export type Column = Schemas["Column"];
export type Comment = Schemas["Comment"];
export type FullBoard = Schemas["FullBoard"];
export type FullColumn = Schemas["FullColumn"];
export type FullTask = Schemas["FullTask"];
export type Label = Schemas["Label"];
export type Member = Schemas["Member"];
export type Notification = Schemas["Notification"];
export type Operation = Schemas["BoardOperation"];
export type Priority = Schemas["Priority"];
export type Problem = Schemas["Problem"];
export type RequestError = Schemas["RequestError"];
export type Role = Schemas["Role"];
export type Status = Schemas["Status"];
export type Subtask = Schemas["Subtask"];
export type Task = Schemas["Task"];
export type TaskPatch = Schemas["TaskPatch"];
export type User = Schemas["User"];

// The page is served by the API, perhaps below a path: this module is in a folder of the root's.
export const ROOT = new URL(import.meta.url).pathname.split("/").slice(0, -2).join("/");

export const api = createClient<paths>({
  baseUrl: location.origin + ROOT,
  // Read at each request, so that a test or an extension may replace it.
  fetch: (request) => globalThis.fetch(request),
});
export const $api = createQueryClient(api);

/** The data of an answer. Throws the problem if there is one. */
export function ok<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (!answer.response.ok) throw answer.error;
  return answer.data as T;
}

/** The problem that a request was answered with; undefined if there was no answer. */
export function problemOf(error: unknown): Problem | undefined {
  const isProblem = typeof error === "object" && error !== null && "type" in error;
  return isProblem ? (error as Problem) : undefined;
}

/** What went wrong, for people. */
export function reason(error: unknown): string {
  const problem = problemOf(error);
  if (!problem) return t.noConnection;
  const kind = problem.type.split("/").at(-1) ?? "";
  return t.problems[kind] ?? problem.errors?.[0]?.detail ?? problem.detail;
}

/** A new random key, by which a change that is sent again is made once. */
export function newKey(): string {
  // Not randomUUID, which browsers have on HTTPS only.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** The header that changes the version of a record that you know, or nothing. */
export function ifUnchanged(record: { version: number }): { "If-Match": string } {
  return { "If-Match": `"${record.version}"` };
}
