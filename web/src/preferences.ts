// What somebody chose for this browser.

export type Theme = "system" | "light" | "dark";
export type Language = "en" | "ru";

/** Read from storage, which private windows may refuse. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it is chosen until the page is closed.
  }
}

export function theme(): Theme {
  const chosen = read("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function setTheme(chosen: Theme): void {
  write("theme", chosen);
  showTheme(chosen);
}

export function showTheme(chosen: Theme = theme()): void {
  document.documentElement.dataset["theme"] = chosen;
}

export function language(): Language {
  const chosen = read("language") ?? navigator.language;
  return chosen.startsWith("ru") ? "ru" : "en";
}

export function setLanguage(chosen: Language): void {
  write("language", chosen);
  location.reload();
}
