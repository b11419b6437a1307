package main

import (
	"context"

	"github.com/anthropics/anthropic-sdk-go/v2"
	"github.com/anthropics/anthropic-sdk-go/v2/option"
)

// anthropicSDK is github.com/anthropics/anthropic-sdk-go.
func anthropicSDK(r request) calls {
	options := []option.RequestOption{option.WithBaseURL(r.Base), option.WithAPIKey(r.Key)}
	for name, value := range r.Headers {
		options = append(options, option.WithHeader(name, value))
	}
	client := anthropic.NewClient(options...)
	ask := func(text string) anthropic.MessageNewParams {
		return anthropic.MessageNewParams{Model: anthropic.Model(r.Model), MaxTokens: r.Max,
			Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(text))}}
	}
	return calls{
		plain: func(ctx context.Context) (string, error) {
			answer, err := client.Messages.New(ctx, ask("Hello"))
			if err != nil {
				return "", err
			}
			return answer.Content[0].Text, nil
		},
		stream: func(ctx context.Context, seen func(string) bool) error {
			stream := client.Messages.NewStreaming(ctx, ask("Hello"))
			defer func() { _ = stream.Close() }()
			for stream.Next() {
				if event := stream.Current(); event.Type == "content_block_delta" && seen(event.Delta.Text) {
					return nil
				}
			}
			return stream.Err()
		},
		loop: func(ctx context.Context, question string, called func()) (string, error) {
			params := ask(question)
			params.Tools = []anthropic.ToolUnionParam{{OfTool: &anthropic.ToolParam{
				Name: "lookup", InputSchema: anthropic.ToolInputSchemaParam{Properties: schema()["properties"], Required: []string{"word"}},
			}}}
			for {
				answer, err := client.Messages.New(ctx, params)
				if err != nil {
					return "", err
				}
				if answer.StopReason != anthropic.StopReasonToolUse {
					return answer.Content[0].Text, nil
				}
				var results []anthropic.ContentBlockParamUnion
				for _, block := range answer.Content {
					if block.Type == "tool_use" {
						called()
						results = append(results, anthropic.NewToolResultBlock(block.ID, "found", false))
					}
				}
				params.Messages = append(params.Messages, answer.ToParam(), anthropic.NewUserMessage(results...))
			}
		},
	}
}
