import { keepPreviousData } from "@tanstack/react-query";
import { Fragment, useEffect, useState, type ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { $api, api, ok, reason, type Comment } from "../api";
import { TaskRow } from "../mine/taskRow";
import { pageOf, type Page } from "../requests";
import { More, usePages, type Part } from "../ui/pages";
import { show } from "../ui/toasts";
import { t } from "../words";

const WAIT = 250; // milliseconds after the last key

/** Boards, cards and comments by their words. */
export default function Search() {
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("q") ?? "";
  const [text, setText] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setParameters(text ? { q: text } : {}, { replace: true }), WAIT);
    return () => clearTimeout(timer);
  }, [text, setParameters]);
  const found = $api.useQuery(
    "get",
    "/api/search",
    { params: { query: { q: asked } } },
    { enabled: Boolean(asked.trim()), placeholderData: keepPreviousData },
  );
  const results = asked.trim() ? found.data : undefined;
  const count = results ? results.boards.length + results.tasks.length + results.comments.length : 0;
  return (
    <main className="page">
      <h1>{t.search}</h1>
      <input
        type="search"
        className="search"
        autoFocus
        aria-label={t.search}
        placeholder={t.searchHint}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="unseen" role="status">
        {results && t.found(count)}
      </p>
      {found.error && <p role="alert">{reason(found.error)}</p>}
      {results && count === 0 && <p className="empty faint">{t.nothingFound}</p>}
      {results && (
        <Fragment key={asked}>
          <Section
            title={t.boards}
            asked={asked}
            best={results.boards}
            ask={async (part) => pageOf(await api.GET("/api/boards", { params: { query: { q: asked, ...part } } }))}
            row={(board) => (
              <li key={board.id}>
                <Link href={`/boards/${board.id}`} className="grow">
                  {board.title}
                </Link>
              </li>
            )}
          />
          <Section
            title={t.cards}
            asked={asked}
            best={results.tasks}
            ask={async (part) => pageOf(await api.GET("/api/tasks", { params: { query: { q: asked, ...part } } }))}
            row={(task) => <TaskRow key={task.id} task={task} />}
          />
          <Section
            title={t.comments}
            asked={asked}
            best={results.comments}
            ask={async (part) => pageOf(await api.GET("/api/comments", { params: { query: { q: asked, ...part } } }))}
            row={(comment) => <CommentRow key={comment.id} comment={comment} />}
          />
        </Fragment>
      )}
    </main>
  );
}

const BEST = 10; // of each kind, in the first answer

interface SectionProps<T> {
  title: string;
  asked: string;
  best: T[];
  ask: (part: Part) => Promise<Page<T>>;
  row: (item: T) => ReactNode;
}

/** What was found of one kind: the best, and on demand all. */
function Section<T>({ title, asked, best, ask, row }: SectionProps<T>) {
  const [isAll, setAll] = useState(false);
  const { list, rows } = usePages(["found", title, asked], ask, { enabled: isAll });
  if (!best.length) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul className="rows">{(isAll && rows ? rows : best).map(row)}</ul>
      {isAll && rows && <More list={list} />}
      {!isAll && best.length === BEST && (
        <button type="button" className="more" onClick={() => setAll(true)}>
          {t.showMore}
        </button>
      )}
    </section>
  );
}

function CommentRow({ comment }: { comment: Comment }) {
  const [, go] = useLocation();

  // A comment knows its card, and the card its board.
  async function open(): Promise<void> {
    try {
      const task = ok(await api.GET("/api/tasks/{task_id}", { params: { path: { task_id: comment.task_id } } }));
      go(`/boards/${task.board_id}/cards/${task.id}`);
    } catch (error) {
      show(reason(error), { isError: true });
    }
  }

  return (
    <li>
      <button type="button" className="link grow" onClick={open}>
        {comment.content.slice(0, 200)}
      </button>
      <span className="faint">{comment.author?.username ?? t.formerUser}</span>
    </li>
  );
}
