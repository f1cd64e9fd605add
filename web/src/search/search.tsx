import { keepPreviousData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { $api, api, ok, reason, type Comment } from "../api";
import { TaskRow } from "../mine/taskRow";
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
      {results && results.boards.length > 0 && (
        <section>
          <h2>{t.boards}</h2>
          <ul className="rows">
            {results.boards.map((board) => (
              <li key={board.id}>
                <Link href={`/boards/${board.id}`} className="grow">
                  {board.title}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {results && results.tasks.length > 0 && (
        <section>
          <h2>{t.cards}</h2>
          <ul className="rows">
            {results.tasks.map((task) => (
              <TaskRow key={task.id} task={task} />
            ))}
          </ul>
        </section>
      )}
      {results && results.comments.length > 0 && (
        <section>
          <h2>{t.comments}</h2>
          <ul className="rows">
            {results.comments.map((comment) => (
              <CommentRow key={comment.id} comment={comment} />
            ))}
          </ul>
        </section>
      )}
    </main>
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
