package proxy

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// undeliverableFile is beside the spool's files, for an operator: a line of JSON for each report that Bursar refuses for good.
const undeliverableFile = "undeliverable.jsonl"

// undeliverable moves a report out of the spool to a file, and says so in the log. False: it stays where it is.
func (r *reporter) undeliverable(id string, payload []byte, reason error) bool {
	r.proxy.logger.Error("Bursar refuses a report; it is in "+undeliverableFile, "request", id, "error", reason)
	line, err := json.Marshal(map[string]any{"request": id, "error": reason.Error(), "report": json.RawMessage(valid(payload))})
	if err == nil {
		err = appendLine(filepath.Join(r.proxy.Settings().Spool.Dir, undeliverableFile), line)
	}
	if err != nil { // it stays where it is
		r.proxy.logger.Error(undeliverableFile+" cannot be written", "error", err)
		return false
	}
	if err := r.proxy.spool.Done(id); err != nil {
		r.proxy.logger.Error("the spool cannot be written", "request", id, "error", err)
	}
	r.proxy.observer.Undeliverable()
	return true
}

// valid returns what is JSON, and other bytes as a text.
func valid(payload []byte) []byte {
	if json.Valid(payload) {
		return payload
	}
	text, err := json.Marshal(payload) // in base 64
	if err != nil {
		return []byte("null")
	}
	return text
}

func appendLine(name string, line []byte) error {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}
