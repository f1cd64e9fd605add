import { useState, type FormEvent, type ReactNode } from "react";
import { reason } from "../api";
import { FormError } from "../ui/field";
import { t } from "../words";
import type { Field } from "./document";

type Values = Record<string, unknown>;

interface Props {
  fields: Field[];
  /** What is there now; only what differs from it is sent. */
  values?: Values;
  button: string;
  isDangerous?: boolean;
  onSubmit: (values: Values) => Promise<void>;
}

/** A form made from a schema. */
export function SchemaForm({ fields, values = {}, button, isDangerous, onSubmit }: Props) {
  const [texts, setTexts] = useState(() => Object.fromEntries(fields.map((field) => [field.name, textOf(field, values[field.name])])));
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const changed = fields.filter((field) => field.isRequired || texts[field.name] !== textOf(field, values[field.name]));
      await onSubmit(Object.fromEntries(changed.map((field) => [field.name, valueOf(field, texts[field.name] ?? "")])));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="form" onSubmit={submit}>
      {fields.map((field) => (
        <label key={field.name} className="field">
          <span>
            <code>{field.name}</code>
            {field.isRequired && " *"}
          </span>
          <Input field={field} text={texts[field.name] ?? ""} onChange={(text) => setTexts({ ...texts, [field.name]: text })} />
          {field.description && <small>{field.description}</small>}
        </label>
      ))}
      <FormError>{error !== undefined && reason(error)}</FormError>
      <button type="submit" className={isDangerous ? "danger" : "primary"} disabled={isBusy}>
        {button}
      </button>
    </form>
  );
}

/** A value as somebody types it: `true`, one item a line, or JSON. */
function textOf(field: Field, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (field.kind === "list") return (value as unknown[]).join("\n");
  return field.kind === "json" ? JSON.stringify(value) : String(value);
}

function valueOf(field: Field, text: string): unknown {
  if (field.kind === "list") return text.split(/\s+/).filter(Boolean);
  if (text === "" && field.isNullable) return null;
  if (field.kind === "flag") return text === "true";
  if (field.kind === "number") return Number(text);
  return field.kind === "json" ? JSON.parse(text) : text;
}

interface InputProps {
  field: Field;
  text: string;
  onChange: (text: string) => void;
}

function Input({ field, text, onChange }: InputProps): ReactNode {
  const required = field.isRequired && field.kind !== "list";
  if (field.kind === "choice" || field.kind === "flag")
    return (
      <select required={required} value={text} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t.none}</option>
        {(field.kind === "flag" ? ["true", "false"] : field.options).map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  if (field.kind === "long" || field.kind === "list" || field.kind === "json")
    return (
      <textarea
        required={required}
        rows={3}
        placeholder={field.options.join(" ")}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <input
      type={field.kind}
      required={required}
      autoComplete={field.kind === "password" ? "new-password" : "off"}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
