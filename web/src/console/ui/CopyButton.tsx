import { useEffect, useState } from "react";
import { Button, IconButton } from "./Button";

/** Copies a text. `label` says what: `Copy secret`. With `iconOnly` the label is the button's name alone. */
export function CopyButton({ text, label, iconOnly }: { text: string; label: string; iconOnly?: boolean }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => navigator.clipboard.writeText(text).then(
    () => setState("copied"),
    () => setState("failed"), // without TLS, or forbidden: the text can be selected
  );
  const told = { idle: label, copied: "Copied", failed: "Select the text to copy it" }[state];
  return (
    <>
      {iconOnly ? (
        <IconButton label={told} icon={state === "copied" ? "check" : "copy"} small onClick={copy} />
      ) : (
        <Button icon={state === "copied" ? "check" : "copy"} onClick={copy}>
          {told}
        </Button>
      )}
      <span className="visually-hidden" aria-live="polite">
        {state !== "idle" && told}
      </span>
    </>
  );
}
