// Bun's own server and PostgreSQL client: one statement for each request, whose JSON comes from
// PostgreSQL. A token's signature is checked once, as Corkboard does.

import { SQL } from "bun";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const { DATABASE_URL, JWT_SECRET, PORT, STATEMENTS } = process.env as Record<string, string>;
const UUID_LENGTH = 36;

type Claims = { sub: string; jti: string; iss: string; exp: number };
type Value = string | null;
// What bench/peers/statements.py says of a request.
type Asked = { values: string[]; scope: string; status: number; session: string; token: string };
const requests: Record<string, Asked> = JSON.parse(STATEMENTS);

const url = new URL(DATABASE_URL.replace("@/", "@localhost/"));
const folder = url.searchParams.get("host");
const port = url.searchParams.get("port") ?? (url.port || "5432");
const sql = new SQL({
  adapter: "postgres",
  username: url.username,
  password: url.password,
  database: url.pathname.slice(1),
  connection: { timezone: "UTC" },
  max: 10,
  ...(folder ? { path: `${folder}/.s.PGSQL.${port}` } : { hostname: url.hostname, port }),
} as SQL.Options);

const verified = new Map<string, Claims>();

function claimsOf(token: string): Claims | undefined {
  let claims = verified.get(token);
  if (!claims) {
    const [head, body, given] = token.split(".");
    if (!given) return;
    const signature = Buffer.from(given, "base64url");
    const right = createHmac("sha256", JWT_SECRET).update(`${head}.${body}`).digest();
    if (signature.length !== right.length || !timingSafeEqual(signature, right)) return;
    claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
    if (claims.iss !== "corkboard") return;
    verified.set(token, claims);
  }
  return claims.exp > Date.now() / 1000 ? claims : undefined;
}

// The statement for the kind of credentials, with the two parameters that say who asks.
function asking(request: Request, found: Asked): [string, string, string] | undefined {
  const given = request.headers.get("authorization");
  if (given) {
    const hash = createHash("sha256").update(given.replace("Bearer ", "")).digest("hex");
    return [found.token, hash, found.scope];
  }
  const cookie = request.headers.get("cookie") ?? "";
  const claims = claimsOf(cookie.slice(cookie.indexOf("=") + 1));
  return claims && [found.session, claims.jti, claims.sub];
}

const textOf = (value: unknown): Value =>
  value == null || typeof value === "string" ? (value ?? null) : JSON.stringify(value);

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(PORT),
  async fetch(request) {
    const [path, query] = request.url.slice(request.url.indexOf("/", 8)).split("?");
    if (path === "/health") return Response.json({});
    let given: Record<string, unknown> = {};
    let id: string | undefined;
    const segments = path.split("/").map((each) => {
      if (each.length !== UUID_LENGTH) return each;
      id = each;
      return "*";
    });
    let name = `${request.method} ${segments.join("/")}`;
    if (query) {
      name += `?${query.slice(0, query.indexOf("="))}`;
      given = Object.fromEntries(new URLSearchParams(query));
    } else if (request.method !== "GET") given = await request.json();
    const found = requests[name];
    if (!found) return new Response(null, { status: 400 });
    const caller = asking(request, found);
    if (!caller) return new Response(null, { status: 401 });
    const [statement, ...parameters] = caller as [string, ...Value[]];
    given.path = id;
    given.new = Bun.randomUUIDv7();
    for (const each of found.values) parameters.push(textOf(given[each]));
    const rows = await sql.unsafe(statement, parameters).values();
    const body = rows[0]?.[0];
    if (!body) return new Response(null, { status: 404 });
    const headers = { "content-type": "application/json" };
    return new Response(body, { status: found.status, headers });
  },
});
