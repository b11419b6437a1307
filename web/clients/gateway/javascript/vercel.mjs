import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { embedMany, generateImage, generateText, isStepCount, jsonSchema, streamText, tool } from "ai";

import { lookup, question } from "./task.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;

function calls(model, max, others) {
  const settings = { model, maxOutputTokens: max };
  return {
    plain: async () => (await generateText({ ...settings, prompt: "Hello" })).text,
    stream: async (seen) => {
      const leave = new AbortController();
      let problem;
      const { textStream } = streamText({ ...settings, prompt: "Hello", abortSignal: leave.signal, onError: ({ error }) => (problem = error) });
      for await (const text of textStream) {
        if (seen(text)) {
          leave.abort();
          return;
        }
      }
      if (problem !== undefined) throw problem;
    },
    loop: async (times, called) => {
      const execute = async () => (called(), "found");
      const tools = { lookup: tool({ description: lookup.description, inputSchema: jsonSchema(lookup.parameters), execute }) };
      return (await generateText({ ...settings, prompt: question(times), tools, stopWhen: isStepCount(times + 2) })).text;
    },
    ...others,
  };
}

/** ai with @ai-sdk/openai, which speaks the Responses API. */
export function openai({ base, key, headers, model, max }) {
  const provider = createOpenAI({ baseURL: `${base}/v1`, apiKey: key, headers });
  return calls(provider(model), max, {
    embed: async () =>
      (await embedMany({ model: provider.embedding("demo-embedding"), values: ["Hello", "World"] })).embeddings.map((each) => each.length),
    image: async () => (await generateImage({ model: provider.image("demo-image"), prompt: "A house" })).images.length,
  });
}

/** ai with @ai-sdk/openai, told to speak chat completions. */
export function chat({ base, key, headers, model, max }) {
  return calls(createOpenAI({ baseURL: `${base}/v1`, apiKey: key, headers }).chat(model), max);
}

/** ai with @ai-sdk/anthropic. */
export function anthropic({ base, key, headers, model, max }) {
  return calls(createAnthropic({ baseURL: `${base}/v1`, apiKey: key, headers })(model), max);
}

/** ai with @ai-sdk/google. */
export function google({ base, key, headers, model, max }) {
  return calls(createGoogleGenerativeAI({ baseURL: `${base}/v1beta`, apiKey: key, headers })(model), max);
}
