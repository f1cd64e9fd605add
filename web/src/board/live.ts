import { useEffect } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { boardKey } from "./changes";

const SECONDS = 4;

/** Keep a board as others change it. */
export function useLive(boardId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && !queries.isMutating())
        void queries.invalidateQueries({ queryKey: boardKey(boardId) });
    }, SECONDS * 1_000);
    return () => clearInterval(timer);
  }, [queries, boardId]);
}
