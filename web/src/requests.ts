// Lists page by page, and requests whose paths only the OpenAPI document knows.

import { newKey, ok, ROOT } from "./api";

export type Row = Record<string, unknown> & { id: string | number; version?: number };

export interface Page<T> {
  rows: T[];
  /** Such as `10000+`. */
  total: string | undefined;
  next: string | undefined;
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(ROOT + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await response.json();
  return response;
}

/** What the server has at a path. */
export async function readJson<T>(path: string): Promise<T> {
  const response = await send("GET", path);
  return (await response.json()) as T;
}

/** A page of a list, and how many there are at all. */
export async function readPage<T = Row>(path: string): Promise<Page<T>> {
  const response = await send("GET", path);
  return pageOf({ data: (await response.json()) as T[], response });
}

/** A page of a list, from the client's answer. */
export function pageOf<T>(answer: { data?: T[]; error?: unknown; response: Response }): Page<T> {
  const { response } = answer;
  const link = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  return {
    rows: ok(answer),
    total: response.headers.get("X-Total-Count") ?? undefined,
    next: link ? (new URL(link, response.url).searchParams.get("cursor") ?? undefined) : undefined,
  };
}

export async function write(method: string, path: string, body?: unknown, version?: number): Promise<void> {
  const headers: Record<string, string> = { "Idempotency-Key": newKey() };
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  await send(method, path, body, headers);
}
