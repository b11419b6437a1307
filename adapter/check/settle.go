package check

import (
	"encoding/json"
	"net/http"
	"strings"

	"bursar/adapter"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/validate"
	"bursar/id"
	"bursar/usage"
)

// maxSettles is how many reports a body may have.
const maxSettles = 1000

// settlement is what is to be done about a call that is over.
type settlement struct {
	report  *adapter.Report
	others  []usage.Parts // of other models in the same answer
	release bool          // it used nothing
	// lookup tells that the report names nothing but the request id of its reservation.
	lookup bool
}

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

// own are the members of a settlement that are no fields of RecordUsageInput.
type own struct {
	Release *bool           `json:"release"`
	Status  *int            `json:"status"` // of the upstream's answer
	Flavor  *usage.Flavor   `json:"flavor"`
}

// read reads a settlement.
func (c *checker) read(text json.RawMessage) (*settlement, error) {
	members, mine := map[string]json.RawMessage{}, own{}
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return nil, fault.New(fault.BadUserInput, "a settlement is a JSON object")
	}
	for name, into := range map[string]any{"release": &mine.Release, "status": &mine.Status, "flavor": &mine.Flavor} {
		if err := json.Unmarshal(orNull(members[name]), into); err != nil {
			return nil, fault.BadInput(name, "is malformed")
		}
		delete(members, name)
	}
	parts, err := mine.parts(members)
	if err != nil {
		return nil, err
	}
	rest, err := json.Marshal(members)
	if err != nil {
		return nil, fault.ErrInternal.Because(err)
	}
	input, err := c.enforcement.ReadRecord(string(rest))
	if err != nil {
		return nil, err
	}
	if parts != nil {
		for name := range members {
			if isQuantity(name) {
				return nil, fault.BadInput(name, "is in the answer: give one of both")
			}
		}
		adapter.Apply(parts, input)
	}
	failed := mine.Status != nil && (*mine.Status < http.StatusOK || *mine.Status >= http.StatusBadRequest)
	s := &settlement{report: &adapter.Report{Input: *input}, others: othersOf(parts), release: failed || mine.Release != nil && *mine.Release}
	named := input.ReservationID != nil || input.LeaseID != nil || input.Secret != nil || input.Key != nil
	s.lookup = !named && validate.Given(input.RequestID) != nil
	if !named && !s.lookup && !s.release {
		return nil, fault.BadInput("reservationId", "give a reservationId, the requestId of the check, or the secret that the caller presented")
	}
	return s, nil
}

func othersOf(parts *usage.Parts) []usage.Parts {
	if parts == nil {
		return nil
	}
	return parts.Others
}

func orNull(text json.RawMessage) json.RawMessage {
	if text == nil {
		return json.RawMessage("null")
	}
	return text
}

// parts takes the provider's answer out of the members, and returns what it used; nil without one.
func (o *own) parts(members map[string]json.RawMessage) (*usage.Parts, error) {
	answer := orNull(members["answer"])
	delete(members, "answer")
	if string(answer) == "null" {
		if o.Flavor != nil {
			return nil, fault.BadInput("answer", "is missing: flavor says how to read it")
		}
		return nil, nil //nolint:nilnil // there is none, and that is right
	}
	flavor := usage.OpenAIChat
	if o.Flavor != nil {
		flavor = *o.Flavor
	}
	parts, err := usage.Read(flavor, answer)
	if err != nil {
		return nil, fault.BadInput("answer", "%v", err)
	}
	return &parts, nil
}

// isQuantity tells whether a field of RecordUsageInput is one that answers tell.
func isQuantity(name string) bool {
	return name == "images" || name == "webSearches" || strings.HasSuffix(name, "Tokens")
}
