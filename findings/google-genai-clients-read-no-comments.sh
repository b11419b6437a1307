#!/usr/bin/env bash
# Google's own clients of Gemini read no other line of a stream than data: with a comment in an event, @google/genai 3.3.0 has an empty answer without an
# error, and google-genai 3.6.1 (Python) and google.golang.org/genai 1.77.0 fail.
#
# Guess: a line that begins with a colon, as proxies send to keep a connection open, and the fields id and retry are passed over, as the standard of
# server-sent events says and as the clients of OpenAI and Anthropic do.
# Seen: of an event whose first line is a comment, or id, the JavaScript client takes nothing and says nothing: two such events are an empty answer, without
# usage. The other two raise an error at the comment and leave the rest of the answer unread.
#
# Source: processStreamResponse in dist/node/index.mjs, `trimmedEvent.startsWith("data:")`; iterateResponseStream in api_client.go; _iter_response_stream in
# _api_client.py. Needs npm, Go, Python and their registries; runs on loopback, in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
server=
cd "$folder"
cat >server.py <<'PY'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EVENTS = [json.dumps({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}], "modelVersion": "m",
                      "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": tokens, "totalTokenCount": 5 + tokens}}) for text, tokens in (("a", 1), ("b", 7))]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        before = {"plain": "", "comment": ": keep-alive\n", "id": "id: 1\n"}[self.path.split("/")[1]]
        body = "".join(f"{before}data: {event}\n\n" for event in EVENTS).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
mkfifo port
python3 server.py >port &
server=$!
read -r port <port

npm install --silent --no-audit --no-fund @google/genai@3.3.0 >/dev/null
cat >ask.mjs <<'J'
import { GoogleGenAI } from "@google/genai";
for (const form of ["plain", "comment", "id"]) {
  const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: `http://127.0.0.1:${process.argv[2]}/${form}` } });
  let text = "", tokens = 0, error = "no error";
  try {
    for await (const chunk of await client.models.generateContentStream({ model: "m", contents: "x" })) {
      text += chunk.text ?? "";
      tokens = chunk.usageMetadata?.candidatesTokenCount ?? tokens;
    }
  } catch (e) {
    error = "error";
  }
  console.log(`JavaScript, ${form}: "${text}" ${tokens} ${error}`);
}
J
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check google-genai==3.6.1
cat >ask.py <<'PY'
import sys
from google import genai

for form in ("plain", "comment", "id"):
    client = genai.Client(api_key="k", http_options={"base_url": f"http://127.0.0.1:{sys.argv[1]}/{form}"})
    text, tokens, error = "", 0, "no error"
    try:
        for chunk in client.models.generate_content_stream(model="m", contents="x"):
            text += chunk.text or ""
            tokens = chunk.usage_metadata.candidates_token_count
    except Exception:
        error = "error"
    print(f'Python, {form}: "{text}" {tokens} {error}')
PY
cat >main.go <<'G'
package main

import (
	"context"
	"fmt"
	"os"

	"google.golang.org/genai"
)

func main() {
	ctx := context.Background()
	for _, form := range []string{"plain", "comment", "id"} {
		client, err := genai.NewClient(ctx, &genai.ClientConfig{APIKey: "k", Backend: genai.BackendGeminiAPI, HTTPOptions: genai.HTTPOptions{BaseURL: "http://127.0.0.1:" + os.Args[1] + "/" + form}})
		if err != nil {
			panic(err)
		}
		text, tokens, failed := "", int32(0), "no error"
		for chunk, err := range client.Models.GenerateContentStream(ctx, "m", genai.Text("x"), nil) {
			if err != nil {
				failed = "error"
				break
			}
			text, tokens = text+chunk.Text(), chunk.UsageMetadata.CandidatesTokenCount
		}
		fmt.Printf("Go, %s: %q %d %s\n", form, text, tokens, failed)
	}
}
G
go mod init finding >/dev/null 2>&1
go get google.golang.org/genai@v1.77.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
output=$(node ask.mjs "$port" && venv/bin/python ask.py "$port" && go run . "$port")
printf '%s\n' "$output"
expected='JavaScript, plain: "ab" 7 no error
JavaScript, comment: "" 0 no error
JavaScript, id: "" 0 no error
Python, plain: "ab" 7 no error
Python, comment: "" 0 error
Python, id: "" 0 error
Go, plain: "ab" 7 no error
Go, comment: "" 0 error
Go, id: "" 0 error'
[[ $output == "$expected" ]] || { echo "changed: the clients read other streams" >&2; exit 1; }
echo "as described: a comment in an event makes an answer empty, or an error"
