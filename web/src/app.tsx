import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { api, reason, type User } from "./api";
import { BoardPage } from "./board/boardPage";
import { useLive } from "./board/live";
import { Boards } from "./boards/boards";
import { Bell } from "./notifications/bell";
import { setTheme, theme, type Theme } from "./preferences";
import { Join } from "./session/join";
import { SignIn } from "./session/signIn";
import { useMe } from "./session/me";
import { Avatar } from "./ui/avatar";
import { Boundary } from "./ui/boundary";
import { Icon } from "./ui/icons";
import { Popover } from "./ui/popover";
import { Toasts } from "./ui/toasts";
import { t } from "./words";
import icon from "./icon.svg";

const Mine = lazy(() => import("./mine/mine"));
const Search = lazy(() => import("./search/search"));
const Profile = lazy(() => import("./account/profile"));
const Admin = lazy(() => import("./admin/admin"));

export function App() {
  const me = useMe();
  return (
    <>
      {me.data ? <SignedIn me={me.data} /> : me.data === null ? <SignedOut /> : <Loading error={me.error} />}
      <Toasts />
    </>
  );
}

function Loading({ error }: { error: unknown }) {
  return <main className="center">{error ? <p role="alert">{reason(error)}</p> : <p className="faint">{t.loading}</p>}</main>;
}

function SignedOut() {
  return (
    <Switch>
      <Route path="/join">
        <Join />
      </Route>
      <Route>
        <SignIn />
      </Route>
    </Switch>
  );
}

function SignedIn({ me }: { me: User }) {
  const [path] = useLocation();
  const page = path.split("/", 3).join("/"); // a card belongs to its board's
  return (
    <>
      <TopBar me={me} />
      {!page.startsWith("/boards/") && <Live />}
      <Boundary key={page}>
        <Suspense fallback={<Loading error={null} />}>
          <Switch>
            <Route path="/">
              <Boards />
            </Route>
            <Route path="/boards/:board/cards/:task">
              {({ board, task }) => <BoardPage key={board} boardId={board} taskId={task} />}
            </Route>
            <Route path="/boards/:board">{({ board }) => <BoardPage key={board} boardId={board} />}</Route>
            <Route path="/mine">
              <Mine />
            </Route>
            <Route path="/search">
              <Search />
            </Route>
            <Route path="/profile">
              <Profile me={me} />
            </Route>
            <Route path="/admin/*?">
              <Admin me={me} />
            </Route>
            <Route path="/join">
              <Join />
            </Route>
            <Route>
              <Redirect to="/" replace />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </>
  );
}

/** A stream for pages without a board, whose own has the notifications, too. */
function Live() {
  useLive();
  return null;
}

const THEMES: Theme[] = ["system", "light", "dark"];

function TopBar({ me }: { me: User }) {
  const [path, go] = useLocation();
  const queries = useQueryClient();

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const typing = (event.target as HTMLElement).closest("input, textarea, select, dialog");
      // The Russian layout has a dot in its place.
      const isSlash = event.key === "/" || (event.key === "." && event.code === "Slash");
      if (!isSlash || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go("/search");
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [go]);

  async function signOut(): Promise<void> {
    await api.POST("/api/auth/logout");
    go("/");
    // Nothing of what somebody saw stays for the next one.
    queries.clear();
    location.reload();
  }

  const here = (to: string) => (path === to ? "page" : undefined);
  return (
    <header className="top-bar">
      <Link href="/" className="brand" aria-label={t.home}>
        <img src={icon} alt="" /> <span>Corkboard</span>
      </Link>
      <nav aria-label={t.pages}>
        <Link href="/" aria-current={here("/")}>
          <Icon name="board" />
          <span>{t.boards}</span>
        </Link>
        <Link href="/mine" aria-current={here("/mine")}>
          <Icon name="check" />
          <span>{t.myTasks}</span>
        </Link>
        <Link href="/search" aria-current={here("/search")}>
          <Icon name="search" />
          <span>{t.search}</span>
        </Link>
      </nav>
      <Bell />
      <Popover button={<Avatar person={me} />} label={t.account(me.username)} className="icon-button round">
        {(close) => (
          <div className="menu">
            <p className="menu-head">{me.username}</p>
            <Link href="/profile" onClick={close}>
              {t.profile}
            </Link>
            {me.is_admin && (
              <Link href="/admin" onClick={close}>
                {t.administration}
              </Link>
            )}
            <div className="segments" role="group" aria-label={t.theme}>
              {THEMES.map((each) => (
                <button
                  key={each}
                  type="button"
                  aria-pressed={theme() === each}
                  onClick={() => {
                    setTheme(each);
                    close();
                  }}
                >
                  {t.themes[each]}
                </button>
              ))}
            </div>
            <button type="button" onClick={signOut}>
              {t.signOut}
            </button>
          </div>
        )}
      </Popover>
    </header>
  );
}
