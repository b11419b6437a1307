import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";

import { lookup, question } from "./task.mjs";

function calls(model, others) {
  const text = (content) => (typeof content === "string" ? content : content.map((part) => part.text ?? "").join(""));
  return {
    plain: async () => text((await model.invoke("Hello")).content),
    stream: async (seen) => {
      const leave = new AbortController();
      for await (const chunk of await model.stream("Hello", { signal: leave.signal })) {
        if (seen(text(chunk.content))) {
          leave.abort();
          return;
        }
      }
    },
    loop: async (times, called) => {
      const agent = model.bindTools([{ name: lookup.name, description: lookup.description, schema: lookup.parameters }]);
      const turns = [new HumanMessage(question(times))];
      for (;;) {
        const answer = await agent.invoke(turns);
        if ((answer.tool_calls ?? []).length === 0) return text(answer.content);
        turns.push(answer);
        for (const call of answer.tool_calls) {
          called();
          turns.push(new ToolMessage({ content: "found", tool_call_id: call.id }));
        }
      }
    },
    ...others,
  };
}

/** ChatOpenAI and OpenAIEmbeddings of @langchain/openai. */
export function openai({ base, key, headers, model, max }) {
  const configuration = { baseURL: `${base}/v1`, defaultHeaders: headers };
  return calls(new ChatOpenAI({ model, maxTokens: max, apiKey: key, configuration }), {
    embed: async () =>
      (await new OpenAIEmbeddings({ model: "demo-embedding", apiKey: key, configuration }).embedDocuments(["Hello", "World"])).map((each) => each.length),
  });
}

/** ChatAnthropic of @langchain/anthropic. */
export function anthropic({ base, key, headers, model, max }) {
  return calls(new ChatAnthropic({ model, maxTokens: max, apiKey: key, anthropicApiUrl: base, clientOptions: { defaultHeaders: headers } }));
}
