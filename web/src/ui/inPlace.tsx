import { useRef, useState, type KeyboardEvent } from "react";

interface Props {
  label: string;
  value?: string;
  placeholder?: string;
  maxLength?: number;
  className?: string;
  /** Called with the trimmed text if there is any. */
  onSave: (text: string) => void;
  onClose: () => void;
  /** Stay open after saving, for the next one. */
  again?: boolean;
}

/** A line of text to type in place: Enter saves, Escape doesn't, and leaving it saves, too. */
export function InPlace({ label, value = "", placeholder, maxLength = 255, className, onSave, onClose, again }: Props) {
  const [text, setText] = useState(value);
  const done = useRef(false);

  function save(): void {
    const trimmed = text.trim();
    if (trimmed && trimmed !== value) onSave(trimmed);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // The page behind it has keys of its own.
    event.stopPropagation();
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      save();
      if (again) setText("");
      else close();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  }

  function close(): void {
    // Removing a field that has the focus makes it lose it, which would save.
    done.current = true;
    onClose();
  }

  return (
    <textarea
      autoFocus
      rows={1}
      className={`in-place ${className ?? ""}`}
      aria-label={label}
      placeholder={placeholder}
      maxLength={maxLength}
      value={text}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value.replace(/\n/g, " "))}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (done.current) return;
        save();
        onClose();
      }}
    />
  );
}
