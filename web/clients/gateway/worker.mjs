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

/** Starts a program, which answers a line for each line that it is given. */
export async function startWorker({ command: [file, ...given] }) {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(OPENAI|ANTHROPIC|GOOGLE|GEMINI)_/.test(name)));
  const running = spawn(file, given, { env: environment, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, reject) => running.on("error", reject));
  return {
    run: async (request) => {
      running.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error(`${file} ended: ${JSON.stringify(request)}`);
      return JSON.parse(value).saw;
    },
    stop: () => running.kill(),
  };
}
