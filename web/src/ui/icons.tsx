// Drawn on 16 by 16, with lines of the text's colour.

const PATHS = {
  add: "M8 3v10M3 8h10",
  archive: "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 8.5h3",
  back: "M9.5 3.5 5 8l4.5 4.5",
  bell: "M3.5 11.5h9c-1-1-1.3-2-1.3-4a3.2 3.2 0 0 0-6.4 0c0 2-.3 3-1.3 4zM6.8 13.5a1.4 1.4 0 0 0 2.4 0",
  board: "M2.5 2.5h3v11h-3zM6.5 2.5h3v7h-3zM10.5 2.5h3v9h-3z",
  calendar: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  check: "m3 8.5 3.5 3.5L13 4.5",
  checklist: "M2.5 4 4 5.5 6.5 2.5M2.5 11 4 12.5l2.5-3M9 4.5h5M9 11.5h5",
  close: "m4 4 8 8M12 4l-8 8",
  comment: "M2.5 3h11v8H8l-3 2.5V11H2.5z",
  down: "m4 6 4 4 4-4",
  edit: "m3 13 .6-2.7L10.8 3l2.2 2.2-7.3 7.2zM9.5 4.5l2 2",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12",
  key: "M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8.3 7.7 2.5 13.5M4.5 11.5l1.5 1.5",
  label: "M2.5 2.5H8l5.5 5.5L8 13.5 2.5 8zM5.3 5.3h.01",
  lock: "M4 7.5h8v6H4zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  move: "M2.5 8h11M10 4.5 13.5 8 10 11.5",
  people: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c0-5 9-5 9 0M10.5 2.7a2.5 2.5 0 0 1 0 4.6M12 9.3c1.6.6 2.5 2 2.5 4.2",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
  settings: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M8.5 3.5v3h3v-3zM4.5 9.5v3h3v-3z",
  text: "M2.5 4h11M2.5 8h11M2.5 12h7",
  trash: "M2.5 4.5h11M6 4V2.5h4V4M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4",
  undo: "M5.5 3 2.5 6l3 3M2.5 6h7a3.5 3.5 0 0 1 0 7H6",
  up: "m4 10 4-4 4 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
