import { createContext, useContext } from "react";
import type { FullBoard, Label, Member, Operation } from "../api";
import type { Changes } from "./changes";

/** What cards need to know of their board. It stays the same while cards move. */
export interface BoardContext {
  boardId: string;
  changes: Changes;
  labels: Map<string, Label>;
  members: Map<string, Member>;
  may: (operation: Operation) => boolean;
}

export const Context = createContext<BoardContext | null>(null);
export const OpenBoardContext = createContext<FullBoard | null>(null);

export function useBoard(): BoardContext {
  return present(useContext(Context));
}

/** The board as it is now. Whatever uses it is drawn anew with each change of the board. */
export function useOpenBoard(): FullBoard {
  return present(useContext(OpenBoardContext));
}

function present<T>(context: T | null): T {
  if (context === null) throw new Error("There is no board here.");
  return context;
}
