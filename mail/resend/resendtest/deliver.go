package resendtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// refusal is an answer that is not 200.
type refusal struct {
	status        int
	name, message string
}

type created struct {
	ID string `json:"id"`
}

type invalid struct {
	Index   int    `json:"index"`
	Message string `json:"message"`
}

// deliver puts mails into their mailboxes, once for an idempotency key, and returns what is answered.
func (s *Server) deliver(request Request, contents string, batch, permissive bool) ([]byte, *refusal) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if known, found := s.known[request.Key]; found {
		if known.contents != contents {
			return nil, &refusal{http.StatusConflict, "invalid_idempotent_request",
				"Same idempotency key used with a different request payload."}
		}
		return known.answer, nil
	}
	var errors []invalid
	refused := map[int]bool{}
	for i, mail := range request.Mails {
		fault := faultOf(mail)
		if fault == "" && s.Bad != nil && s.Bad(mail.To[0]) {
			fault = "Invalid `to` field. The email address is not one that anybody has."
		}
		if fault != "" {
			if !permissive {
				return nil, &refusal{http.StatusUnprocessableEntity, "validation_error", fault}
			}
			errors, refused[i] = append(errors, invalid{i, fault}), true
		}
	}
	ids := []created{}
	for i, mail := range request.Mails {
		if refused[i] {
			continue
		}
		mail.ID = fmt.Sprintf("%d-%d", request.Number, i)
		address := strings.ToLower(mail.To[0])
		s.inbox[address] = append(s.inbox[address], mail)
		ids = append(ids, created{mail.ID})
	}
	var body any
	if batch {
		answer := map[string]any{"data": ids}
		if permissive {
			answer["errors"] = errors
		}
		body = answer
	} else {
		body = ids[0]
	}
	answer, err := json.Marshal(body)
	if err != nil {
		panic(err) // it holds strings and numbers
	}
	if request.Key != "" {
		s.known[request.Key] = exchange{contents, answer}
	}
	return answer, nil
}

// occupy begins a request under an idempotency key; false while another goes on.
func (s *Server) occupy(key string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.busy[key] {
		return false
	}
	s.busy[key] = key != ""
	return true
}

func (s *Server) vacate(key string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.busy, key)
}
