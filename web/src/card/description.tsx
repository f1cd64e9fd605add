import { useState } from "react";
import type { FullTask, Task } from "../api";
import { Icon } from "../ui/icons";
import { t } from "../words";
import type { Texts } from "./edit";
import { Markdown } from "./markdown";

interface Props {
  card: FullTask;
  mayEdit: boolean;
  onSave: (base: Task, texts: Texts) => void;
}

export function Description({ card, mayEdit, onSave }: Props) {
  // The card as it was when writing began, so that a change of others in between is noticed.
  const [base, setBase] = useState<FullTask | null>(null);
  const [text, setText] = useState("");

  function open(): void {
    setBase(card);
    setText(card.description ?? "");
  }

  function save(): void {
    if (base && text !== (base.description ?? "")) onSave(base, { description: text || null });
    setBase(null);
  }

  if (!mayEdit && !card.description) return null;
  return (
    <section aria-label={t.description}>
      <h3>
        <Icon name="text" /> {t.description}
        {mayEdit && !base && card.description && (
          <button type="button" className="small quiet" onClick={open}>
            {t.edit}
          </button>
        )}
      </h3>
      {base ? (
        <>
          <textarea
            autoFocus
            className="long"
            aria-label={t.description}
            rows={Math.max(6, text.split("\n").length + 1)}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
              if (event.key === "Escape") {
                // Only the text is left, not the card.
                event.preventDefault();
                setBase(null);
              }
            }}
          />
          <p className="buttons">
            <button type="button" className="primary" onClick={save}>
              {t.save}
            </button>
            <button type="button" onClick={() => setBase(null)}>
              {t.cancel}
            </button>
            <small className="faint">{t.markdownHint}</small>
          </p>
        </>
      ) : card.description ? (
        <Markdown text={card.description} />
      ) : (
        <button type="button" className="placeholder" onClick={open}>
          {t.addDescription}
        </button>
      )}
    </section>
  );
}
