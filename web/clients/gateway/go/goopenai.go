package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	openai "github.com/sashabaranov/go-openai"
)

// withHeaders sets headers, for which the client has no option.
type withHeaders struct{ headers map[string]string }

// RoundTrip implements [http.RoundTripper].
func (w withHeaders) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, value := range w.headers {
		r.Header.Set(name, value)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// goOpenAI is github.com/sashabaranov/go-openai.
func goOpenAI(r request) calls {
	config := openai.DefaultConfig(r.Key)
	config.BaseURL, config.HTTPClient = r.Base+"/v1", &http.Client{Transport: withHeaders{r.Headers}}
	client := openai.NewClientWithConfig(config)
	ask := func(text string) openai.ChatCompletionRequest {
		return openai.ChatCompletionRequest{Model: r.Model, MaxCompletionTokens: int(r.Max),
			Messages: []openai.ChatCompletionMessage{{Role: "user", Content: text}}}
	}
	return calls{
		plain: func(ctx context.Context) (string, error) {
			answer, err := client.CreateChatCompletion(ctx, ask("Hello"))
			if err != nil {
				return "", err
			}
			return answer.Choices[0].Message.Content, nil
		},
		stream: func(ctx context.Context, seen func(string) bool) error {
			stream, err := client.CreateChatCompletionStream(ctx, ask("Hello"))
			if err != nil {
				return err
			}
			defer func() { _ = stream.Close() }()
			for {
				chunk, err := stream.Recv()
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil || seen(chunk.Choices[0].Delta.Content) {
					return err
				}
			}
		},
		loop: func(ctx context.Context, question string, called func()) (string, error) {
			params := ask(question)
			params.Tools = []openai.Tool{{Type: "function", Function: &openai.FunctionDefinition{Name: "lookup", Parameters: schema()}}}
			for {
				answer, err := client.CreateChatCompletion(ctx, params)
				if err != nil {
					return "", err
				}
				message := answer.Choices[0].Message
				if len(message.ToolCalls) == 0 {
					return message.Content, nil
				}
				params.Messages = append(params.Messages, message)
				for _, call := range message.ToolCalls {
					called()
					params.Messages = append(params.Messages, openai.ChatCompletionMessage{Role: "tool", ToolCallID: call.ID, Content: "found"})
				}
			}
		},
		embed: func(ctx context.Context) (lengths []int, err error) {
			answer, err := client.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{Model: "demo-embedding", Input: []string{"Hello", "World"}})
			if err != nil {
				return nil, err
			}
			for _, each := range answer.Data {
				lengths = append(lengths, len(each.Embedding))
			}
			return lengths, nil
		},
		image: func(ctx context.Context) (int, error) {
			answer, err := client.CreateImage(ctx, openai.ImageRequest{Model: "demo-image", Prompt: "A house"})
			if err != nil {
				return 0, err
			}
			return len(answer.Data), nil
		},
	}
}
