import { createContext, useContext } from "react";
import type { FullBoard, Label, Member, Operation } from "../api";
import type { Changes } from "./changes";

export interface BoardContext {
  board: FullBoard;
  changes: Changes;
  labels: Map<string, Label>;
  members: Map<string, Member>;
  may: (operation: Operation) => boolean;
}

export const Context = createContext<BoardContext | null>(null);

/** The board that is open. */
export function useBoard(): BoardContext {
  const context = useContext(Context);
  if (!context) throw new Error("There is no board here.");
  return context;
}
