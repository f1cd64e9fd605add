import type { FullBoard } from "../api";
import { IconButton } from "../ui/button";
import { t } from "../words";
import { DUE, EVERYTHING, isFiltering, type Filter } from "./filter";

interface Props {
  board: FullBoard;
  filter: Filter;
  onChange: (filter: Filter) => void;
}

export function FilterBar({ board, filter, onChange }: Props) {
  const people = board.members.map(({ id, username }): [string, string] => [id, username]);
  const labels = board.labels.map(({ id, name }): [string, string] => [id, name]);
  const dues = DUE.map((each): [string, string] => [each, t.dueFilters[each]]);
  const set = (change: Partial<Filter>) => onChange({ ...filter, ...change });
  return (
    <div className="filters" role="search" aria-label={t.filter}>
      <input
        type="search"
        aria-label={t.filterText}
        placeholder={t.filter}
        value={filter.text}
        onChange={(event) => set({ text: event.target.value })}
      />
      <Choice label={t.label} none={t.noLabel} options={labels} value={filter.label} onChange={(label) => set({ label })} />
      <Choice label={t.person} none={t.nobody} options={people} value={filter.person} onChange={(person) => set({ person })} />
      <Choice label={t.due} options={dues} value={filter.due} onChange={(due) => set({ due: due as Filter["due"] })} />
      {isFiltering(filter) && <IconButton icon="close" label={t.showAll} onClick={() => onChange(EVERYTHING)} />}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  none?: string;
  options: [string, string][];
  value: string;
  onChange: (value: string) => void;
}

function Choice({ label, none, options, value, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      className={value ? "chosen" : ""}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{label}</option>
      {none && <option value="none">{none}</option>}
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
