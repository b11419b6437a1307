package worker

import (
	"context"
	"errors"
	"sync"

	"bursar/mail"
)

var errOutage = errors.New("the provider is away")

// fakeSender is a provider of mail: it notes what it is given and answers as told.
type fakeSender struct {
	mutex    sync.Mutex
	received []mail.Message
	// answer decides about a message, outside the lock; nil accepts all.
	answer func(ctx context.Context, message mail.Message) error
}

func (s *fakeSender) Send(ctx context.Context, message mail.Message) (string, error) {
	s.mutex.Lock()
	s.received = append(s.received, message)
	answer := s.answer
	s.mutex.Unlock()
	if answer != nil {
		if err := answer(ctx, message); err != nil {
			return "", err
		}
	}
	return "provider-" + message.IdempotencyKey, nil
}

func (s *fakeSender) messages() []mail.Message {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]mail.Message{}, s.received...)
}
