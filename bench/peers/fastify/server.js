// Fastify and pg as their documentations show them: plugins for cookie and token, schemas for what
// is answered, a pool, and a few plain queries for each request, prepared by name.

import cookie from "@fastify/cookie";
import jwt from "@fastify/jwt";
import { createHash } from "node:crypto";
import Fastify from "fastify";
import pg from "pg";
import { v7 as uuid } from "uuid";

const { DATABASE_URL, JWT_SECRET, PORT } = process.env;
// What the caller may change on a board in each role, "" for none.
const OPERATIONS = JSON.parse(process.env.OPERATIONS);
const url = new URL(DATABASE_URL.replace("@/", "@localhost/"));
const pool = new pg.Pool({
  user: url.username,
  password: url.password,
  database: url.pathname.slice(1),
  host: url.searchParams.get("host") ?? url.hostname,
  port: Number(url.searchParams.get("port") ?? (url.port || 5432)),
  max: 10,
});

const string = { type: "string" };
const time = { type: "string", format: "date-time" };
const integer = { type: "integer" };
const boolean = { type: "boolean" };
const optional = (kind) => ({ ...kind, nullable: true });
const list = (items) => ({ type: "array", items });
const object = (properties) => ({ type: "object", properties });

const times = { created_at: time, updated_at: time, version: integer };
const task = {
  id: string, column_id: string, title: string, description: optional(string), position: integer,
  due_date: optional(time), priority: string, status: string, color: optional(string), ...times,
  board_id: string, label_ids: list(string), assignee_ids: list(string), subtask_count: integer,
  completed_subtask_count: integer, comment_count: integer,
};
const board = {
  id: string, title: string, description: optional(string), is_public: boolean,
  viewers_can_comment: boolean, color: optional(string), ...times, my_role: optional(string),
  operations: list(string),
};
const label = { id: string, board_id: string, name: string, color: optional(string), ...times };
const column = {
  id: string, board_id: string, title: string, position: integer, color: optional(string), ...times,
};
const subtask = { id: string, task_id: string, title: string, is_completed: boolean, ...times };
const author = { id: string, username: string, avatar_url: string };
const comment = {
  id: string, task_id: string, user_id: optional(string), content: string, ...times,
  author: optional(object(author)),
};
const membership = { user_id: string, board_id: string, role: string };
const member = { ...author, role: string };
const fullBoard = {
  ...board,
  members: list(object(member)),
  labels: list(object(label)),
  columns: list(object({ ...column, tasks: list(object(task)) })),
};
const answers = (schema, status = 200) => ({ schema: { response: { [status]: schema } } });

const TASK = `tasks.id, column_id, tasks.title, tasks.description, tasks.position, due_date,
  priority, status, tasks.color, tasks.created_at, tasks.updated_at, tasks.version,
  (SELECT board_id FROM columns WHERE columns.id = tasks.column_id) AS board_id,
  ARRAY(SELECT label_id FROM task_labels WHERE task_id = tasks.id ORDER BY label_id) AS label_ids,
  ARRAY(SELECT user_id FROM task_assignees JOIN board_users ON board_users.id = membership_id
    WHERE task_id = tasks.id ORDER BY task_assignees.id) AS assignee_ids,
  (SELECT count(*)::int FROM subtasks WHERE task_id = tasks.id) AS subtask_count,
  (SELECT count(*)::int FROM subtasks WHERE task_id = tasks.id AND is_completed)
    AS completed_subtask_count,
  (SELECT count(*)::int FROM comments WHERE task_id = tasks.id) AS comment_count`;

// What the user $1, an admin if $2, may see.
const VISIBLE = `FROM tasks JOIN columns ON columns.id = column_id
    JOIN boards ON boards.id = columns.board_id
  WHERE tasks.deleted_at IS NULL AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL
    AND (is_public OR $2 OR EXISTS (
      SELECT FROM board_users WHERE board_users.board_id = boards.id AND user_id = $1))`;
