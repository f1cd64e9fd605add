import type { CSSProperties } from "react";
import { t } from "../words";
import { Icon } from "./icons";

const COLORS = [
  "#d64545", "#e07a2f", "#d9a514", "#5f9e3a", "#2f9e8f",
  "#2f80ed", "#5b5bd6", "#9b51e0", "#d6409f", "#7b8794",
]; // prettier-ignore

/** The custom property by which style sheets colour something. */
export function colored(color: string | null): CSSProperties {
  return (color ? { "--color": color } : {}) as CSSProperties;
}

interface Props {
  value: string | null;
  onChange: (color: string | null) => void;
}

/** A row of colours to choose one from, or none. */
export function Colors({ value, onChange }: Props) {
  return (
    <div className="colors" role="radiogroup" aria-label={t.color}>
      {[null, ...COLORS].map((color) => (
        <button
          key={color ?? "none"}
          type="button"
          role="radio"
          aria-checked={color === value}
          aria-label={color ? t.colors[COLORS.indexOf(color)] : t.noColor}
          className={color ? "color" : "color none"}
          style={colored(color)}
          onClick={() => onChange(color)}
        >
          {color === value && <Icon name="check" />}
        </button>
      ))}
    </div>
  );
}
