import { Component, type ReactNode } from "react";
import { t } from "../words";

/** Show what went wrong in the place of what can't be drawn; the rest of the page stays. */
export class Boundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <p role="alert">{t.notDrawn}</p> : this.props.children;
  }
}
