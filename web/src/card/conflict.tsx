import { useState } from "react";
import { t } from "../words";
import type { Conflict as Versions, Texts } from "./edit";

interface Props {
  conflict: Versions;
  onSettle: (keep: Texts | null) => void;
}

/** Both versions of a text that two people changed, to choose one, or to write a third. */
export function Conflict({ conflict: { mine, theirs }, onSettle }: Props) {
  const field = mine.title === undefined ? "description" : "title";
  const [text, setText] = useState(mine[field] ?? "");
  return (
    <section className="conflict" role="alertdialog" aria-label={t.conflict}>
      <h3>{t.conflict}</h3>
      <p>{t.conflictHint}</p>
      <div className="versions">
        <div>
          <h4>{t.theirs}</h4>
          <pre>{theirs[field]}</pre>
          <button type="button" onClick={() => onSettle(null)}>
            {t.keepTheirs}
          </button>
        </div>
        <label>
          <h4>{t.yours}</h4>
          <textarea value={text} rows={6} onChange={(event) => setText(event.target.value)} />
          <button type="button" className="primary" onClick={() => onSettle({ [field]: text })}>
            {t.keepYours}
          </button>
        </label>
      </div>
    </section>
  );
}
