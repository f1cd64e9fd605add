import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import { $api, problemOf, ROOT } from "./api";
import { App } from "./app";
import { showTheme } from "./preferences";
import { loadWords } from "./words";

/** Show the sign-in page as soon as the session has ended. */
function noticeSignOut(error: unknown): void {
  if (problemOf(error)?.type !== "/problems/unauthorized") return;
  const { queryKey } = $api.queryOptions("get", "/api/auth/me");
  if (queries.getQueryData(queryKey)) queries.resetQueries({ queryKey });
}

/** Ask again where there was no answer, or the server was too busy; not where it refused. */
function again(failures: number, error: unknown): boolean {
  const problem = problemOf(error);
  return failures < 3 && (!problem || problem.status >= 500);
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({ onError: noticeSignOut }),
  defaultOptions: { queries: { retry: again, staleTime: 2_000 } },
});

// Another version has been installed: the parts of this one aren't there any more.
addEventListener("vite:preloadError", () => location.reload());

// It is relative to the page's address, which changes.
const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
if (icon) icon.href = icon.href;

showTheme();
await loadWords();
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Router base={ROOT}>
        <App />
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
