// Ready-made snippets for a new key. Each works as it stands, once the variables that it names are set: web/test/console_key.test.mjs runs
// them. Applications present the key to the gateway, which asks Bursar.

/** What a snippet is made for. */
export type SnippetInput = {
  /** Where this server answers, as https://bursar.example. */
  origin: string;
  /** The secret, where it is known; else the snippet names a variable for it. */
  secret?: string | undefined;
  /** Where applications reach the gateway, as https://gateway.example; else the snippets name a variable for it. */
  gatewayUrl?: string | undefined;
  /** A model that the gateway has. */
  model?: string | undefined;
};

/** A snippet, with what a reader must know before it works. */
export type Snippet = { key: string; title: string; language: "sh" | "python" | "javascript"; about: string; text: string };

/** The snippets, most used first. */
export function snippetsOf(input: SnippetInput): Snippet[] {
  return [call(input), python(input), node(input), curl(input), gateway(input)];
}

/** The gateway as SDKs of OpenAI want it, with the version. */
const baseURL = ({ gatewayUrl }: SnippetInput) => (gatewayUrl === undefined ? "https://gateway.example/v1" : `${gatewayUrl}/v1`);

const modelOf = ({ model }: SnippetInput) => model ?? "gpt-4.1-mini";

/** The variables that SDKs of OpenAI read by themselves. */
const variables = (input: SnippetInput) => `export OPENAI_BASE_URL='${baseURL(input)}' OPENAI_API_KEY='${input.secret ?? "bsr_…"}'`;

const sdk = (input: SnippetInput) =>
  `Calls a model through the gateway, as any program with this SDK does once these variables are set: ${variables(input)}${
    input.gatewayUrl === undefined ? "; put the address of your gateway in" : ""
  }`;

const call = (input: SnippetInput): Snippet => ({
  key: "call",
  title: "curl",
  language: "sh",
  about: `Calls a model through the gateway, which asks Bursar first and books what was used. SDKs of Anthropic and Google take the same address without /v1, and the same key.${
    input.gatewayUrl === undefined ? " Put the address of your gateway in." : ""
  }`,
  text: `${variables(input)}
curl -sS "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "${modelOf(input)}", "messages": [{"role": "user", "content": "Hello"}]}'
`,
});

const exported = ({ secret }: SnippetInput) => `export BURSAR_API_KEY='${secret ?? "bsr_…"}'`;

const curl = (input: SnippetInput): Snippet => ({
  key: "curl",
  title: "Check, curl",
  language: "sh",
  about: "Asks Bursar whether the key may make a call now. BURSAR_TOKEN is an access token of this organization, such as that of your gateway.",
  text: `${exported(input)}
curl -sS '${input.origin}/graphql' \\
  -H "Authorization: Bearer $BURSAR_TOKEN" -H 'Content-Type: application/json' \\
  -d @- <<JSON
{"query": "query(\\$input: CheckUsageInput!) { checkUsage(input: \\$input) { allowed httpStatus denials { reason message } } }",
 "variables": {"input": {"secret": "$BURSAR_API_KEY", "estimate": {"tokens": 1000}}}}
JSON
`,
});

const python = (input: SnippetInput): Snippet => ({
  key: "python",
  title: "OpenAI SDK, Python",
  language: "python",
  about: sdk(input),
  text: `from openai import OpenAI

client = OpenAI()
completion = client.chat.completions.create(
    model="${modelOf(input)}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(completion.choices[0].message.content)
`,
});

const node = (input: SnippetInput): Snippet => ({
  key: "node",
  title: "OpenAI SDK, Node.js",
  language: "javascript",
  about: sdk(input),
  text: `import OpenAI from "openai";

const client = new OpenAI();
const completion = await client.chat.completions.create({
  model: "${modelOf(input)}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(completion.choices[0].message.content);
`,
});

const gateway = ({ origin }: SnippetInput): Snippet => ({
  key: "gateway",
  title: "A gateway of your own",
  language: "javascript",
  about: "What a gateway does around each call: it reserves an upper bound, calls the provider, and records what was used. BURSAR_TOKEN is an access token of the role GATEWAY. Node.js, no packages.",
  text: `import { randomUUID } from "node:crypto";

async function bursar(query, input) {
  const response = await fetch("${origin}/graphql", {
    method: "POST",
    headers: { Authorization: \`Bearer \${process.env.BURSAR_TOKEN}\`, "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/** Calls \`provider\` if the caller's key may spend the estimate; \`provider\` returns { answer, usage }. */
export async function govern(secret, estimate, provider) {
  const requestId = randomUUID();
  const { reserveUsage } = await bursar(
    \`mutation($input: ReserveUsageInput!) {
      reserveUsage(input: $input) { reservation { id } decision { allowed httpStatus retryAfterSeconds denials { message } } }
    }\`,
    { secret, requestId, estimate },
  );
  if (!reserveUsage.decision.allowed) return { status: reserveUsage.decision.httpStatus, denied: reserveUsage.decision };
  const reservationId = reserveUsage.reservation.id;
  let called;
  try {
    called = await provider();
  } catch (error) {
    await bursar(\`mutation($input: ReleaseReservationInput!) { releaseReservation(input: $input) { reservation { status } } }\`, { reservationId });
    throw error;
  }
  await bursar(\`mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }\`, {
    reservationId, requestId, ...called.usage,
  });
  return { status: 200, answer: called.answer };
}

// The key as a caller presented it: Authorization: Bearer bsr_…
const outcome = await govern(process.env.BURSAR_API_KEY, { tokens: 1800, cost: "0.01" }, async () => ({
  answer: "the provider's answer",
  usage: { inputTokens: 1200, outputTokens: 310, cost: "0.00191", provider: "openai", model: "gpt-4.1-mini" },
}));
console.log(outcome);
`,
});
