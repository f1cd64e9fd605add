// How a frontend uses the generated types. It is compiled only: what is right must compile, and
// what stands under `@ts-expect-error` must not, or the types say nothing.

import createClient from "openapi-fetch";
import type { components, paths } from "./corkboard";

type BoardCreate = components["schemas"]["BoardCreate"];
type MemberCreate = components["schemas"]["MemberCreate"];
type Task = components["schemas"]["Task"];
type Problem = components["schemas"]["Problem"];

const api = createClient<paths>({ baseUrl: "http://127.0.0.1:8080", credentials: "include" });

export async function signIn(username: string, password: string): Promise<string> {
  const { data, error } = await api.POST("/api/auth/login", { body: { username, password } });
  if (error) {
    const problem: Problem = error;
    throw new Error(problem.errors?.[0]?.detail ?? problem.detail);
  }
  return data.id;
}

export async function makeBoard(title: string): Promise<void> {
  const { data: board } = await api.POST("/api/boards", { body: { title, is_public: false } });
  if (!board) return;
  const description: string | null = board.description;
  const { data: column } = await api.POST("/api/columns", {
    body: { board_id: board.id, title: description ?? "To do" },
  });
  if (!column) return;
  await api.POST("/api/tasks", {
    body: { column_id: column.id, title: "Press release", priority: "HIGH", position: 0 },
  });
  await api.POST("/api/boards/{board_id}/users", {
    params: { path: { board_id: board.id } },
    body: { username: "grace", role: "MODERATOR" },
  });
}

export async function firstTasks(column_id: string): Promise<Task[]> {
  const { data, response } = await api.GET("/api/columns/{column_id}/tasks", {
    params: { path: { column_id }, query: { limit: 10 } },
  });
  return response.headers.get("Link") ? [] : (data ?? []);
}

export async function mistakes(id: string): Promise<void> {
  // @ts-expect-error there is no such path
  await api.GET("/api/board");
  // @ts-expect-error a board needs a title
  await api.POST("/api/boards", { body: {} });
  // @ts-expect-error there is no such field
  const board: BoardCreate = { title: "x", colour: "#2f80ed" };
  // @ts-expect-error a title is text
  await api.POST("/api/boards", { body: { title: 1 } });
  // @ts-expect-error what is read only can't be sent
  const known: BoardCreate = { title: "x", id };
  // @ts-expect-error there is no such priority
  await api.POST("/api/tasks", { body: { column_id: id, title: "x", priority: "URGENT" } });
  // @ts-expect-error nobody is added as CREATOR
  const member: MemberCreate = { username: "grace", role: "CREATOR" };
  // @ts-expect-error both are required
  await api.GET("/api/roles", { params: { query: { user_id: id } } });
  const { data: seen } = await api.GET("/api/boards/{board_id}", {
    params: { path: { board_id: id } },
  });
  // @ts-expect-error there is no such operation
  seen?.operations.includes("delete_everything");
  const { data } = await api.GET("/api/auth/me");
  // @ts-expect-error nothing returns a password
  const password = data?.password;
  // @ts-expect-error an e-mail address may be null
  const email: string | undefined = data?.email;
  console.log(board, known, member, password, email);
}
