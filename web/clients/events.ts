import { EventSourceParserStream } from "eventsource-parser/stream";

/** What has changed: `reset` says that it may be everything, `more` that it is more of `types` than `ids` names. */
export interface Change {
  ids: string[];
  types: string[];
  more?: boolean;
  reset?: boolean;
}

/**
 * Follows GET /events until the signal says so, and connects again where it left off. The first value is of the first connection, and says
 * that what is read from now on misses nothing. Throws an answer that is no stream: 401, 403 and 404 do not change by waiting.
 */
export async function* changes(server: string, token: string, signal: AbortSignal): AsyncGenerator<Change> {
  let lastId = "";
  for (let wait = 1000; !signal.aborted; await delay(wait * (0.5 + Math.random() / 2), signal)) {
    const headers = { Authorization: `Bearer ${token}`, ...(lastId && { "Last-Event-ID": lastId }) };
    const answer = await fetch(`${server}/events`, { headers, signal, cache: "no-store" }).catch(() => undefined);
    if (answer && [401, 403, 404].includes(answer.status)) throw answer;
    wait = Math.min(2 * wait, 30_000);
    if (!answer?.ok || answer.body === null) continue; // unreachable, or too many streams
    try {
      const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const { id, event, data } of events) {
        wait = 1000;
        lastId = id ?? lastId;
        if (event === "change") yield JSON.parse(data) as Change;
        else yield { ids: [], types: [], reset: event === "reset" };
      }
    } catch {
      // The stream was cut off.
    }
  }
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
