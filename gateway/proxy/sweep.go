package proxy

import (
	"encoding/json"
	"fmt"
)

// sweep queues what is finished in the spool.
func (r *reporter) sweep() {
	for _, entry := range r.proxy.spool.Entries() {
		if entry.Finished == nil || r.isQueued(entry.ID) {
			continue // in flight, or on its way
		}
		report, err := r.decode(entry.Finished)
		if err != nil {
			r.undeliverable(entry.ID, entry.Finished, err)
			continue
		}
		r.push(task{id: entry.ID, report: report, alone: true})
	}
}

// recover finishes what an earlier process had begun and not finished, with what it uses at most.
func (r *reporter) recover() error {
	if err := r.dropMembers(); err != nil {
		return err
	}
	for _, entry := range r.proxy.spool.Entries() {
		if entry.Finished == nil {
			if err := r.proxy.spool.Finish(entry.ID, entry.Begun); err != nil {
				return fmt.Errorf("finish what was in flight: %w", err)
			}
			r.proxy.logger.Warn("a call was in flight when the gateway ended; what it uses at most is booked", "request", entry.ID)
			entry.Finished = entry.Begun
		}
		if report, err := r.decode(entry.Finished); err == nil { // the sweep says what is wrong with it otherwise
			r.proxy.outage.restore(report)
		}
	}
	if damaged := r.proxy.spool.Stats().Damaged; damaged > 0 {
		r.proxy.logger.Error("the spool had bytes that cannot be read", "bytes", damaged)
	}
	return nil
}

// dropMembers forgets reports that an earlier process had made one of, which is there: it ended between the two.
func (r *reporter) dropMembers() error {
	for _, entry := range r.proxy.spool.Entries() {
		payload := entry.Finished
		if payload == nil {
			payload = entry.Begun
		}
		var of struct{ Members []string }
		if err := json.Unmarshal(payload, &of); err != nil {
			continue // the sweep says what is wrong with it
		}
		for _, member := range of.Members {
			if err := r.proxy.spool.Done(member); err != nil {
				return fmt.Errorf("forget what was merged: %w", err)
			}
		}
	}
	return nil
}
