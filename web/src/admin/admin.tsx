import { useQuery } from "@tanstack/react-query";
import { Link, Redirect, useRoute } from "wouter";
import { $api, reason, type RequestError, type User } from "../api";
import { ago, bytes, fullTime, milliseconds } from "../format";
import { t } from "../words";
import { readDocument, recordsOf, type RecordKind } from "./document";
import { RecordPage } from "./recordPage";
import { readPage } from "../requests";
import "./admin.css";

/** The pages of admins. The server decides; others only aren't led here. */
export default function Admin({ me }: { me: User }) {
  const [, parameters] = useRoute("/admin/:name");
  const kinds = useQuery({
    queryKey: ["admin"],
    queryFn: async () => recordsOf(await readDocument()),
    enabled: me.is_admin,
    staleTime: Infinity,
  });
  if (!me.is_admin) return <Redirect to="/" replace />;
  if (kinds.error) return <main className="center">{reason(kinds.error)}</main>;
  const kind = kinds.data?.find(({ name }) => name === parameters?.name);
  return (
    <main className="admin">
      <nav aria-label={t.administration}>
        <Link href="/admin" aria-current={parameters ? undefined : "page"}>
          {t.overview}
        </Link>
        {kinds.data?.map(({ name }) => (
          <Link key={name} href={`/admin/${name}`} aria-current={name === parameters?.name ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="admin-page">
        {kind ? <RecordPage key={kind.name} kind={kind} /> : kinds.data && <Overview kinds={kinds.data} />}
      </div>
    </main>
  );
}

function Overview({ kinds }: { kinds: RecordKind[] }) {
  const server = $api.useQuery("get", "/api/server");
  const status = $api.useQuery("get", "/api/status");
  return (
    <>
      <h1>{t.administration}</h1>
      <ul className="tiles">
        {kinds.map(({ name }) => (
          <Count key={name} name={name} />
        ))}
        <li className="tile count-tile">
          <h2>{t.database}</h2>
          <p className="number">{status.data ? bytes(status.data.database_bytes) : "…"}</p>
        </li>
      </ul>
      {status.error && <p role="alert">{reason(status.error)}</p>}
      {status.data && <Errors errors={status.data.errors} />}
      <Jobs />
      {server.data && (
        <p className="faint">
          Corkboard {server.data.version} · {t.registration}: {t.registrations[server.data.registration]}
        </p>
      )}
    </>
  );
}

/** The newest requests that failed, by whose ids the log has more. */
function Errors({ errors }: { errors: RequestError[] }) {
  return (
    <section className="panel">
      <h2>{t.recentErrors}</h2>
      <p className="faint">{errors.length ? t.recentErrorsHint : t.noErrors}</p>
      {errors.length > 0 && (
        <ul className="rows">
          {errors.map((error) => (
            <li key={error.request_id}>
              <span className="badge late">{error.status}</span>
              <code className="grow">
                {error.method} {error.route}
              </code>
              <code className="faint">{error.request_id}</code>
              <time className="faint" dateTime={error.at}>
                {fullTime(error.at)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What the server does by itself, and how it went the last time. */
function Jobs() {
  const jobs = $api.useQuery("get", "/api/jobs", { params: { query: { limit: 200 } } }, { refetchInterval: 15_000 });
  return (
    <section className="panel">
      <h2>{t.jobs}</h2>
      {jobs.error && <p role="alert">{reason(jobs.error)}</p>}
      <ul className="rows">
        {jobs.data?.map(({ name, started_at, seconds, error }) => (
          <li key={name}>
            <code className="grow">{name}</code>
            {error && <span className="badge late">{error}</span>}
            <span className="faint">
              {started_at && t.ranAt(ago(started_at))}
              {seconds !== null && ` · ${milliseconds(seconds * 1_000)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Count({ name }: { name: string }) {
  const path = `/api/${name}?limit=1&count=exact`;
  const page = useQuery({ queryKey: ["admin", name, path], queryFn: () => readPage(path) });
  return (
    <li className="tile count-tile">
      <h2>
        <Link href={`/admin/${name}`}>{name}</Link>
      </h2>
      <p className="number">{page.data?.total ?? "…"}</p>
    </li>
  );
}
