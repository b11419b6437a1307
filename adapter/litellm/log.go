package litellm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/adapter"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/model"
)

// Bounds of a request: how many calls it may tell of.
const (
	maxEntries = 1000
	maxCallID  = 255 // bytes that are kept
)

// entry is what LiteLLM logs of a call, a StandardLoggingPayload.
type entry struct {
	ID           string           `json:"id"` // of the answer
	CallID       string           `json:"litellm_call_id"`
	Status       string           `json:"status"`
	Provider     *string          `json:"custom_llm_provider"`
	Model        string           `json:"model"`
	CacheHit     *bool            `json:"cache_hit"`
	ResponseCost *decimal.Decimal `json:"response_cost"`
	Input        int64            `json:"prompt_tokens"`
	Output       int64            `json:"completion_tokens"`
	Start        float64          `json:"startTime"` // seconds since 1970
	End          float64          `json:"endTime"`
	EndUser      *string          `json:"end_user"`
	Metadata     struct {
		identity
		Usage *tokens `json:"usage_object"`
	} `json:"metadata"`
}

// log books what calls have used, and gives back what failed ones held. A request that is sent again books nothing twice.
func (l *litellm) log(w http.ResponseWriter, r *adapter.Request) error {
	s, err := read(r.Request, "key", "cost")
	if err != nil {
		return err
	}
	entries, err := entriesOf(r.Body)
	if err != nil {
		return err
	}
	requestIDs := make([]string, len(entries))
	for i := range entries {
		requestIDs[i] = requestPrefix + entries[i].CallID
	}
	held, err := l.enforcement.Held(r.Context(), requestIDs)
	if err != nil {
		return err
	}
	var reports []*adapter.Report
	released, failed := 0, []map[string]any{}
	fail := func(callID string, err error) error {
		f := fault.All(err)
		if adapter.IsTemporary(err) || len(f) == 0 {
			return err // LiteLLM sends all of it again
		}
		p := adapter.Problem{Code: f[0].Code, Message: f[0].Message, Field: f[0].Field}
		form := p.Form()
		form["litellm_call_id"] = callID
		failed = append(failed, form)
		return nil
	}
	var callIDs []string
	for i := range entries {
		e := &entries[i]
		reservation, isHeld := held[requestPrefix+e.CallID]
		if e.usedNothing() {
			if isHeld {
				if _, err := l.enforcement.Release(r.Context(), reservation); err != nil {
					if err := fail(e.CallID, err); err != nil {
						return err
					}
					continue
				}
				released++
			}
			continue
		}
		report, err := e.report(s, reservation)
		if err != nil {
			if err := fail(e.CallID, err); err != nil {
				return err
			}
			continue
		}
		reports, callIDs = append(reports, report), append(callIDs, e.CallID)
	}
	booked := 0
	for i, outcome := range l.recordAll(r, reports) {
		if outcome.Err != nil {
			if err := fail(callIDs[i], outcome.Err); err != nil {
				return err
			}
			continue
		}
		booked++
	}
	adapter.WriteJSON(w, http.StatusOK, map[string]any{"booked": booked, "released": released, "errors": failed})
	return nil
}

func (l *litellm) recordAll(r *adapter.Request, reports []*adapter.Report) []enforce.Outcome {
	if len(reports) == 0 {
		return nil
	}
	return l.enforcement.RecordAll(r.Context(), reports)
}

// entriesOf reads a body in one of LiteLLM's log formats: a list, an entry, or an entry on each line.
func entriesOf(body []byte) ([]entry, error) {
	var entries []entry
	trimmed := bytes.TrimSpace(body)
	if bytes.HasPrefix(trimmed, []byte("[")) {
		if err := json.Unmarshal(trimmed, &entries); err != nil {
			return nil, fault.New(fault.BadUserInput, "the request's body is none of LiteLLM's generic callback: %v", err)
		}
	} else {
		for decoder := json.NewDecoder(bytes.NewReader(trimmed)); decoder.More(); {
			var e entry
			if err := decoder.Decode(&e); err != nil {
				return nil, fault.New(fault.BadUserInput, "the request's body is none of LiteLLM's generic callback: %v", err)
			}
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 || len(entries) > maxEntries {
		return nil, fault.New(fault.BadUserInput, "a request tells of 1 to %d calls", maxEntries)
	}
	for i := range entries {
		entries[i].CallID = strings.ReplaceAll(entries[i].CallID, "\x00", "\ufffd") // of the caller's choice
		if entries[i].CallID == "" || entries[i].Status != "success" && entries[i].Status != "failure" {
			return nil, fault.New(fault.BadUserInput, "an entry has no litellm_call_id, or no status: success or failure")
		}
	}
	return entries, nil
}

// usedNothing tells whether the provider was paid nothing: the call failed, or was answered out of LiteLLM's cache.
func (e *entry) usedNothing() bool {
	return e.Status == "failure" && e.Input == 0 && e.Output == 0 || e.CacheHit != nil && *e.CacheHit
}

// report returns what is to be booked. Its request id tells entries apart, also those of calls to which their caller gave one id, and is the same
// for an entry that is sent again.
func (e *entry) report(s *settings, reservation string) (*adapter.Report, error) {
	key, err := e.Metadata.name(s)
	if err != nil {
		return nil, err
	}
	contents, err := json.Marshal([]any{e.CallID, e.ID, e.Start, e.End, e.Input, e.Output})
	if err != nil {
		return nil, fault.ErrInternal.Because(err)
	}
	sum := sha256.Sum256(contents)
	report := &adapter.Report{KeyHash: key.hash, KeyHashField: "user_api_key_hash", Input: model.RecordUsageInput{
		Key: key.id, Secret: key.secret, RequestID: new(requestPrefix + hex.EncodeToString(sum[:])), Metadata: e.Metadata.metadata(),
		OccurredAt: new(time.UnixMilli(int64(e.Start * 1000)).UTC()),
	}}
	report.Input.Metadata["callId"] = e.CallID[:min(len(e.CallID), maxCallID)]
	if reservation != "" {
		report.Input.ReservationID = &reservation
	}
	parts := e.parts()
	if e.Provider != nil && *e.Provider != "" {
		parts.Model = strings.TrimPrefix(parts.Model, *e.Provider+"/")
		report.Input.Provider = new(providerOf(*e.Provider))
	}
	adapter.Apply(&parts, &report.Input)
	if s.source == "litellm" && e.ResponseCost != nil {
		report.Input.Cost = new(e.ResponseCost.Round(9))
	}
	return report, nil
}
