// What others do on a board, as they do it.

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ROOT } from "../api";
import { refreshNotifications } from "../notifications/refresh";
import { boardKey, refresh } from "./changes";

const POLL = 5_000; // ms, where no stream gets through
const PAUSE = 100; // ms, in which further changes join the first one

/** Keep a board as it is on the server while the page can be seen. */
export function useLive(boardId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const reload = reloader(queries, boardId);
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

function open(queries: QueryClient, boardId: string, reload: () => void): EventSource {
  const stream = new EventSource(`${ROOT}/api/events/stream?board=${boardId}`);
  stream.addEventListener("resync", reload);
  stream.addEventListener("change", () => {
    reload();
    void refreshNotifications(queries);
  });
  stream.addEventListener("notification", () => void refreshNotifications(queries));
  stream.addEventListener("gone", () => {
    stream.close();
    // The next answer says that it isn't there.
    void queries.resetQueries({ queryKey: boardKey(boardId) });
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