// The words of $4, of which the last may be unfinished.
const SOUGHT = `(websearch_to_tsquery('simple', $4) || websearch_to_tsquery('russian', $4)
  || to_tsquery('simple', quote_literal($4) || ':*'))`;

const queries = {
  session: `SELECT is_admin FROM sessions JOIN users ON users.id = user_id
    WHERE sessions.id = $1 AND user_id = $2 AND expires_at > now()
    AND last_used_at > now() - interval '24 hours'`,
  token: `SELECT user_id, is_admin AND 'admin' = ANY (scopes) AS is_admin
    FROM api_tokens JOIN users ON users.id = user_id
    WHERE token_hash = $1 AND $2 = ANY (scopes) AND expires_at > now()`,
  board: `SELECT boards.id, title, description, is_public, viewers_can_comment, color,
      created_at, updated_at, version,
      role AS my_role
    FROM boards LEFT JOIN board_users ON board_id = boards.id AND user_id = $2
    WHERE boards.id = $1 AND deleted_at IS NULL AND (is_public OR role IS NOT NULL OR $3)`,
  boardAccess: `SELECT boards.id AS board_id, is_public, role FROM boards
    LEFT JOIN board_users ON board_users.board_id = boards.id AND user_id = $2
    WHERE boards.id = $1 AND deleted_at IS NULL`,
  columnAccess: `SELECT boards.id AS board_id, is_public, role FROM columns JOIN boards ON boards.id = columns.board_id
    LEFT JOIN board_users ON board_users.board_id = boards.id AND user_id = $2
    WHERE columns.id = $1 AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL`,
  taskAccess: `SELECT boards.id AS board_id, is_public, role FROM tasks JOIN columns ON columns.id = column_id
    JOIN boards ON boards.id = columns.board_id
    LEFT JOIN board_users ON board_users.board_id = boards.id AND user_id = $2
    WHERE tasks.id = $1 AND tasks.deleted_at IS NULL AND columns.deleted_at IS NULL
    AND boards.deleted_at IS NULL`,
  task: `SELECT ${TASK} FROM tasks WHERE id = $1`,
  columnTasks: `SELECT ${TASK} FROM tasks WHERE column_id = $1 AND deleted_at IS NULL
    ORDER BY position LIMIT $2`,
  boards: `SELECT boards.id, title, description, is_public, viewers_can_comment, color,
      created_at, updated_at, version,
      role AS my_role
    FROM boards LEFT JOIN board_users ON board_id = boards.id AND user_id = $1
    WHERE deleted_at IS NULL AND (is_public OR role IS NOT NULL OR $3) ORDER BY boards.id LIMIT $2`,
  role: `SELECT user_id, board_id, role FROM board_users WHERE board_id = $1 AND user_id = $2`,
  mine: `SELECT ${TASK} ${VISIBLE} AND tasks.id IN (SELECT task_id FROM task_assignees
      JOIN board_users ON board_users.id = membership_id WHERE user_id = $4)
    ORDER BY tasks.id LIMIT $3`,
  sorted: `SELECT ${TASK} ${VISIBLE} AND board_id = $4 AND status = $5
    ORDER BY due_date, tasks.id LIMIT $3`,
  search: `SELECT ${TASK} ${VISIBLE} AND words @@ ${SOUGHT}
    ORDER BY ts_rank(words, ${SOUGHT}) DESC, tasks.id LIMIT $3`,
  put: `UPDATE tasks SET title = $2, description = $3, due_date = $4, priority = $5, status = $6,
      color = $7, updated_at = now(), version = version + 1
    WHERE id = $1 RETURNING ${TASK}`,
  post: `INSERT INTO subtasks (id, task_id, title, is_completed, created_at, updated_at)
    VALUES ($1, $2, $3, $4, now(), now())
    RETURNING id, task_id, title, is_completed, created_at, updated_at, version`,
  comment: `INSERT INTO comments (id, task_id, user_id, content, created_at, updated_at)
    VALUES ($1, $2, $3, $4, now(), now())
    RETURNING id, task_id, user_id, content, created_at, updated_at, version,
      (SELECT row_to_json(author) FROM (
        SELECT users.id, username, avatar_url FROM users WHERE users.id = user_id) AS author
      ) AS author`,
  lock: `SELECT FROM boards WHERE id = $1 FOR NO KEY UPDATE`,
  place: `SELECT column_id, position FROM tasks WHERE id = $1`,
  end: `SELECT count(*)::int AS count FROM tasks WHERE column_id = $1 AND deleted_at IS NULL`,
  shift: `UPDATE tasks SET position = position + $2
    WHERE column_id = $1 AND deleted_at IS NULL AND position BETWEEN $3 AND $4`,
  move: `UPDATE tasks SET position = $2, updated_at = now(), version = version + 1
    WHERE id = $1 RETURNING ${TASK}`,
  newTask: `INSERT INTO tasks (id, column_id, position, title, description, due_date, priority,
      status, color, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), now()) RETURNING ${TASK}`,
  members: `SELECT users.id, username, avatar_url, role FROM board_users
    JOIN users ON users.id = user_id WHERE board_id = $1 ORDER BY board_users.id`,
  labels: `SELECT id, board_id, name, color, created_at, updated_at, version FROM labels
    WHERE board_id = $1 ORDER BY id`,
  columns: `SELECT id, board_id, title, position, color, created_at, updated_at, version
    FROM columns WHERE board_id = $1 AND deleted_at IS NULL ORDER BY position`,
  cards: `SELECT ${TASK} FROM tasks JOIN columns ON columns.id = column_id
    WHERE board_id = $1 AND tasks.deleted_at IS NULL AND columns.deleted_at IS NULL
    ORDER BY tasks.position`,
};

