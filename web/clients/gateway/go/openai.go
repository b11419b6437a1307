package main

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
)

// openAI is github.com/openai/openai-go.
func openAI(r request) calls {
	options := []option.RequestOption{option.WithBaseURL(r.Base + "/v1"), option.WithAPIKey(r.Key)}
	for name, value := range r.Headers {
		options = append(options, option.WithHeader(name, value))
	}
	client := openai.NewClient(options...)
	ask := func(messages ...openai.ChatCompletionMessageParamUnion) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{Model: r.Model, MaxCompletionTokens: openai.Int(r.Max), Messages: messages}
	}
	return calls{
		plain: func(ctx context.Context) (string, error) {
			answer, err := client.Chat.Completions.New(ctx, ask(openai.UserMessage("Hello")))
			if err != nil {
				return "", err
			}
			return answer.Choices[0].Message.Content, nil
		},
		stream: func(ctx context.Context, seen func(string) bool) error {
			stream := client.Chat.Completions.NewStreaming(ctx, ask(openai.UserMessage("Hello")))
			defer func() { _ = stream.Close() }()
			for stream.Next() {
				if seen(stream.Current().Choices[0].Delta.Content) {
					return nil
				}
			}
			return stream.Err()
		},
		loop: func(ctx context.Context, question string, called func()) (string, error) {
			params := ask(openai.UserMessage(question))
			params.Tools = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
				Name: "lookup", Parameters: schema(),
			})}
			for {
				answer, err := client.Chat.Completions.New(ctx, params)
				if err != nil {
					return "", err
				}
				message := answer.Choices[0].Message
				if len(message.ToolCalls) == 0 {
					return message.Content, nil
				}
				params.Messages = append(params.Messages, message.ToParam())
				for _, call := range message.ToolCalls {
					called()
					params.Messages = append(params.Messages, openai.ToolMessage("found", call.ID))
				}
			}
		},
		embed: func(ctx context.Context) (lengths []int, err error) {
			answer, err := client.Embeddings.New(ctx, openai.EmbeddingNewParams{
				Model: "demo-embedding", Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"Hello", "World"}},
			})
			if err != nil {
				return nil, err
			}
			for _, each := range answer.Data {
				lengths = append(lengths, len(each.Embedding))
			}
			return lengths, nil
		},
		image: func(ctx context.Context) (int, error) {
			answer, err := client.Images.Generate(ctx, openai.ImageGenerateParams{Model: "demo-image", Prompt: "A house"})
			if err != nil {
				return 0, err
			}
			return len(answer.Data), nil
		},
	}
}
