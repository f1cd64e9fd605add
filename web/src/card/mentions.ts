// `@name`: who is mentioned in a text, and who may be meant by what is being typed.

// As the server looks for names: after no letter, so that an e-mail address is none.
const NAME = /(?<![\p{L}\p{N}._@-])@([\p{L}\p{M}\p{N}._-]+)/gu;
const TYPED = /(?<![\p{L}\p{N}._@-])@([\p{L}\p{M}\p{N}._-]*)$/u;
const MOST = 6;

export function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

export interface Piece {
  text: string;
  /** The folded name, if it is one. */
  name?: string;
}

/** A text in pieces: names after an `@` that are known, and what is between them. */
export function piecesOf(text: string, names: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { index, 1: word = "" } of text.matchAll(NAME)) {
    const name = longest(word, names);
    if (!name) continue;
    if (index > end) pieces.push({ text: text.slice(end, index) });
    end = index + 1 + name.length;
    pieces.push({ text: text.slice(index, end), name: folded(name) });
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** A name may end with a dot, and so may a sentence. */
function longest(word: string, names: ReadonlySet<string>): string | undefined {
  const least = word.replace(/[._-]+$/u, "").length;
  for (let length = word.length; length >= least; length--) {
    const name = word.slice(0, length);
    if (names.has(folded(name))) return name;
  }
  return undefined;
}

export interface Typed {
  /** Where the `@` is. */
  at: number;
  people: string[];
}

/** Who may be meant by the name before the caret. */
export function typedAt(text: string, caret: number, usernames: string[]): Typed | undefined {
  const found = TYPED.exec(text.slice(0, caret));
  if (!found) return undefined;
  const part = folded(found[1] ?? "");
  const people = usernames.filter((name) => folded(name).startsWith(part)).slice(0, MOST);
  return people.length ? { at: found.index, people } : undefined;
}
