import { createParser } from "eventsource-parser";
import type { Changes } from "./cache";
import { isAboutOrganization } from "./organizationHeader";
import type { Pace } from "./pace";

/** How the pages learn of changes: as they happen, by asking again and again, or not at all for the moment. */
export type LiveState = "live" | "polling" | "offline";

interface Listener {
  onChanges: (changes: Changes) => void;
  onState: (state: LiveState) => void;
  /** Called with the server's message when it does not accept the credentials any more; nothing follows. */
  onUnauthenticated: (message: string) => void;
  /** Called when the organization is not one of the person's, or not any more; nothing follows. */
  onLeft: () => void;
  /** How often changes are passed on. */
  pace: Pace;
}

/** A burst of changes is passed on together: so long is waited for more after the first, in milliseconds. */
const mergeFor = 1000;
/** How often everything is read again where the server has no events, in milliseconds. */
const pollEvery = 15_000;
/** The wait before connecting anew, in milliseconds: doubles with each failure. */
const firstRetry = 1000;
const lastRetry = 30_000;

/** The status of an answer that says that there is no stream to listen to; so does 404, unless it is about the organization. */
const without = [403, 405, 501];

/**
 * Listens to GET /events until it is stopped, and reconnects where it left off. EventSource cannot send a bearer token, so
 * the stream is read with fetch. While the page is hidden changes are kept, and passed on when it is shown.
 */
export function listen(headers: Record<string, string>, listener: Listener): () => void {
  const ended = new AbortController();
  const merged = mergeChanges(listener, ended.signal);
  let lastId = "";

  const connect = async (): Promise<"without" | "ended"> => {
    const response = await fetch("/events", {
      headers: { ...headers, Accept: "text/event-stream", ...(lastId && { "Last-Event-ID": lastId }) },
      signal: ended.signal,
      cache: "no-store",
    });
    if (response.status === 401 || response.status === 404) {
      const error = await refusal(response);
      if (ended.signal.aborted) return "ended";
      if (response.status === 401) listener.onUnauthenticated(error?.message ?? "the token is not valid");
      else if (isAboutOrganization(error?.extensions)) listener.onLeft();
      else return "without";
      ended.abort();
      return "ended";
    }
    if (without.includes(response.status)) return "without";
    if (!response.ok || response.body === null) throw new Error(`/events answers ${response.status}`);
    listener.onState("live");
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        if (id !== undefined) lastId = id;
        if (event === "reset") merged({ ids: [], types: [], reset: true });
        else if (event === "change") merged({ ...(JSON.parse(data) as Omit<Changes, "reset">), reset: false });
      },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) parser.feed(read.value);
    return "ended";
  };

  const run = async () => {
    for (let retry = firstRetry; !ended.signal.aborted; retry = Math.min(2 * retry, lastRetry)) {
      try {
        if ((await connect()) === "without") break;
        retry = firstRetry; // the server ends streams as it stops or drains: connect to the next one
      } catch {
        if (ended.signal.aborted) return;
        listener.onState("offline");
      }
      await wait(retry * (0.5 + Math.random() / 2), ended.signal);
    }
    if (ended.signal.aborted) return;
    listener.onState("polling");
    for (;;) {
      await wait(pollEvery, ended.signal);
      if (ended.signal.aborted) return;
      merged({ ids: [], types: [], reset: true });
    }
  };
  void run();
  return () => {
    ended.abort();
    listener.onState("offline"); // until the pages of another session hear of changes
  };
}

interface Refusal {
  message: string;
  extensions?: Record<string, unknown>;
}

/** Why the server refuses; undefined when it does not say so. */
async function refusal(response: Response): Promise<Refusal | undefined> {
  const { errors } = (await response.json().catch(() => ({}))) as { errors?: Refusal[] };
  return errors?.[0];
}

/** Resolves after that time, or when the signal says so. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Gathers changes and passes them on together, as often as the pace says. */
function mergeChanges({ onChanges, pace }: Listener, signal: AbortSignal): (changes: Changes) => void {
  let gathered: { ids: Set<string>; types: Set<string>; more: boolean; reset: boolean } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let passed = -Infinity; // when changes were passed on last
  const flush = () => {
    timer = undefined;
    if (document.hidden || gathered === undefined) return;
    const early = passed + pace.pause() - performance.now();
    if (early > 0) {
      timer = setTimeout(flush, early);
      return;
    }
    const { ids, types, ...rest } = gathered;
    gathered = undefined;
    passed = performance.now();
    pace.begin();
    onChanges({ ids: [...ids], types: [...types], ...rest });
  };
  document.addEventListener("visibilitychange", () => timer ?? flush(), { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  return (changes) => {
    gathered ??= { ids: new Set(), types: new Set(), more: false, reset: false };
    for (const id of changes.ids) gathered.ids.add(id);
    for (const type of changes.types) gathered.types.add(type);
    gathered.more ||= changes.more ?? false;
    gathered.reset ||= changes.reset;
    timer ??= setTimeout(flush, mergeFor);
  };
}
