// What happens on boards, as it happens.

import { ApiError, type Api } from "./client.js";
import type { components } from "./corkboard";

export type Change = components["schemas"]["Event"];
export type Notification = components["schemas"]["Notification"];

/**
 * What a client learns of boards: `change`, what somebody did; `resync`, to load the board, at first
 * and where something was missed; `gone`, that it can't be seen any more. Of all boards:
 * `notification`, of which a new connection may repeat the newest, by their `id`; `unread`, how many
 * there are, at first and where some may have been missed. With the `position` another stream of
 * the same boards goes on from there.
 */
export type News =
  | { kind: "change"; change: Change; position: string }
  | { kind: "notification"; notification: Notification; position: string }
  | { kind: "unread"; unread: number; position: string }
  | { kind: "resync" | "gone"; board_id: string; position: string };

const SILENCE = 45_000; // ms; each 15 seconds a server says that it has nothing to say
const LONGEST_WAIT = 30_000;

/**
 * Yield what happens on up to 50 boards, from now on or after a position, until the signal comes.
 * A lost connection is made again, and nothing is lost or repeated by that. Throws an ApiError
 * where this is of no use, such as once the session has ended.
 */
export async function* subscribe(
  api: Api,
  boards: string[],
  { position, signal }: { position?: string; signal?: AbortSignal } = {},
): AsyncGenerator<News> {
  let retry = 1000;
  for (let failures = 0; !signal?.aborted; failures += 1) {
    try {
      const stream = await open(api, boards, position, signal);
      for await (const { event, id, data, ...rest } of messages(stream)) {
        failures = 0;
        retry = Number(rest.retry ?? retry);
        if (!id || !data) continue;
        position = id;
        if (event === "change") yield { kind: event, change: JSON.parse(data), position };
        else if (event === "notification")
          yield { kind: event, notification: JSON.parse(data), position };
        else if (event === "resync" || event === "gone" || event === "unread")
          yield { kind: event, ...JSON.parse(data), position };
      }
    } catch (error) {
      if (error instanceof ApiError) throw error;
    }
    if (signal?.aborted) return;
    const wait = Math.min(retry * 2 ** failures, LONGEST_WAIT);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function open(
  api: Api,
  board: string[],
  last_event_id?: string,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { response, error } = await api.GET("/api/events/stream", {
    params: { query: { board, ...(last_event_id && { last_event_id }) } },
    parseAs: "stream",
    ...(signal && { signal }),
  });
  // A server that is too busy, or a proxy without a server, may have one later.
  if (error && response.status < 500) throw new ApiError(error);
  if (!response.ok || !response.body) throw new Error(response.statusText);
  return response.body;
}

/** Yield the fields of each message of a `text/event-stream`. */
async function* messages(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Record<string, string>> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (true) {
      const silence = setTimeout(() => reader.cancel(), SILENCE);
      const { done, value } = await reader.read();
      clearTimeout(silence);
      if (done) return;
      const parts = (text + decoder.decode(value, { stream: true })).split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts)
        yield Object.fromEntries(part.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
    }
  } finally {
    await reader.cancel();
  }
}
