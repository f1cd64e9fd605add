// A team's first day with Corkboard: `npm run day -- 8080`.

import {
  ApiError,
  connectOutsideABrowser,
  connectWithToken,
  ifUnchanged,
  nextCursor,
  ok,
  type Task,
} from "./client.js";
import { subscribe } from "./live.js";

declare const process: { argv: string[] };

const address = `http://127.0.0.1:${process.argv[2] ?? 8080}`;
const unique = Date.now().toString(36);

let requests = 0;
let isConnectionBad = false;
const send = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  requests += 1;
  const response = await send(input, init);
  if (!isConnectionBad) return response;
  isConnectionBad = false;
  throw new TypeError("The answer was lost.");
};

function expect(claim: string, holds: boolean): void {
  if (!holds) throw new Error(`not so: ${claim}`);
  console.log(`ok  ${claim}`);
}

async function register(name: string) {
  const api = connectOutsideABrowser(address);
  const username = `${name}-${unique}`;
  const user = ok(
    await api.POST("/api/auth/register", {
      body: { username, email: `${username}@example.com`, password: "a harbour at dusk" },
    }),
  );
  return { api, user };
}

const ada = await register("ada");
const grace = await register("grace");
expect("two people register, and are signed in", ada.user.id !== grace.user.id);

const taken = await ada.api.POST("/api/auth/register", {
  body: { username: ada.user.username, email: "x@example.com", password: "a harbour at dusk" },
});
expect("a name that is taken says so", taken.error?.type === "/problems/already-exists");

// A board, and what may be done on it.
const board = ok(
  await ada.api.POST("/api/boards", { body: { title: "Website launch", is_public: false } }),
);
const board_id = board.id;
expect("who makes a board is its CREATOR", board.my_role === "CREATOR");
expect("and sees what that allows", board.operations.includes("delete_board"));

const hidden = await grace.api.GET("/api/boards/{board_id}", { params: { path: { board_id } } });
expect("to others a private board isn't there", hidden.error?.type === "/problems/not-found");

// An invitation by link: who has it sees what it is to, and joins.
const invitation = ok(
  await ada.api.POST("/api/boards/{board_id}/invitations", {
    params: { path: { board_id } },
    body: { role: "MEMBER", expires_in: 3600, max_uses: 1 },
  }),
);
const link = { params: { path: { token: invitation.token } } };
const visitor = connectOutsideABrowser(address);
const offer = ok(await visitor.GET("/api/invitations/{token}", link));
expect("a link shows the board's title, even before signing in", offer.board_title === board.title);
const joined = ok(await grace.api.POST("/api/invitations/{token}/accept", link));
expect("who accepts it is a member", joined.id === board_id && joined.role === "MEMBER");
const spent = await visitor.GET("/api/invitations/{token}", link);
expect("a link that is used up is gone", spent.error?.type === "/problems/not-found");
const seen = ok(await grace.api.GET("/api/boards/{board_id}", { params: { path: { board_id } } }));
expect("to members it is", seen.my_role === "MEMBER" && !seen.operations.includes("delete_board"));

// Columns and tasks, each at its position.
async function addColumn(title: string) {
  return ok(await ada.api.POST("/api/columns", { body: { board_id, title } }));
}
const todo = await addColumn("To do");
const doing = await addColumn("Doing");

async function addTask(title: string): Promise<Task> {
  return ok(await ada.api.POST("/api/tasks", { body: { column_id: todo.id, title } }));
}
const release = await addTask("Press release");
const quote = await addTask("Quote of the director");

// Moves: to another column, and among the neighbours.
let moved = ok(
  await grace.api.POST("/api/tasks/{task_id}/move", {
    params: { path: { task_id: quote.id } },
    body: { before: release.id },
  }),
);
expect("a task goes before another", moved.position === 0);
moved = ok(
  await grace.api.POST("/api/tasks/{task_id}/move", {
    params: { path: { task_id: quote.id } },
    body: { column_id: doing.id },
  }),
);
expect("a task goes to another column", moved.column_id === doing.id);
const misplaced = await grace.api.POST("/api/tasks/{task_id}/move", {
  params: { path: { task_id: release.id } },
  body: { after: quote.id },
});
expect("a neighbour that is elsewhere is a conflict", misplaced.error?.type === "/problems/neighbour-moved");

