import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = import.meta.dirname;

/** The programs with clients, and the clients in each in the order of the page. */
export const languages = {
  javascript: {
    command: [process.execPath, join(folder, "javascript/main.mjs")],
    clients: [
      "openai (chat)",
      "openai (Responses)",
      "@anthropic-ai/sdk 1",
      "@anthropic-ai/sdk 0",
      "ai + @ai-sdk/openai",
      "ai + @ai-sdk/openai (chat)",
      "ai + @ai-sdk/anthropic",
      "ai + @ai-sdk/google",
      "LangChain ChatOpenAI",
      "LangChain ChatAnthropic",
      "@google/genai",
    ],
  },
  go: { command: [process.env.GATEWAY_CLIENTS_GO ?? join(folder, "go/gateway-clients")], clients: ["openai-go", "anthropic-sdk-go", "go-openai"] },
  python: {
    command: [process.env.GATEWAY_CLIENTS_PYTHON ?? "python3", join(folder, "python/main.py")],
    clients: ["openai (Python)", "anthropic (Python)", "google-genai (Python)"],
  },
};

/** Starts a program, which answers a line for each line that it is given, as soon as it can; the answer has the line's `number`. */
export async function startWorker({ command: [file, ...given] }) {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(OPENAI|ANTHROPIC|GOOGLE|GEMINI)_/.test(name)));
  const running = spawn(file, given, { env: environment, stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  const fail = (error) => {
    for (const { reject } of waiting.values()) reject(error);
  };
  const lines = createInterface({ input: running.stdout });
  lines.on("line", (line) => {
    const { number, saw } = JSON.parse(line);
    waiting.get(number).resolve(saw);
    waiting.delete(number);
  });
  lines.on("close", () => fail(new Error(`${file} ended`)));
  running.on("error", fail);
  let number = 0;
  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        waiting.set(++number, { resolve, reject });
        running.stdin.write(`${JSON.stringify({ ...request, number })}\n`);
      }),
    stop: () => running.kill(),
  };
}
