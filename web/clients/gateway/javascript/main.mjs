// Runs one client in one scenario for each line of input, which is JSON, and prints a line with what the user's code saw and with the input's number,
// when it is done: others may be under way. The programs in go and python do the same.
import { createInterface } from "node:readline";

import * as anthropic from "./anthropic.mjs";
import * as google from "./google.mjs";
import * as langchain from "./langchain.mjs";
import * as openai from "./openai.mjs";
import * as vercel from "./vercel.mjs";

const clients = {
  "openai (chat)": openai.chat,
  "openai (Responses)": openai.responses,
  "@anthropic-ai/sdk 1": anthropic.current,
  "@anthropic-ai/sdk 0": anthropic.old,
  "ai + @ai-sdk/openai": vercel.openai,
  "ai + @ai-sdk/openai (chat)": vercel.chat,
  "ai + @ai-sdk/anthropic": vercel.anthropic,
  "ai + @ai-sdk/google": vercel.google,
  "LangChain ChatOpenAI": langchain.openai,
  "LangChain ChatAnthropic": langchain.anthropic,
  "@google/genai": google.genai,
};

/** What a task of a scenario comes to, in words. */
async function run(calls, { task, times }) {
  let pieces = 0;
  let text = "";
  let called = 0;
  const steps = {
    plain: async () => `“${await calls.plain()}”`,
    stream: async () => {
      await calls.stream((piece) => void (text += piece));
      return `“${text}”`;
    },
    abort: async () => {
      await calls.stream((piece) => piece !== "" && ++pieces === 3);
      return `left after ${pieces} pieces`;
    },
    loop: async () => {
      const said = await calls.loop(times, () => void called++);
      return `tool calls: ${called}, then “${said}”`;
    },
    embed: async () => `vectors of ${(await calls.embed()).join(" and ")} numbers`,
    image: async () => `${await calls.image()} image`,
    twice: async () => {
      await calls.plain();
      return `an answer, and then “${await calls.plain()}”`;
    },
  };
  try {
    return await steps[task]();
  } catch (error) {
    const before = called > 0 ? `tool calls: ${called}, then ` : text === "" ? "" : `“${text}”, then `;
    return `${before}${error.name === "Error" ? error.constructor.name : error.name}: ${error.message}`;
  }
}

async function answer(request) {
  const calls = clients[request.client](request);
  const has = { abort: "stream", twice: "plain" }[request.task] ?? request.task;
  const saw = calls[has] === undefined ? null : await run(calls, request);
  process.stdout.write(`${JSON.stringify({ number: request.number, saw })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) void answer(JSON.parse(line));
process.exit(0); // some clients keep sockets open