// Two people change one task: the second one sees what the first one did.
const params = { path: { task_id: release.id } };
ok(await grace.api.PATCH("/api/tasks/{task_id}", { params, body: { priority: "HIGH" } }));
const refused = await ada.api.PATCH("/api/tasks/{task_id}", {
  params: { ...params, header: ifUnchanged(release) },
  body: { title: "Press release, second draft" },
});
if (!refused.error || !("current" in refused.error)) throw new Error("nobody noticed the conflict");
const current = refused.error.current;
expect("a change of what has changed since is refused, and shows it", current.priority === "HIGH");
const resolved = ok(
  await ada.api.PATCH("/api/tasks/{task_id}", {
    params: { ...params, header: ifUnchanged(current) },
    body: { title: "Press release, second draft" },
  }),
);
expect("sent again for the present version, both changes stay", resolved.priority === "HIGH");

// Comments, assignees, labels.
ok(
  await grace.api.POST("/api/comments", {
    body: { task_id: release.id, content: "I would begin with the quote." },
  }),
);
const label = ok(await ada.api.POST("/api/labels", { body: { board_id, name: "Urgent" } }));
ok(
  await ada.api.PATCH("/api/tasks/{task_id}", {
    params,
    body: { label_ids: [label.id], assignee_ids: [grace.user.id] },
  }),
);

// What a page needs comes in one call: a task with all that is on it, and one's own tasks.
const opened = ok(await grace.api.GET("/api/tasks/{task_id}/full", { params }));
expect(
  "a task comes with its comments and their authors",
  opened.comments[0]?.author?.username === grace.user.username &&
    opened.board_title === board.title,
);
const mine = ok(await grace.api.GET("/api/tasks", { params: { query: { assignee_id: ["me"] } } }));
expect("my tasks say what is on their cards", mine[0]?.label_ids[0] === label.id);
const planned = ok(
  await ada.api.POST("/api/tasks", {
    body: {
      column_id: doing.id,
      title: "Photographs",
      label_ids: [label.id],
      assignee_ids: [ada.user.id],
      subtasks: [{ title: "Choose ten" }, { title: "Ask for the rights" }],
    },
  }),
);
expect("a task is created with all that is on it", planned.subtask_count === 2);

// A task that is due on a day is so until the day ends where the board is.
ok(
  await ada.api.PATCH("/api/boards/{board_id}", {
    params: { path: { board_id } },
    body: { time_zone: "Europe/Moscow" },
  }),
);
const due = ok(
  await ada.api.PATCH("/api/tasks/{task_id}", {
    params: { path: { task_id: planned.id } },
    body: { due_date: "2026-12-01" },
  }),
);
expect("a day is a day", due.due_is_day === true && due.due_date === "2026-12-01");

// A change whose answer is lost is sent again by the client, and done once.
isConnectionBad = true;
const once = await addTask("Captions");
const captions = ok(
  await ada.api.GET("/api/tasks", { params: { query: { q: "captions", board_id: [board_id] } } }),
);
expect("what is sent again is done once", captions.length === 1 && captions[0]?.id === once.id);

// A limit of a column: it takes no more than so many tasks.
ok(
  await ada.api.PATCH("/api/columns/{column_id}", {
    params: { path: { column_id: doing.id } },
    body: { task_limit: 2 },
  }),
);
const full = await grace.api.POST("/api/tasks/{task_id}/move", {
  params: { path: { task_id: once.id } },
  body: { column_id: doing.id },
});
expect("a full column takes no more", full.error?.type === "/problems/column-full");

// What is done and gone from the board goes to the archive, and is still found there.
ok(await grace.api.POST("/api/tasks/{task_id}/archive", { params: { path: { task_id: once.id } } }));
const archive = ok(
  await grace.api.GET("/api/tasks", { params: { query: { archived: true, board_id: [board_id] } } }),
);
expect("an archived task leaves the lists for the archive", archive.some(({ id }) => id === once.id));

// The whole board in one call, and nothing at all while it is the same.
const whole = await ada.api.GET("/api/boards/{board_id}/full", { params: { path: { board_id } } });
const card = ok(whole).columns[0]?.tasks.find((task) => task.id === release.id);
expect(
  "the whole board comes in one call",
  card?.comment_count === 1 && card.assignee_ids[0] === grace.user.id,
);
const again = await ada.api.GET("/api/boards/{board_id}/full", {
  params: { path: { board_id }, header: { "If-None-Match": whole.response.headers.get("ETag") ?? "" } },
});
expect("and isn't sent again while it is the same", again.response.status === 304);

