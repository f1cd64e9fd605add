import { useId, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";

interface Props {
  /** The button's content, and its name if that is no text. */
  button: ReactNode;
  label?: string;
  className?: string;
  disabled?: boolean;
  children: (close: () => void) => ReactNode;
}

const GAP = 4;

/** Put the box below the button, or above it, wherever there is room. */
function place(box: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const below = at.bottom + GAP;
  const fits = below + box.offsetHeight <= innerHeight;
  const top = fits ? below : Math.max(GAP, Math.min(at.top - GAP, innerHeight) - box.offsetHeight);
  const left = Math.max(GAP, Math.min(at.left, innerWidth - box.offsetWidth - GAP));
  Object.assign(box.style, { top: `${top}px`, left: `${left}px` });
}

/** Move the focus among the box's buttons with the arrow keys. */
function walk(event: KeyboardEvent, box: RefObject<HTMLElement | null>): void {
  event.stopPropagation();
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return;
  if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLTextAreaElement) return;
  const stops = [...(box.current?.querySelectorAll<HTMLElement>("button:enabled, input") ?? [])];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = stops.indexOf(document.activeElement as HTMLElement) + step;
  stops[(next + stops.length) % stops.length]?.focus();
  event.preventDefault();
}

/** A button that opens a box over the page. Escape or a click elsewhere closes it. */
export function Popover({ button, label, className = "icon-button", disabled, children }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-expanded={open}
        popoverTarget={id}
        disabled={disabled}
      >
        {button}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        className="popover"
        onKeyDown={(event) => walk(event, box)}
        // Before it is shown, so that it never appears in a corner first.
        onBeforeToggle={(event) => setOpen(event.newState === "open")}
        onToggle={(event) => {
          if (event.newState !== "open" || !box.current || !anchor.current) return;
          place(box.current, anchor.current);
          box.current.querySelector<HTMLElement>("[data-first], button, input, select, textarea")?.focus();
        }}
      >
        {open && children(() => box.current?.hidePopover())}
      </div>
    </>
  );
}
