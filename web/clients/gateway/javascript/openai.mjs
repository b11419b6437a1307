import OpenAI from "openai";

import { lookup, question } from "./task.mjs";

/** The package openai: chat completions. */
export function chat({ base, key, headers, model, max }) {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: key, defaultHeaders: headers });
  const request = { model, max_completion_tokens: max, messages: [{ role: "user", content: "Hello" }] };
  return {
    plain: async () => (await client.chat.completions.create(request)).choices[0].message.content,
    stream: async (seen) => {
      for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
        if (seen(chunk.choices[0].delta.content ?? "")) break;
      }
    },
    loop: async (times, called) => {
      const run = client.chat.completions.runTools(
        {
          ...request,
          messages: [{ role: "user", content: question(times) }],
          tools: [
            {
              type: "function",
              function: { ...lookup, parse: JSON.parse, function: () => (called(), "found") },
            },
          ],
        },
        { maxChatCompletions: times + 2 },
      );
      return await run.finalContent();
    },
    embed: async () => (await client.embeddings.create({ model: "demo-embedding", input: ["Hello", "World"] })).data.map((each) => each.embedding.length),
    image: async () => (await client.images.generate({ model: "demo-image", prompt: "A house" })).data.length,
  };
}

/** The package openai: the Responses API. */
export function responses({ base, key, headers, model, max }) {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: key, defaultHeaders: headers });
  const request = { model, max_output_tokens: max, input: "Hello" };
  return {
    plain: async () => (await client.responses.create(request)).output_text,
    stream: async (seen) => {
      for await (const event of await client.responses.create({ ...request, stream: true })) {
        if (event.type === "response.output_text.delta" && seen(event.delta)) break;
      }
    },
    loop: async (times, called) => {
      const tools = [{ type: "function", name: lookup.name, parameters: lookup.parameters, strict: false }];
      const input = [{ role: "user", content: question(times) }];
      for (;;) {
        const answer = await client.responses.create({ ...request, input, tools });
        const calls = answer.output.filter((item) => item.type === "function_call");
        if (calls.length === 0) return answer.output_text;
        input.push(...answer.output);
        for (const call of calls) {
          called();
          input.push({ type: "function_call_output", call_id: call.call_id, output: "found" });
        }
      }
    },
  };
}
