import { useState, type FormEvent } from "react";
import { $api, api, reason } from "../api";
import { ago } from "../format";
import { pageOf } from "../requests";
import { Check, Field, FormError } from "../ui/field";
import { Listed, usePages } from "../ui/pages";
import { show } from "../ui/toasts";
import { t } from "../words";

const DAY = 86_400;

export function Tokens() {
  const [mayWrite, setWrite] = useState(false);
  const { list, rows } = usePages(["tokens"], async (query) => pageOf(await api.GET("/api/auth/tokens", { params: { query } })));
  const create = $api.useMutation("post", "/api/auth/tokens", { onSuccess: () => list.refetch() });
  const revoke = $api.useMutation("delete", "/api/auth/tokens/{token_id}", {
    onSuccess: () => list.refetch(),
    onError: (error) => show(reason(error), { isError: true }),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    create.mutate({
      body: {
        name: String(form.get("name")),
        scopes: mayWrite ? ["read", "write"] : ["read"],
        expires_in: Number(form.get("days")) * DAY,
      },
    });
  }

  return (
    <section className="panel wide">
      <h2>{t.tokens}</h2>
      <p className="faint">{t.tokensHint}</p>
      <Listed list={list}>
        <ul className="rows">
          {rows?.map((token) => (
            <li key={token.id}>
              <span className="grow">{token.name}</span>
              <span className="faint">{token.scopes.join(", ")}</span>
              <span className="faint">{t.endsAt(ago(token.expires_at))}</span>
              <button type="button" className="small" onClick={() => revoke.mutate({ params: { path: { token_id: token.id } } })}>
                {t.revoke}
              </button>
            </li>
          ))}
        </ul>
      </Listed>
      {create.data && (
        <p className="secret" role="status">
          {t.tokenOnce} <code>{create.data.token}</code>
        </p>
      )}
      <form className="line" onSubmit={submit}>
        <Field label={t.name} name="name" required maxLength={100} />
        <Field label={t.days} name="days" type="number" min="1" max="365" defaultValue="90" required />
        <Check label={t.mayWrite} checked={mayWrite} onChange={setWrite} />
        <button type="submit" className="primary" disabled={create.isPending}>
          {t.create}
        </button>
        <FormError>{create.error && reason(create.error)}</FormError>
      </form>
    </section>
  );
}
