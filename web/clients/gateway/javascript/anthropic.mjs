import Current from "@anthropic-ai/sdk";
import Old from "anthropic-0";

import { lookup, question } from "./task.mjs";

function messages(Client, { base, key, headers, model, max }) {
  const client = new Client({ baseURL: base, apiKey: key, defaultHeaders: headers });
  const request = { model, max_tokens: max, messages: [{ role: "user", content: "Hello" }] };
  const text = (message) => message.content.map((block) => block.text ?? "").join("");
  return {
    plain: async () => text(await client.messages.create(request)),
    stream: async (seen) => {
      for await (const event of await client.messages.create({ ...request, stream: true })) {
        if (event.type === "content_block_delta" && seen(event.delta.text ?? "")) break;
      }
    },
    loop: async (times, called) => {
      const tools = [{ name: lookup.name, description: lookup.description, input_schema: lookup.parameters }];
      const turns = [{ role: "user", content: question(times) }];
      for (;;) {
        const answer = await client.messages.create({ ...request, messages: turns, tools });
        if (answer.stop_reason !== "tool_use") return text(answer);
        const results = answer.content
          .filter((block) => block.type === "tool_use")
          .map((block) => (called(), { type: "tool_result", tool_use_id: block.id, content: "found" }));
        turns.push({ role: "assistant", content: answer.content }, { role: "user", content: results });
      }
    },
  };
}

/** @anthropic-ai/sdk from 1.0 on, which sends the key as a bearer token. */
export const current = (settings) => messages(Current, settings);

/** @anthropic-ai/sdk before 1.0, which sends the key as x-api-key. */
export const old = (settings) => messages(Old, settings);
