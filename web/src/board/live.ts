// What others do on a board, and what somebody is notified of, as it happens.

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ROOT } from "../api";
import { refreshNotifications } from "../notifications/refresh";
import { boardKey, refresh } from "./changes";

const POLL = 5_000; // ms, where no stream gets through
const PAUSE = 100; // ms, in which further changes join the first one

/** Keep a board, if one is open, and the notifications as they are on the server while the page can be seen. */
export function useLive(boardId?: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const reload = boardId ? reloader(queries, boardId) : () => refreshNotifications(queries);
    let stream: EventSource | undefined;

    // Browsers open few connections to a server for all their tabs: hidden ones give theirs back.
    function watch(): void {
      stream?.close();
      stream = undefined;
      if (document.visibilityState === "visible") stream = open(queries, boardId, reload);
    }

    const timer = setInterval(() => {
      if (stream && stream.readyState !== EventSource.OPEN) void reload();
      if (stream?.readyState === EventSource.CLOSED) watch();
    }, POLL);
    watch();
    document.addEventListener("visibilitychange", watch);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", watch);
      stream?.close();
    };
  }, [queries, boardId]);
}

function open(queries: QueryClient, boardId: string | undefined, reload: () => void): EventSource {
  const stream = new EventSource(`${ROOT}/api/events/stream${boardId ? `?board=${boardId}` : ""}`);
  stream.addEventListener("resync", reload);
  stream.addEventListener("change", reload);
  for (const kind of ["notification", "unread"])
    stream.addEventListener(kind, () => void refreshNotifications(queries));
  stream.addEventListener("gone", () => {
    stream.close();
    // The next answer says that it isn't there.
    if (boardId) void queries.resetQueries({ queryKey: boardKey(boardId) });
  });
  return stream;
}

/** Return a function that loads the board; while it does so, further calls make it do so once more. */
function reloader(queries: QueryClient, boardId: string): () => Promise<void> {
  let isAsked = false;
  let isLoading = false;
  return async () => {
    isAsked = true;
    if (isLoading) return;
    isLoading = true;
    while (isAsked) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      isAsked = false;
      await refresh(queries, boardId, 0);
    }
    isLoading = false;
  };
}
