// A typed client of Corkboard, made from its OpenAPI document.

import createClient from "openapi-fetch";
import type { components, paths } from "./corkboard";

export type Problem = components["schemas"]["Problem"];
export type Task = components["schemas"]["Task"];
export type Api = ReturnType<typeof createClient<paths>>;

/** An answer that is no success. Switch on `problem.type`; each is a page that explains it. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.errors?.[0]?.detail ?? problem.detail);
  }
}

/** The data of an answer. Throws an ApiError for a problem. */
export function ok<T>(answer: { data?: T; error?: Problem; response: Response }): T {
  if (answer.error) throw new ApiError(answer.error);
  return answer.data as T;
}

/** The header that changes the version of a record that you know, or nothing. */
export function ifUnchanged(record: { version: number }): { "If-Match": string } {
  return { "If-Match": `"${record.version}"` };
}

/** The cursor of the next page, from an answer's `Link` header; undefined on the last page. */
export function nextCursor(response: Response): string | undefined {
  const address = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  if (!address) return undefined;
  return new URL(address, response.url).searchParams.get("cursor") ?? undefined;
}

const ATTEMPTS = 3;

/**
 * A `fetch` that sends a change again if its answer is lost or the server is busy. Each attempt has
 * the same `Idempotency-Key`, so that the server does it once.
 */
export async function fetchAgain(request: Request): Promise<Response> {
  if (request.method !== "GET") request.headers.set("Idempotency-Key", crypto.randomUUID());
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(request.clone());
      if (response.status !== 503 || attempt === ATTEMPTS) return response;
    } catch (lost) {
      if (attempt === ATTEMPTS) throw lost;
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
  }
}

/** A client in a browser, which keeps the session's cookie by itself. */
export function connect(baseUrl: string): Api {
  return createClient<paths>({ baseUrl, credentials: "include", fetch: fetchAgain });
}

/** A client outside a browser, such as in Node, for one user: it keeps the cookie here. */
export function connectOutsideABrowser(baseUrl: string): Api {
  let cookie = "";
  return createClient<paths>({
    baseUrl,
    fetch: async (request) => {
      if (cookie) request.headers.set("Cookie", cookie);
      const response = await fetchAgain(request);
      for (const set of response.headers.getSetCookie()) cookie = set.split(";")[0] ?? "";
      return response;
    },
  });
}

/** A client for a script, with an API token that somebody made for it. */
export function connectWithToken(baseUrl: string, token: string): Api {
  const headers = { Authorization: `Bearer ${token}` };
  return createClient<paths>({ baseUrl, headers, fetch: fetchAgain });
}
