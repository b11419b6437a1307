import { Status } from "../ui/Status";
import { useSession } from "./SessionProvider";

const words = {
  live: { tone: "good", word: "Live", title: "What changes is shown as it happens" },
  polling: { tone: "neutral", word: "Every 15 s", title: "The server sends no events: the page is read again every 15 seconds" },
  offline: { tone: "neutral", word: "Connecting", title: "The page is not told of changes at the moment" },
} as const;

/** Whether the page shows changes as they happen. */
export function LiveMark() {
  const { tone, word, title } = words[useSession().live];
  return (
    <span title={title}>
      <Status tone={tone}>{word}</Status>
    </span>
  );
}
