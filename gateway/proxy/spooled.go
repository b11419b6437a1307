package proxy

import (
	"encoding/json"
	"errors"
	"fmt"

	"bursar/gateway"
)

// spooled is a report as the spool has it.
type spooled struct {
	gateway.Report

	Secret string `json:"-"`
	Sealed []byte `json:"sealed"`           // the secret
	Nanos  int64  `json:"nanos,omitempty"`  // dollars·10⁻⁹ that a call that went on unreserved costs at most
	Outage string `json:"outage,omitempty"` // in which it did
	KeyID  string `json:"keyId,omitempty"`  // whose it is
}

// full returns the report with its secret.
func (s *spooled) full() gateway.Report {
	report := s.Report
	report.Secret = s.Secret
	return report
}

// encode writes a report with its secret sealed.
func (r *reporter) encode(report *spooled) ([]byte, error) {
	sealed, err := r.proxy.current.Load().box.Seal(report.Secret)
	if err != nil {
		return nil, err
	}
	kept := *report
	kept.Sealed = sealed
	return json.Marshal(&kept)
}

// decode reads a report of the spool.
func (r *reporter) decode(payload []byte) (*spooled, error) {
	var report spooled
	if err := json.Unmarshal(payload, &report); err != nil {
		return nil, err
	}
	if report.Parts.Requests == 0 {
		return nil, errors.New("this is no report")
	}
	secret, err := r.proxy.current.Load().box.Open(report.Sealed)
	if err != nil && report.ReservationID == "" {
		return nil, fmt.Errorf("the API key in it was sealed with another access token: %w", err)
	}
	report.Secret = secret
	return &report, nil
}
