const quick = "first=0s, token=0s";

/**
 * What each client does. `task` is what its program is told, `demo` is the header x-demo, `limits` are the key's, `estimated` says that the provider's usage
 * cannot be known, `reached` is how many requests reach the provider, unless that is the client's own affair, `most` is how many nano-dollars may be booked,
 * and `settled` says that each call waits until those before it are booked.
 */
export const scenarios = [
  { name: "an answer", task: "plain", demo: quick, reached: 1 },
  { name: "a stream", task: "stream", demo: quick, reached: 1 },
  { name: "an agent with a tool", task: "loop", times: 3, demo: quick, reached: 4 },
  { name: "embeddings", task: "embed", demo: quick },
  { name: "an image", task: "image", demo: quick, reached: 1 },
  { name: "leaves a stream in the middle", task: "abort", demo: `${quick}, hold`, estimated: true, reached: 1 },
  { name: "the provider breaks in the middle of a stream", task: "stream", demo: `${quick}, cut`, estimated: true, reached: 1 },
  {
    name: "the budget is full in the middle of an agent's loop",
    task: "loop",
    times: 20,
    demo: `${quick}, tokens=1500`,
    model: "demo-large",
    max: 4096,
    limits: { budgetLimits: [{ type: "COST", amount: "1", periodicReset: "MONTHLY" }] },
    most: 1e9,
    settled: true,
  },
  {
    name: "a second call, of one a day",
    task: "twice",
    demo: quick,
    limits: { rateLimits: [{ type: "REQUESTS", limit: 1, interval: "DAY" }] },
    reached: 1,
  },
  { name: "the key has expired", task: "plain", demo: quick, expires: true, reached: 0 },
];
