package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
)

// encodeKept writes a report for a Keeper, with its API key sealed.
func (c *Client) encodeKept(one *kept) ([]byte, error) {
	sealed, err := c.box.Seal(one.Report.Secret)
	if err != nil {
		return nil, err
	}
	of := *one
	of.Sealed = sealed
	return json.Marshal(&of)
}

// decodeKept reads what encodeKept has written. A report that names a reservation or a lease needs no key, and so no token that opens it.
func (c *Client) decodeKept(payload []byte) (*kept, error) {
	var one kept
	if err := json.Unmarshal(payload, &one); err != nil {
		return nil, err
	}
	secret, err := c.box.Open(one.Sealed)
	if err != nil && one.Report.ReservationID == "" {
		return nil, fmt.Errorf("the API key in it was sealed with another access token: %w", err)
	}
	one.Report.Secret = secret
	return &one, nil
}

// ResumeLater goes on with what a Keeper held of a program that has ended: payloads by their ids. Its error names those that it could not go on with, which
// stay where they are.
func (c *Client) ResumeLater(payloads map[string][]byte) error {
	var errs []error
	all, merged := map[string]*kept{}, map[string]bool{}
	for id, payload := range payloads {
		one, err := c.decodeKept(payload)
		if err != nil {
			errs = append(errs, fmt.Errorf("gateway: resume %s: %w", id, err))
			continue
		}
		all[id] = one
		for _, member := range one.Members {
			merged[member] = true
		}
	}
	for id, one := range all {
		if merged[id] { // the program ended between keeping what they were merged into and forgetting them
			if err := c.later.config.Keep.Done(id); err != nil {
				errs = append(errs, fmt.Errorf("gateway: resume %s: %w", id, err))
			}
			continue
		}
		if err := c.later.add(one); err != nil {
			errs = append(errs, fmt.Errorf("gateway: resume %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}
