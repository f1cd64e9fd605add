import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { reason } from "../api";
import { fullTime } from "../format";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { show } from "../ui/toasts";
import { t } from "../words";
import type { Action, Field, RecordKind } from "./document";
import { readPage, write, type Row } from "../requests";
import { SchemaForm } from "./schemaForm";
import "../board/settings.css";

const SIZE = 50;

/** A table of a record's rows, to search, filter, sort and change. */
export function RecordPage({ kind }: { kind: RecordKind }) {
  const [query, setQuery] = useState<Record<string, string>>({});
  const [cursors, setCursors] = useState<string[]>([]);
  const [open, setOpen] = useState<Row | "new" | null>(null);
  const cursor = cursors.at(-1);
  const parameters = new URLSearchParams({ ...query, limit: String(SIZE), count: "exact", ...(cursor && { cursor }) });
  const path = `/api/${kind.name}?${parameters}`;
  const page = useQuery({ queryKey: ["admin", kind.name, path], queryFn: () => readPage(path), placeholderData: keepPreviousData });

  function set(name: string, value: string): void {
    const { [name]: _, ...rest } = query;
    setQuery(value ? { ...rest, [name]: value } : rest);
    setCursors([]);
  }

  return (
    <>
      <div className="page-head">
        <h1>{kind.name}</h1>
        {kind.create && (
          <button type="button" className="primary" onClick={() => setOpen("new")}>
            <Icon name="add" /> {t.create}
          </button>
        )}
      </div>
      <div className="line" role="search" aria-label={t.filter}>
        {kind.filters.map((field) => (
          <Filter key={field.name} field={field} value={query[field.name] ?? ""} onChange={(value) => set(field.name, value)} />
        ))}
        {kind.sorts.length > 0 && (
        <label className="field">
          <span>sort</span>
          <select value={query["sort"] ?? ""} onChange={(event) => set("sort", event.target.value)}>
            <option value="">{t.any}</option>
            {kind.sorts.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        )}
      </div>
      {page.error && <p role="alert">{reason(page.error)}</p>}
      {page.data && <Table columns={kind.columns} rows={page.data.rows} onOpen={setOpen} />}
      <p className="buttons">
        <button type="button" disabled={!cursors.length} onClick={() => setCursors(cursors.slice(0, -1))}>
          {t.previousPage}
        </button>
        <button type="button" disabled={!page.data?.next} onClick={() => page.data?.next && setCursors([...cursors, page.data.next])}>
          {t.nextPage}
        </button>
        {page.data?.total !== undefined && <span className="faint">{t.inAll(page.data.total)}</span>}
      </p>
      {open && <Editor kind={kind} row={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Filter({ field, value, onChange }: { field: Field; value: string; onChange: (value: string) => void }) {
  const options = field.kind === "flag" ? ["true", "false"] : field.options;
  return (
    <label className="field" title={field.description}>
      <span>{field.name}</span>
      {options.length ? (
        <select value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t.any}</option>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        // When it is left, so that no half of an id is asked for.
        <input
          key={value}
          type={field.name === "q" ? "search" : "text"}
          defaultValue={value}
          onBlur={(event) => onChange(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && onChange(event.currentTarget.value)}
        />
      )}
    </label>
  );
}

function Table({ columns, rows, onOpen }: { columns: Field[]; rows: Row[]; onOpen: (row: Row) => void }) {
  return (
    <div className="table" tabIndex={0} role="region" aria-label={t.rows}>
      <table>
        <thead>
          <tr>
            {columns.map((field) => (
              <th key={field.name} scope="col">
                {field.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map(({ name }) => (
                <td key={name} title={String(row[name] ?? "")}>
                  {name === "id" ? (
                    <button type="button" className="link" onClick={() => onOpen(row)}>
                      {shown(row.id)}
                    </button>
                  ) : (
                    shown(row[name])
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT/;

/** A value in few letters: of an id the end, which is random. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  return ID.test(text) ? `…${text.slice(-8)}` : TIME.test(text) ? fullTime(text) : text;
}

function Editor({ kind, row, onClose }: { kind: RecordKind; row: Row | null; onClose: () => void }) {
  const queries = useQueryClient();
  const form = row ? kind.update : kind.create;

  async function run(action: Action, values: Record<string, unknown>): Promise<void> {
    const isQuery = (name: string) => action.query.some((field) => field.name === name);
    const query = new URLSearchParams();
    const body: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) {
      if (isQuery(name)) query.set(name, String(value));
      else body[name] = value;
    }
    const path = action.path.replace("{}", String(row?.id ?? ""));
    const isEdit = action === kind.update;
    await write(action.method, `${path}?${query}`, action.body.length ? body : undefined, isEdit ? row?.version : undefined);
    await queries.invalidateQueries();
    show(t.saved);
    onClose();
  }

  return (
    <Dialog title={row ? `${kind.name} ${shown(row.id)}` : kind.create?.summary} onClose={onClose} className="settings">
      {!form && <pre className="row">{JSON.stringify(row, null, 2)}</pre>}
      {form && <SchemaForm fields={form.body} values={row ?? {}} button={t.save} onSubmit={(values) => run(form, values)} />}
      {row && (
        <div className="actions">
          {kind.actions.map((action) => (
            <details key={action.method + action.path}>
              <summary>{action.summary}</summary>
              <SchemaForm
                fields={[...action.query, ...action.body]}
                button={action.summary}
                isDangerous={action.method === "DELETE"}
                onSubmit={(values) => run(action, values)}
              />
            </details>
          ))}
        </div>
      )}
    </Dialog>
  );
}
