import { GoogleGenAI } from "@google/genai";

import { lookup, question } from "./task.mjs";

/** @google/genai. */
export function genai({ base, key, headers, model, max }) {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: base, headers } });
  const request = { model, contents: "Hello", config: { maxOutputTokens: max } };
  return {
    plain: async () => (await client.models.generateContent(request)).text,
    stream: async (seen) => {
      const leave = new AbortController();
      const config = { ...request.config, abortSignal: leave.signal };
      for await (const chunk of await client.models.generateContentStream({ ...request, config })) {
        if (seen(chunk.text ?? "")) {
          leave.abort();
          return;
        }
      }
    },
    loop: async (times, called) => {
      const tools = [{ functionDeclarations: [{ name: lookup.name, description: lookup.description, parametersJsonSchema: lookup.parameters }] }];
      const contents = [{ role: "user", parts: [{ text: question(times) }] }];
      for (;;) {
        const answer = await client.models.generateContent({ ...request, contents, config: { ...request.config, tools } });
        const calls = answer.functionCalls ?? [];
        if (calls.length === 0) return answer.text;
        const parts = calls.map((call) => (called(), { functionResponse: { name: call.name, response: { output: "found" } } }));
        contents.push(answer.candidates[0].content, { role: "user", parts });
      }
    },
    embed: async () =>
      (await client.models.embedContent({ model: "demo-embedding", contents: ["Hello", "World"] })).embeddings.map((each) => each.values.length),
  };
}
