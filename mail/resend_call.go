package mail

import (
	"context"
	"errors"
	"fmt"

	"github.com/resend/resend-go/v2"
)

// call makes one request through the library, which keeps neither the status
// of an answer nor its headers: each call has a client of its own that does.
// Connections are shared, since they belong to the transport below.
func (r *Resend) call(request func(*resend.Client) error) error {
	recorder := &recorder{next: r.client.Transport}
	client := r.client
	client.Transport = recorder
	api := resend.NewCustomClient(&client, r.apiKey)
	api.BaseURL = r.baseURL
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
func (r *Resend) sendOne(ctx context.Context, key string, message Message) ([]Result, error) {
	var response *resend.SendEmailResponse
	err := r.call(func(api *resend.Client) (err error) {
		response, err = api.Emails.SendWithOptions(ctx, resendRequest(message), &resend.SendEmailOptions{IdempotencyKey: key})
		return err
	})
	if err != nil {
		return nil, err
	}
	if response.Id == "" {
		return nil, errors.New("mail: Resend accepted the message without giving an id")
	}
	return []Result{{ProviderID: response.Id}}, nil
}

// sendBatch sends several messages in one call. Those that Resend finds fault
// with are refused alone (validation "permissive").
func (r *Resend) sendBatch(ctx context.Context, key string, messages []Message) ([]Result, error) {
	requests := make([]*resend.SendEmailRequest, len(messages))
	for i, message := range messages {
		requests[i] = resendRequest(message)
	}
	var response *resend.BatchEmailResponse
	err := r.call(func(api *resend.Client) (err error) {
		response, err = api.Batch.SendWithOptions(ctx, requests,
			&resend.BatchSendEmailOptions{IdempotencyKey: key, BatchValidation: resend.BatchValidationPermissive})
		return err
	})
	if err != nil {
		return nil, err
	}
	return batchResults(response, len(messages))
}

// batchResults puts Resend's two lists, the ids of what it took and the errors
// by the place of what it did not, into the messages' order.
func batchResults(response *resend.BatchEmailResponse, messages int) ([]Result, error) {
	results := make([]Result, messages)
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

func resendRequest(message Message) *resend.SendEmailRequest {
	return &resend.SendEmailRequest{
		From:    message.From,
		To:      []string{message.To},
		Subject: message.Subject,
		Html:    message.HTML,
		Text:    message.Text,
		Tags:    resendTags(message.Tags),
	}
}
