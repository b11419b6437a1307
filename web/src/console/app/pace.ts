/** The shortest time between two readings of what changed, in milliseconds: a burst is one reading. */
const shortest = 1000;
/** The longest, whatever the server says. */
const longest = 60_000;
/** After a reading, this many times as long as its slowest answer took passes before the next. */
const pausePerAnswer = 4;

/**
 * How soon the pages of a session read again what has changed. A server that is busy with gateways answers its consoles late, or
 * refuses them; then they ask less often, so that all of them are answered in turn.
 */
export class Pace {
  readonly #pending = new Set<number>(); // when each request began
  #slowest = 0;
  #refused = false;
  #factor = 1; // doubles while requests are refused

  /** fetch, which notes how long the server takes to answer. */
  readonly fetch: typeof fetch = async (input, init) => {
    let began = performance.now();
    while (this.#pending.has(began)) began += 0.001;
    this.#pending.add(began);
    try {
      return await fetch(input, init);
    } finally {
      this.#pending.delete(began);
      this.#slowest = Math.max(this.#slowest, performance.now() - began);
    }
  };

  /** Notes that the server was too busy to answer. */
  refused(): void {
    this.#refused = true;
  }

  /** How long after a reading the next may begin, in milliseconds, by the answers so far. */
  pause(): number {
    const slowest = Math.max(this.#slowest, ...[...this.#pending].map((began) => performance.now() - began));
    const factor = this.#refused ? 2 * this.#factor : this.#factor;
    return Math.min(longest, factor * Math.max(shortest, pausePerAnswer * slowest));
  }

  /** A reading begins: what is known of the answers to earlier ones counts no longer. */
  begin(): void {
    this.#factor = this.#refused ? Math.min(2 * this.#factor, longest / shortest) : Math.max(1, this.#factor / 2);
    this.#slowest = 0;
    this.#refused = false;
  }
}
