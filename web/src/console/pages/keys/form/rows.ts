import { flushSync } from "react-dom";

// Rows of a form are marked with data-row, in an element with data-rows or in a card. Whoever adds or removes one goes on where they are: the focus
// is moved before the button's event is over, so that nothing that is typed gets lost.

const listOf = (button: HTMLElement) => button.closest<HTMLElement>("[data-rows], section");
const rowsOf = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
const controlOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLElement>("select, input");

/** Adds a row at the end, and goes to its first control. */
export function addRow(button: HTMLElement, add: () => void): void {
  const list = listOf(button);
  flushSync(add);
  controlOf(rowsOf(list).at(-1))?.focus();
}

/** Removes the row of a button, and goes to the row that follows it, or the last one; without rows, to what adds the first one. */
export function removeRow(button: HTMLElement, remove: () => void): void {
  const list = listOf(button);
  const index = rowsOf(list).findIndex((row) => row.contains(button));
  flushSync(remove);
  const left = rowsOf(list);
  const next = controlOf(left[Math.min(index, left.length - 1)]) ?? list?.querySelector<HTMLElement>('[role="switch"], button');
  next?.focus();
}
