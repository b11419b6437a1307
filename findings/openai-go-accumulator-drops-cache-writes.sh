#!/usr/bin/env bash
# openai-go 3.99.0: the accumulated chat completion of a stream has no cache writes, and counts tokens again for each chunk that tells them.
#
# Guess: ChatCompletionAccumulator's usage is what the last chunk says, as the accumulators of openai's own Python and JavaScript clients have it: 5,000
# input tokens, of which 1,000 are read from the cache and 3,000 written to it.
# Seen: cache_write_tokens, which have a price of their own and which the chunk itself has, are 0 in the accumulated answer. The other numbers are
# added from chunk to chunk: of a stream that tells the tokens so far with each chunk, as vLLM does with continuous_usage_stats, 300 input tokens for 100.
#
# Source: accumulateDelta in streamaccumulator.go, a list of += without the fields that were added to the API later. Needs Go and its module proxy; runs
# on loopback, in a temporary folder that it removes.
set -euo pipefail

version=v3.99.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'G'
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

// read prints what the chunks of a stream say that was used, and what the accumulated answer does.
func read(name string, chunks ...string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, chunk := range chunks {
			fmt.Fprintf(w, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",%s}\n\n", chunk)
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}))
	defer server.Close()
	client := openai.NewClient(option.WithAPIKey("k"), option.WithBaseURL(server.URL))
	stream := client.Chat.Completions.NewStreaming(context.Background(), openai.ChatCompletionNewParams{
		Model: "m", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("hello")},
	})
	var told []string
	var accumulator openai.ChatCompletionAccumulator
	say := func(u openai.CompletionUsage) string {
		return fmt.Sprintf("%d/%d/%d", u.PromptTokens, u.PromptTokensDetails.CachedTokens, u.PromptTokensDetails.CacheWriteTokens)
	}
	for stream.Next() {
		if !accumulator.AddChunk(stream.Current()) {
			panic("refused")
		}
		told = append(told, say(stream.Current().Usage))
	}
	if err := stream.Err(); err != nil {
		panic(err)
	}
	fmt.Println(name+", input/cached/written: chunks", strings.Join(told, " "), "accumulated", say(accumulator.Usage))
}

func main() {
	const text = `"choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]`
	read("told at the end", text+`,"usage":null`,
		`"choices":[],"usage":{"prompt_tokens":5000,"completion_tokens":9,"total_tokens":5009,"prompt_tokens_details":{"cached_tokens":1000,"cache_write_tokens":3000}}`)
	read("told so far", text+`,"usage":{"prompt_tokens":100,"completion_tokens":1,"total_tokens":101}`,
		text+`,"usage":{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102}`,
		`"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":2,"total_tokens":102}`)
}
G
go mod init finding >/dev/null 2>&1
go get "github.com/openai/openai-go/v3@$version" >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
output=$(go run .)
printf '%s\n' "$output"
for line in 'told at the end, input/cached/written: chunks 0/0/0 5000/1000/3000 accumulated 5000/1000/0' \
  'told so far, input/cached/written: chunks 100/0/0 100/0/0 100/0/0 accumulated 300/0/0'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: openai-go $version drops cache writes and adds up what chunks repeat"
