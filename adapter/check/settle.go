package check

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"bursar/adapter"
	"bursar/enforce"
	"bursar/fault"
	"bursar/id"
)

// maxSettles is how many reports a body may have.
const maxSettles = 1000

// settle books what calls used, or gives back what they held. A body is one settlement or a list of them: the fields of RecordUsageInput, and
// release, status, flavor and answer. Without a body the query string says what.
func (c *checker) settle(w http.ResponseWriter, r *adapter.Request) error {
	if err := methods(w, r.Request); err != nil {
		return err
	}
	if r.URL.RawQuery != "" || r.Method != http.MethodPost {
		p, err := read(r.Request, c.settled)
		if err != nil {
			return err
		}
		if status, given := p["status"]; given {
			p["status"] = lastStatus(status)
		}
		return c.settleOne(w, r, p.json(c.settled))
	}
	if texts, isList := listOf(r.Body); isList {
		return c.settleAll(w, r, texts)
	}
	text, err := object(r.Body)
	if err != nil {
		return err
	}
	return c.settleOne(w, r, text)
}

// lastStatus returns the last of the statuses that nginx writes for the upstreams that it tried, as in "502, 200"; 0, which is a failure, where the
// last of them did not answer.
func lastStatus(text string) string {
	status := text[strings.LastIndexAny(text, ",: ")+1:]
	if _, err := strconv.Atoi(status); err != nil {
		return "0"
	}
	return status
}

// listOf returns the elements of a body that is a list.
func listOf(body []byte) ([]json.RawMessage, bool) {
	var list []json.RawMessage
	return list, json.Unmarshal(body, &list) == nil && list != nil
}

func (c *checker) settleOne(w http.ResponseWriter, r *adapter.Request, text string) error {
	outcome := c.carryOut(r, []json.RawMessage{json.RawMessage(text)})[0]
	if outcome.err != nil {
		return outcome.err
	}
	adapter.WriteJSON(w, http.StatusOK, outcome.form)
	return nil
}

// settleAll answers each settlement at its index. A list of which some failed is answered with 200: the others are booked.
func (c *checker) settleAll(w http.ResponseWriter, r *adapter.Request, texts []json.RawMessage) error {
	if len(texts) == 0 || len(texts) > maxSettles {
		return fault.New(fault.BadUserInput, "a list has 1 to %d elements", maxSettles)
	}
	outcomes := c.carryOut(r, texts)
	answers := make([]any, len(outcomes))
	for i, outcome := range outcomes {
		if outcome.err == nil {
			answers[i] = outcome.form
			continue
		}
		if adapter.IsTemporary(outcome.err) { // what is booked already is replayed when the list is sent again
			return outcome.err
		}
		f := fault.All(outcome.err)
		if len(f) == 0 {
			return outcome.err
		}
		p := adapter.Problem{Code: f[0].Code, Message: f[0].Message, Field: f[0].Field}
		answers[i] = map[string]any{"error": p.Form()}
	}
	adapter.WriteJSON(w, http.StatusOK, answers)
	return nil
}

type outcome struct {
	form map[string]any
	err  error
}

// carryOut does what settlements say, the reports among them in one batch.
func (c *checker) carryOut(r *adapter.Request, texts []json.RawMessage) []outcome {
	outcomes, settlements := make([]outcome, len(texts)), make([]*settlement, len(texts))
	for i, text := range texts {
		settlements[i], outcomes[i].err = c.read(text)
	}
	c.lookUp(r, settlements, outcomes)
	var reports []*adapter.Report
	var places []int
	for i, s := range settlements {
		switch {
		case outcomes[i].err != nil:
		case s.release:
			outcomes[i] = c.release(r, s)
		default:
			all, ok := s.report.WithOthers(s.others)
			if !ok {
				outcomes[i].err = fault.BadInput("secret", "other models were used within the answer: name the key besides the reservation")
				continue
			}
			for range all {
				places = append(places, i)
			}
			reports = append(reports, all...)
		}
	}
	if len(reports) > 0 {
		for i, booked := range c.enforcement.RecordAll(r.Context(), reports) {
			if first := i == 0 || places[i-1] != places[i]; first || booked.Err != nil {
				outcomes[places[i]] = bookedForm(booked)
			}
		}
	}
	return outcomes
}

func bookedForm(booked enforce.Outcome) outcome {
	if booked.Err != nil {
		return outcome{err: booked.Err}
	}
	e := booked.Answer.UsageEvent
	return outcome{form: map[string]any{"replayed": booked.Answer.Replayed, "usageEvent": map[string]any{
		"id": id.UsageEvent.Format(e.ID), "inputTokens": e.InputTokens, "outputTokens": e.OutputTokens, "cost": e.Cost(),
	}}}
}

func (c *checker) release(r *adapter.Request, s *settlement) outcome {
	if s.report.Input.ReservationID == nil { // nothing was held
		return outcome{form: map[string]any{"reservation": nil}}
	}
	answer, err := c.enforcement.Release(r.Context(), *s.report.Input.ReservationID)
	if err != nil {
		return outcome{err: err}
	}
	return outcome{form: map[string]any{"reservation": map[string]any{"id": answer.Reservation.ExternalID(), "status": answer.Reservation.Status}}}
}

// lookUp finds the reservations of settlements that name them by their request ids.
func (c *checker) lookUp(r *adapter.Request, settlements []*settlement, outcomes []outcome) {
	var requestIDs []string
	for i, s := range settlements {
		if outcomes[i].err == nil && s.lookup {
			requestIDs = append(requestIDs, *s.report.Input.RequestID)
		}
	}
	if len(requestIDs) == 0 {
		return
	}
	held, err := c.enforcement.Held(r.Context(), requestIDs)
	for i, s := range settlements {
		switch {
		case outcomes[i].err != nil || !s.lookup:
		case err != nil:
			outcomes[i].err = err
		default:
			reservation, known := held[*s.report.Input.RequestID]
			if !known {
				outcomes[i].err = fault.New(fault.NotFound, "there is no reservation with this requestId")
				continue
			}
			s.report.Input.ReservationID = &reservation
		}
	}
}
