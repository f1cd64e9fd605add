import type { QueryClient } from "@tanstack/react-query";

/** Ask anew for the list and the number of the unread. */
export async function refreshNotifications(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["get", "/api/notifications/count"] }),
    queries.invalidateQueries({ queryKey: ["pages", "notifications"] }),
  ]);
}