const asking = (client) => async (name, ...values) =>
  (await client.query({ name, text: queries[name], values })).rows;
const ask = asking(pool);

async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(asking(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

const app = Fastify();
await app.register(cookie);
await app.register(jwt, {
  secret: JWT_SECRET,
  cookie: { cookieName: "__Host-session" },
  verify: { allowedIss: "corkboard" },
});

app.decorateRequest("caller", null);
app.decorate("signIn", async (request, reply) => {
  const { authorization } = request.headers;
  if (authorization) {
    const secret = authorization.replace("Bearer ", "");
    const hash = createHash("sha256").update(secret).digest("hex");
    const [found] = await ask("token", hash, request.method === "GET" ? "read" : "write");
    request.caller = found && { id: found.user_id, isAdmin: found.is_admin };
  } else {
    await request.jwtVerify({ onlyCookie: true });
    const { jti, sub } = request.user;
    const [found] = await ask("session", jti, sub);
    request.caller = found && { id: sub, isAdmin: found.is_admin };
  }
  if (!request.caller) return reply.code(401).send();
});
const signedIn = { onRequest: [app.signIn] };

// What is found of the board, if the caller may read or write there.
async function allowed(name, id, request, reply, writes = false) {
  const { caller } = request;
  const [found] = await ask(name, id, caller.id);
  if (!found || !(found.is_public || found.role || caller.isAdmin)) reply.code(404).send();
  else if (writes && !found.role && !caller.isAdmin) reply.code(403).send();
  else return found;
}

const withOperations = (found) => ({ ...found, operations: OPERATIONS[found.my_role ?? ""] });

app.get("/health", async () => ({}));

app.get("/api/tasks/:id", { ...signedIn, ...answers(object(task)) }, async (request, reply) => {
  const { id } = request.params;
  if (!(await allowed("taskAccess", id, request, reply))) return reply;
  return (await ask("task", id))[0];
});

app.get(
  "/api/columns/:id/tasks",
  { ...signedIn, ...answers(list(object(task))) },
  async (request, reply) => {
    const { id } = request.params;
    if (!(await allowed("columnAccess", id, request, reply))) return reply;
    return ask("columnTasks", id, request.query.limit ?? 50);
  },
);

app.get("/api/boards", { ...signedIn, ...answers(list(object(board))) }, async (request) =>
  (await ask("boards", request.caller.id, request.query.limit ?? 50, request.caller.isAdmin)).map(
    withOperations,
  ),
);

app.get("/api/boards/:id/users", { ...signedIn, ...answers(list(object(member))) }, async (request, reply) => {
  const { id } = request.params;
  if (!(await allowed("boardAccess", id, request, reply))) return reply;
  return ask("members", id);
});

app.get("/api/roles", { ...signedIn, ...answers(object(membership)) }, async (request, reply) => {
  const { user_id, board_id } = request.query;
  if (!(await allowed("boardAccess", board_id, request, reply))) return reply;
  const [found] = await ask("role", board_id, user_id);
  return found ?? reply.code(404).send();
});

app.get("/api/tasks", { ...signedIn, ...answers(list(object(task))) }, async (request) => {
  const { assignee_id, board_id, status, q, limit = 50 } = request.query;
  const given = [request.caller.id, request.caller.isAdmin, limit];
  if (assignee_id) return ask("mine", ...given, assignee_id);
  if (q) return ask("search", ...given, q);
  return ask("sorted", ...given, board_id, status);
});

app.put("/api/tasks/:id", { ...signedIn, ...answers(object(task)) }, async (request, reply) => {
  const { id } = request.params;
  if (!(await allowed("taskAccess", id, request, reply, true))) return reply;
  const { title, description, due_date, priority, status, color } = request.body;
  return (await ask("put", id, title, description, due_date, priority, status, color))[0];
});

app.post("/api/subtasks", { ...signedIn, ...answers(object(subtask), 201) }, async (request, reply) => {
  const { task_id, title, is_completed } = request.body;
  if (!(await allowed("taskAccess", task_id, request, reply, true))) return reply;
  const [made] = await ask("post", uuid(), task_id, title, is_completed ?? false);
  return reply.code(201).send(made);
});

app.post("/api/comments", { ...signedIn, ...answers(object(comment), 201) }, async (request, reply) => {
  const { task_id, content } = request.body;
  if (!(await allowed("taskAccess", task_id, request, reply, true))) return reply;
  const [made] = await ask("comment", uuid(), task_id, request.caller.id, content);
  return reply.code(201).send(made);
});

app.post("/api/tasks", { ...signedIn, ...answers(object(task), 201) }, async (request, reply) => {
  const { column_id, title, description, due_date, priority, status, color } = request.body;
  const found = await allowed("columnAccess", column_id, request, reply, true);
  if (!found) return reply;
  const [made] = await inTransaction(async (ask) => {
    await ask("lock", found.board_id);
    const [{ count }] = await ask("end", column_id);
    const values = [title, description, due_date, priority, status, color];
    return ask("newTask", uuid(), column_id, count, ...values);
  });
  return reply.code(201).send(made);
});

app.post("/api/tasks/:id/move", { ...signedIn, ...answers(object(task)) }, async (request, reply) => {
  const { id } = request.params;
  const found = await allowed("taskAccess", id, request, reply, true);
  if (!found) return reply;
  const [moved] = await inTransaction(async (ask) => {
    await ask("lock", found.board_id);
    const [old] = await ask("place", id);
    const [{ count }] = await ask("end", old.column_id);
    const place = Math.min(request.body.position, count - 1);
    if (place > old.position) await ask("shift", old.column_id, -1, old.position + 1, place);
    else await ask("shift", old.column_id, 1, place, old.position - 1);
    return ask("move", id, place);
  });
  return moved;
});

app.get("/api/boards/:id/full", { ...signedIn, ...answers(object(fullBoard)) }, async (request, reply) => {
  const { id } = request.params;
  const [found] = await ask("board", id, request.caller.id, request.caller.isAdmin);
  if (!found) return reply.code(404).send();
  const [members, labels, columns, cards] = await Promise.all(
    ["members", "labels", "columns", "cards"].map((name) => ask(name, id)),
  );
  const byColumn = new Map(columns.map((each) => [each.id, each]));
  for (const each of columns) each.tasks = [];
  for (const each of cards) byColumn.get(each.column_id).tasks.push(each);
  return { ...withOperations(found), members, labels, columns };
});

await app.listen({ port: Number(PORT), host: "127.0.0.1" });
