import { Status } from "../../ui/Status";
import type { Switches } from "./form/draft";

/** Says that a limit refuses nothing; nothing of one that does. */
export function LimitSwitch({ limit }: { limit: Switches }) {
  if (!limit.enabled) return <Status tone="neutral">Off</Status>;
  return limit.mode === "SHADOW" ? <Status tone="neutral">Shadow</Status> : null;
}