// What others do, as they do it, and after a while without a connection.
const news = subscribe(grace.api, [board_id]);
const unread = (await news.next()).value;
expect("who watches learns how many notifications are unread", unread?.kind === "unread");
const begin = (await news.next()).value;
expect("and loads the board first", begin?.kind === "resync");
ok(await ada.api.POST("/api/tasks", { body: { column_id: todo.id, title: "Order a cake" } }));
const live = (await news.next()).value;
expect("and sees what others do", live?.kind === "change" && live.change.kind === "task.created");
await news.return(undefined);
ok(await ada.api.POST("/api/tasks", { body: { column_id: todo.id, title: "Order candles" } }));
const later = subscribe(grace.api, [board_id], { position: live?.position ?? "" });
const missed = (await later.next()).value;
expect(
  "and later on what happened in the meantime",
  missed?.kind === "change" && missed.change.after?.["title"] === "Order candles",
);
await later.return(undefined);

// 500 more tasks, read page by page through a filter; then some changed at once.
const backlog = await addColumn("Backlog");
for (let first = 0; first < 500; first += 100) {
  const items = Array.from({ length: 100 }, (_, number) => ({
    column_id: backlog.id,
    title: `Idea ${first + number}`,
  }));
  ok(await ada.api.POST("/api/tasks/bulk", { body: { items } }));
}
const ideas: Task[] = [];
let cursor: string | undefined;
do {
  const page = await grace.api.GET("/api/tasks", {
    params: {
      query: {
        column_id: [backlog.id],
        status: ["TODO", "IN_PROGRESS"],
        sort: "-created_at",
        limit: 200,
        ...(cursor ? { cursor } : {}),
      },
    },
  });
  ideas.push(...ok(page));
  cursor = nextCursor(page.response);
} while (cursor);
expect("500 tasks come in pages, each of them once", new Set(ideas.map((t) => t.id)).size === 500);
expect("in the order that was asked for", ideas[0]?.title === "Idea 499");

const found = ok(await grace.api.GET("/api/tasks", { params: { query: { q: "idea 49", limit: 5 } } }));
expect("words are found while they are typed", found.every((task) => task.title.startsWith("Idea 49")));

const chosen = ideas.slice(0, 200).map((task) => task.id);
const changed = ok(await grace.api.PATCH("/api/tasks", { body: { ids: chosen, status: "DONE" } }));
expect("200 of them are done in one call", changed.every((task) => task.status === "DONE"));

// What is deleted comes back from the trash, in its place.
ok(await grace.api.DELETE("/api/tasks/{task_id}", { params }));
const trash = ok(
  await ada.api.GET("/api/boards/{board_id}/trash", { params: { path: { board_id } } }),
);
expect("a deleted task is in the trash", trash[0]?.kind === "task" && trash[0].id === release.id);
const restored = ok(await ada.api.POST("/api/tasks/{task_id}/restore", { params }));
expect("and comes back as it was", restored.title === resolved.title && restored.position === 0);

// A board as a template, and somebody who reads its copy without changing it.
ok(
  await ada.api.PATCH("/api/boards/{board_id}", {
    params: { path: { board_id } },
    body: { is_template: true },
  }),
);
const copy = ok(
  await ada.api.POST("/api/boards/{board_id}/copy", {
    params: { path: { board_id } },
    body: { title: "Shop launch", include: ["labels"] },
  }),
);
const columns = ok(
  await ada.api.GET("/api/boards/{board_id}/columns", { params: { path: { board_id: copy.id } } }),
);
expect("a copy has the columns", columns.map(({ title }) => title).join() === "To do,Doing,Backlog");
const alan = await register("alan");
ok(
  await ada.api.POST("/api/boards/{board_id}/users", {
    params: { path: { board_id: copy.id } },
    body: { user_id: alan.user.id, role: "VIEWER" },
  }),
);
const viewed = ok(
  await alan.api.GET("/api/boards/{board_id}/full", { params: { path: { board_id: copy.id } } }),
);
expect("a VIEWER reads all, and edits nothing", !viewed.operations.includes("create_task"));
ok(await ada.api.DELETE("/api/boards/{board_id}", { params: { path: { board_id: copy.id } } }));

// A script reads with a token of its own, and can do no more than that.
const token = ok(
  await ada.api.POST("/api/auth/tokens", { body: { name: "Export", scopes: ["read"], expires_in: 60 } }),
);
const script = connectWithToken(address, token.token);
expect("a script reads with a token", ok(await script.GET("/api/boards")).length === 1);
const unscoped = await script.POST("/api/boards", { body: { title: "x" } });
expect("and lacks the scope to write", unscoped.error?.type === "/problems/missing-scope");

try {
  ok(await grace.api.DELETE("/api/boards/{board_id}", { params: { path: { board_id } } }));
} catch (error) {
  const forbidden = error instanceof ApiError && error.problem.type === "/problems/forbidden";
  expect("a MEMBER can't delete the board", forbidden);
}
ok(await ada.api.DELETE("/api/boards/{board_id}", { params: { path: { board_id } } }));
console.log(`The day is over, after ${requests} requests.`);
