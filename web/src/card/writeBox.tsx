import { useState } from "react";
import { t } from "../words";

interface Props {
  label: string;
  button: string;
  value?: string;
  onSave: (text: string) => Promise<unknown>;
  onCancel?: () => void;
}

/** A box for a longer text. What was written stays if it can't be saved. */
export function WriteBox({ label, button, value = "", onSave, onCancel }: Props) {
  const [text, setText] = useState(value);
  const [isBusy, setBusy] = useState(false);

  async function save(): Promise<void> {
    if (!text.trim()) return;
    setBusy(true);
    try {
      await onSave(text.trim());
      setText("");
    } catch {
      // Whoever sent it shows the error.
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="write-box">
      <textarea
        aria-label={label}
        placeholder={label}
        maxLength={10_000}
        rows={text.includes("\n") || text.length > 80 ? 4 : 2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
          if (event.key === "Escape" && onCancel) {
            event.preventDefault();
            onCancel();
          }
        }}
      />
      {(text || onCancel) && (
        <p className="buttons">
          <button type="button" className="primary" disabled={isBusy || !text.trim()} onClick={save}>
            {button}
          </button>
          {onCancel && (
            <button type="button" onClick={onCancel}>
              {t.cancel}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
