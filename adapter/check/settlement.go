package check

import (
	"encoding/json"
	"net/http"
	"strings"

	"bursar/adapter"
	"bursar/fault"
	"bursar/graph/validate"
	"bursar/usage"
)

// settlement is what is to be done about a call that is over.
type settlement struct {
	report  *adapter.Report
	others  []usage.Parts // of other models in the same answer
	release bool          // it used nothing
	// lookup tells that the report names nothing but the request id of its reservation.
	lookup bool
}

// own are the members of a settlement that are no fields of RecordUsageInput.
type own struct {
	Release *bool         `json:"release"`
	Status  *int          `json:"status"` // of the upstream's answer
	Flavor  *usage.Flavor `json:"flavor"`
	KeyHash *string       `json:"keyHash"`
}

// read reads a settlement.
func (c *checker) read(text json.RawMessage) (*settlement, error) {
	members, mine := map[string]json.RawMessage{}, own{}
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return nil, fault.New(fault.BadUserInput, "a settlement is a JSON object")
	}
	for name, into := range map[string]any{"release": &mine.Release, "status": &mine.Status, "flavor": &mine.Flavor, keyHash: &mine.KeyHash} {
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
	if mine.KeyHash != nil {
		s.report.KeyHash, s.report.KeyHashField = *mine.KeyHash, keyHash
	}
	named := mine.KeyHash != nil || input.ReservationID != nil || input.LeaseID != nil || input.Secret != nil || input.Key != nil
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
