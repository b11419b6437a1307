package resend

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/resend/resend-go/v2"

	"bursar/mail"
)

// call makes one request through the library, which keeps neither the status
// of an answer nor its headers: each call has a client of its own that does.
// Connections are shared, since they belong to the transport below.
func (s *Sender) call(request func(*sdk.Client) error) error {
	recorder := &recorder{next: s.client.Transport}
	client := s.client
	client.Transport = recorder
	api := sdk.NewCustomClient(&client, s.apiKey)
	api.BaseURL = s.baseURL
	err := request(api)
	if recorder.refusal != nil {
		return recorder.refusal
	}
	if err != nil {
		return fmt.Errorf("mail: send through Resend: %w", err)
	}
	return nil
}

// sendOne sends a single message, through the endpoint for those.
func (s *Sender) sendOne(ctx context.Context, key string, message mail.Message) ([]mail.Result, error) {
	var response *sdk.SendEmailResponse
	err := s.call(func(api *sdk.Client) (err error) {
		response, err = api.Emails.SendWithOptions(ctx, requestOf(message), &sdk.SendEmailOptions{IdempotencyKey: key})
		return err
	})
	if err != nil {
		return nil, err
	}
	if response.Id == "" {
		return nil, errors.New("mail: Resend accepted the message without giving an id")
	}
	return []mail.Result{{ProviderID: response.Id}}, nil
}

// sendBatch sends several messages in one call. Those that Resend finds fault
// with are refused alone (validation "permissive").
func (s *Sender) sendBatch(ctx context.Context, key string, messages []mail.Message) ([]mail.Result, error) {
	requests := make([]*sdk.SendEmailRequest, len(messages))
	for i, message := range messages {
		requests[i] = requestOf(message)
	}
	var response *sdk.BatchEmailResponse
	err := s.call(func(api *sdk.Client) (err error) {
		response, err = api.Batch.SendWithOptions(ctx, requests,
			&sdk.BatchSendEmailOptions{IdempotencyKey: key, BatchValidation: sdk.BatchValidationPermissive})
		return err
	})
	if err != nil {
		return nil, err
	}
	return batchResults(response, len(messages))
}

// batchResults puts Resend's two lists, the ids of what it took and the errors
// by the place of what it did not, into the messages' order.
func batchResults(response *sdk.BatchEmailResponse, messages int) ([]mail.Result, error) {
	results := make([]mail.Result, messages)
	for _, refused := range response.Errors {
		if refused.Index < 0 || refused.Index >= messages {
			return nil, fmt.Errorf("mail: Resend found fault with message %d of %d", refused.Index, messages)
		}
		results[refused.Index].Refusal = &Error{
			Status: statusRefusedAlone, Code: "validation_error", Message: explanation(refused.Message),
		}
	}
	ids := response.Data
	for i := range results {
		if results[i].Refusal != nil {
			continue
		}
		if len(ids) == 0 || ids[0].Id == "" {
			return nil, errors.New("mail: Resend accepted the messages without giving an id for each")
		}
		results[i].ProviderID, ids = ids[0].Id, ids[1:]
	}
	return results, nil
}

func requestOf(message mail.Message) *sdk.SendEmailRequest {
	return &sdk.SendEmailRequest{
		From:    message.From,
		To:      []string{message.To},
		Subject: message.Subject,
		Html:    message.HTML,
		Text:    message.Text,
		Tags:    tagsOf(message.Tags),
	}
}
