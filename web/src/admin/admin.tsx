import { useQuery } from "@tanstack/react-query";
import { Link, Redirect, useRoute } from "wouter";
import { $api, reason, type User } from "../api";
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
  return (
    <>
      <h1>{t.administration}</h1>
      <ul className="tiles">
        {kinds.map(({ name }) => (
          <Count key={name} name={name} />
        ))}
      </ul>
      {server.data && (
        <p className="faint">
          Corkboard {server.data.version} · {t.registration}: {t.registrations[server.data.registration]}
        </p>
      )}
    </>
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
      <p className="number">{page.data?.total ?? (page.data ? 0 : "…")}</p>
    </li>
  );
}
