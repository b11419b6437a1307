package bench

import (
	"bytes"
	"context"
	"fmt"
)

// The start of an input, up to the secret of its API key.
const (
	bySecret = `"secret":"`
	byKey    = `"key":"`
)

func (d *Data) keyField() string {
	if d.secretAsKey {
		return byKey
	}
	return bySecret
}

// FindKeyField finds out how a server takes the secrets of API keys, and has requests with this data send them that way: as secret,
// or as key to builds that have no secret. Without it they are sent as secret.
func (d *Data) FindKeyField(ctx context.Context, server string) error {
	connection, err := dial(ctx, server, d.Token)
	if err != nil {
		return err
	}
	defer func() { _ = connection.close() }() // it is not used again
	for _, d.secretAsKey = range []bool{false, true} {
		body := d.appendSecret([]byte(checkStart+d.keyField()), 0)
		var answer []byte
		answer, err = connection.post(append(body, `"}}}`...))
		if err == nil && bytes.Contains(answer, []byte(`"allowed":true`)) {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("an answer that is not what was asked for: %s", answer)
		}
	}
	return fmt.Errorf("ask %s with the secret of a key: %w", server, err)
}
