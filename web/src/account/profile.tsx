import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { $api, api, ok, reason, type User } from "../api";
import { NotificationSettings } from "../notifications/settings";
import { language, setLanguage } from "../preferences";
import { Avatar } from "../ui/avatar";
import { Field, FormError } from "../ui/field";
import { show } from "../ui/toasts";
import { t } from "../words";
import { Sessions } from "./sessions";
import { Tokens } from "./tokens";

/** The values of a form's fields. */
function valuesOf(event: FormEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  return (name) => String(form.get(name) ?? "");
}

export default function Profile({ me }: { me: User }) {
  return (
    <main className="page">
      <h1>{t.profile}</h1>
      <div className="panels">
        <Account me={me} />
        <Password />
        <section className="panel">
          <h2>{t.language}</h2>
          <div className="segments" role="group" aria-label={t.language}>
            <button type="button" aria-pressed={language() === "en"} onClick={() => setLanguage("en")} lang="en">
              English
            </button>
            <button type="button" aria-pressed={language() === "ru"} onClick={() => setLanguage("ru")} lang="ru">
              Русский
            </button>
          </div>
        </section>
        <NotificationSettings />
        <Sessions />
        <Tokens />
      </div>
    </main>
  );
}

function Account({ me }: { me: User }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState(me.email ?? "");
  const save = useMutation({
    mutationFn: async (body: { username: string; email: string; avatar_url: string | null; current_password?: string }) =>
      ok(await api.PATCH("/api/users/{user_id}", { params: { path: { user_id: me.id } }, body })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      show(t.saved);
    },
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    const value = valuesOf(event);
    save.mutate({
      username: value("username"),
      email,
      avatar_url: value("avatar_url") || null,
      ...(value("current_password") && { current_password: value("current_password") }),
    });
  }

  return (
    <section className="panel">
      <h2 className="with-avatar">
        <Avatar person={me} /> {t.accountData}
      </h2>
      <form className="form" onSubmit={submit}>
        <Field label={t.username} name="username" required minLength={3} defaultValue={me.username} autoComplete="username" />
        <Field
          label={t.email}
          type="email"
          required
          value={email}
          autoComplete="email"
          onChange={(event) => setEmail(event.target.value)}
        />
        {email !== me.email && (
          <Field label={t.currentPassword} name="current_password" type="password" required autoComplete="current-password" />
        )}
        <Field label={t.avatar} name="avatar_url" defaultValue={me.avatar_url} hint={t.avatarHint} />
        <FormError>{save.error && reason(save.error)}</FormError>
        <button type="submit" className="primary" disabled={save.isPending}>
          {t.save}
        </button>
      </form>
    </section>
  );
}

function Password() {
  const change = $api.useMutation("put", "/api/auth/password", { onSuccess: () => show(t.passwordChanged) });

  function submit(event: FormEvent<HTMLFormElement>): void {
    const value = valuesOf(event);
    const form = event.currentTarget;
    change.mutate(
      { body: { current_password: value("current"), new_password: value("new") } },
      { onSuccess: () => form.reset() },
    );
  }

  return (
    <section className="panel">
      <h2>{t.password}</h2>
      <form className="form" onSubmit={submit}>
        <Field label={t.currentPassword} name="current" type="password" required autoComplete="current-password" />
        <Field label={t.newPassword} name="new" type="password" required minLength={8} autoComplete="new-password" />
        <p className="faint">{t.passwordHint}</p>
        <FormError>{change.error && reason(change.error)}</FormError>
        <button type="submit" className="primary" disabled={change.isPending}>
          {t.changePassword}
        </button>
      </form>
    </section>
  );
}
