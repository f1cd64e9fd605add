import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { $api, api, ok, reason } from "../api";
import { language, setLanguage } from "../preferences";
import { Field, FormError } from "../ui/field";
import { t } from "../words";
import icon from "../icon.svg";

interface Props {
  /** The token of an invitation, with which one may register where nobody else may. */
  invitation?: string | undefined;
  children?: ReactNode;
}

/** Sign in, or register. Whatever page was asked for appears afterwards. */
export function SignIn({ invitation, children }: Props) {
  const server = $api.useQuery("get", "/api/server");
  const [registers, setRegisters] = useState(Boolean(invitation));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();

  const registration = server.data?.registration;
  const mayRegister = registration === "open" || (registration === "invitation" && invitation);
  const registering = registers && Boolean(mayRegister);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const credentials = { username: text("username"), password: text("password") };
    setBusy(true);
    try {
      const user = registering
        ? ok(
            await api.POST("/api/auth/register", {
              body: { ...credentials, email: text("email"), ...(invitation ? { invitation } : {}) },
            }),
          )
        : ok(await api.POST("/api/auth/login", { body: credentials }));
      queries.setQueryData($api.queryOptions("get", "/api/auth/me").queryKey, user);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit} key={String(registering)}>
        <img src={icon} alt="" width="40" height="40" />
        <h1>{registering ? t.createAccount : t.signInTo}</h1>
        {children}
        <Field
          label={registering ? t.username : t.nameOrEmail}
          name="username"
          autoComplete="username"
          autoFocus
          required
          minLength={registering ? 3 : 1}
        />
        {registering && <Field label={t.email} name="email" type="email" autoComplete="email" required />}
        <Field
          label={t.password}
          name="password"
          type="password"
          autoComplete={registering ? "new-password" : "current-password"}
          required
          minLength={registering ? 8 : 1}
        />
        <FormError>{error !== undefined && reason(error)}</FormError>
        <button type="submit" className="primary" disabled={busy}>
          {registering ? t.register : t.signIn}
        </button>
        {mayRegister && (
          <button
            type="button"
            className="link"
            onClick={() => {
              setRegisters(!registers);
              setError(undefined);
            }}
          >
            {registering ? t.haveAccount : t.noAccount}
          </button>
        )}
      </form>
      <footer>
        <button type="button" className="link" lang={language() === "ru" ? "en" : "ru"} onClick={() => setLanguage(language() === "ru" ? "en" : "ru")}>
          {language() === "ru" ? "English" : "По-русски"}
        </button>
      </footer>
    </main>
  );
}
