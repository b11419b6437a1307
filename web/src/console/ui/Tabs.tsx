import { Tabs as Primitive } from "radix-ui";
import { useEffect, useRef, useState, type ReactNode } from "react";
import styles from "./Tabs.module.css";

interface Tab<T extends string> {
  value: T;
  label: ReactNode;
  /** Rendered while the tab is chosen. */
  content: ReactNode;
}

interface Properties<T extends string> {
  /** What the tabs are parts of, for screen readers. */
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: readonly Tab<T>[];
}

/** Parts of a page, one of which is shown. Keep `value` in the address, so that links lead to the part. */
export function Tabs<T extends string>({ label, value, onChange, tabs }: Properties<T>) {
  const list = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState<"start" | "end" | "both">();
  const look = () => list.current && setHidden(hiddenOf(list.current));
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  // Where there is no room for all tabs, the chosen one is in sight.
  useEffect(() => {
    const [bar, tab] = [list.current, list.current?.querySelector<HTMLElement>('[data-state="active"]')];
    if (!bar || !tab || bar.scrollWidth <= bar.clientWidth) return;
    bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  }, [value]);
  return (
    <Primitive.Root value={value} onValueChange={(chosen) => onChange(chosen as T)}>
      <Primitive.List ref={list} className={styles.list} aria-label={label} data-hidden={hidden} onScroll={look}>
        {tabs.map((tab) => (
          <Primitive.Trigger key={tab.value} value={tab.value} className={styles.tab}>
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className={styles.panel}>
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}

/** On which side of a list there are tabs that are not in sight; undefined: all are. */
function hiddenOf({ scrollLeft, scrollWidth, clientWidth }: HTMLElement): "start" | "end" | "both" | undefined {
  const [before, after] = [scrollLeft > 1, scrollLeft < scrollWidth - clientWidth - 1];
  if (before) return after ? "both" : "start";
  return after ? "end" : undefined;
}
