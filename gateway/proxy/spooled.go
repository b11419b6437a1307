package proxy

import (
	"encoding/json"
	"errors"
	"fmt"

	"bursar/gateway"
	"bursar/gateway/seal"
)

// spooled is a report as the spool has it.
type spooled struct {
	gateway.Report

	Secret string `json:"-"`
	Sealed []byte `json:"sealed"`           // the secret
	Nanos  int64  `json:"nanos,omitempty"`  // dollars·10⁻⁹ that a call that went on unreserved costs at most
	Outage string `json:"outage,omitempty"` // in which it did
	KeyID  string `json:"keyId,omitempty"`  // whose it is
	// Members are the ids of the reports that it was made of, in whose place it is.
	Members []string `json:"members,omitempty"`
}

// full returns the report with its secret.
func (s *spooled) full() gateway.Report {
	report := s.Report
	report.Secret = s.Secret
	return report
}

// sealed is a secret that was sealed by a box.
type sealed struct {
	secret []byte
	box    *seal.Box
}

// by returns the secret as a box seals it; nil: it was not sealed by that one, which has another token.
func (s *sealed) by(box *seal.Box) []byte {
	if s.box != box {
		return nil
	}
	return s.secret
}

// encode writes a report, and seals its secret unless that was done before.
func (r *reporter) encode(report *spooled) ([]byte, error) {
	if report.Sealed == nil {
		sealed, err := r.proxy.current.Load().box.Seal(report.Secret)
		if err != nil {
			return nil, err
		}
		report.Sealed = sealed
	}
	return json.Marshal(report)
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
