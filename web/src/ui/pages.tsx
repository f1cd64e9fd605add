// Lists of which there is more than a page.

import { useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { reason } from "../api";
import type { Page } from "../requests";
import { t } from "../words";

/** The part of a list to ask for. */
export interface Part {
  limit: number;
  cursor?: string;
}

type Pages<T> = UseInfiniteQueryResult<{ pages: Page<T>[] }>;

const SIZE = 100;

/** A list, page by page. Its rows are those of all pages that were asked for. */
export function usePages<T>(key: unknown[], ask: (part: Part) => Promise<Page<T>>, options: { enabled?: boolean; refetchInterval?: number } = {}) {
  const list = useInfiniteQuery({
    queryKey: ["pages", ...key],
    queryFn: ({ pageParam }) => ask({ limit: SIZE, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    ...options,
  });
  return { list, rows: list.data?.pages.flatMap((page) => page.rows) };
}

interface Props<T> {
  list: Pages<T>;
  /** What there is to say if there are no rows. */
  empty?: ReactNode;
  children: ReactNode;
}

/** The rows of a list, and a button that shows more of them. */
export function Listed<T>({ list, empty, children }: Props<T>) {
  if (list.error && !list.data) return <p role="alert">{reason(list.error)}</p>;
  if (!list.data) return <p className="faint">{t.loading}</p>;
  if (empty && !list.data.pages.some((page) => page.rows.length)) return empty;
  return (
    <>
      {children}
      <More list={list} />
    </>
  );
}

export function More<T>({ list }: { list: Pages<T> }) {
  if (!list.hasNextPage) return null;
  return (
    <button type="button" className="more" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
      {t.showMore}
    </button>
  );
}
