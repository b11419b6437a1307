package bench

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// The operations as a gateway sends them: variables apart from the document, so that the server knows the document again,
// a requestId that makes a retry safe, and no more of the answer than it acts on.
const (
	reserveStart = `{"query":"mutation Reserve($input: ReserveUsageInput!) { reserveUsage(input: $input) ` +
		`{ reservation { id } decision { allowed } } }","variables":{"input":{"key":"`
	recordStart = `{"query":"mutation Record($input: RecordUsageInput!) { recordUsage(input: $input) ` +
		`{ usageEvent { id } } }","variables":{"input":{"reservationId":"`
	checkStart = `{"query":"query Check($input: CheckUsageInput!) { checkUsage(input: $input) { allowed } }",` +
		`"variables":{"input":{"key":"`
	estimate = `"estimate":{"tokens":1000,"cost":"0.01"}}}}` // estimateTokens and estimateCostNanos
	usage    = `"inputTokens":700,"outputTokens":200,"cost":"0.008","provider":"openai","model":"gpt-4o"}}}`
)

// maxTries is how often a reservation is tried that must not be lost.
const maxTries = 5

const (
	estimateTokens    = 1000
	estimateCostNanos = 10_000_000
)

const reservationIDLength = len("res_") + 32

// caller sends operations over one connection.
type caller struct {
	connection *connection
	data       *Data
	keys       int // the first keys of data, to choose from
	random     *rand.Rand
	prefix     string // of its request ids: no other caller's, and no other run's
	calls      int64
	body       []byte
}

// requestPrefix returns the beginning of the request ids of one row's worker.
func requestPrefix(letter string, number int) string {
	return fmt.Sprintf("%s%d-%d-", requestsOf(letter), time.Now().UnixNano(), number)
}

// requestsOf returns the beginning of the request ids of all rows with a letter.
func requestsOf(letter string) string { return "bench-" + letter + "-" }

func (c *caller) appendSecret() { c.body = c.data.appendSecret(c.body, c.random.IntN(c.keys)) }

func (c *caller) appendRequestID() {
	c.calls++
	c.body = append(c.body, `","requestId":"`...)
	c.body = append(c.body, c.prefix...)
	c.body = strconv.AppendInt(c.body, c.calls, 10)
	c.body = append(c.body, `",`...)
}

// reserve reserves for a key; a denial is an error, for the limits are far away.
func (c *caller) reserve() error {
	_, err := c.reserveID()
	return err
}

// reserveID reserves and returns the reservation's id, which is valid until the next answer.
func (c *caller) reserveID() ([]byte, error) {
	c.body = append(c.body[:0], reserveStart...)
	c.appendSecret()
	answer, err := c.sendReserve()
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(answer, []byte(`"allowed":true`)) {
		return nil, fmt.Errorf("denied by limits that are far away: %s", answer)
	}
	start := bytes.Index(answer, []byte("res_"))
	if start < 0 || start+reservationIDLength > len(answer) {
		return nil, fmt.Errorf("an answer without a reservation: %s", answer)
	}
	return answer[start : start+reservationIDLength], nil
}

// sendReserve sends the body that begins with a key, with the rest of a reservation.
func (c *caller) sendReserve() ([]byte, error) {
	c.appendRequestID()
	c.body = append(c.body, estimate...)
	return c.send(`"allowed":`)
}

// reserveFor reserves for the key with a secret and tells whether it was admitted. UNAVAILABLE, which may hide that it was,
// is asked again with the same requestId, as a gateway would.
func (c *caller) reserveFor(secret string) (bool, error) {
	c.body = append(append(c.body[:0], reserveStart...), secret...)
	answer, err := c.sendReserve()
	for tries := 1; tries < maxTries && err != nil && strings.Contains(err.Error(), `"UNAVAILABLE"`); tries++ {
		answer, err = c.send(`"allowed":`)
	}
	return bytes.Contains(answer, []byte(`"allowed":true`)), err
}

// reserveAndRecord reserves for a key and settles what it has reserved.
func (c *caller) reserveAndRecord() error {
	reservationID, err := c.reserveID()
	if err != nil {
		return err
	}
	c.body = append(append(c.body[:0], recordStart...), reservationID...)
	c.appendRequestID()
	c.body = append(c.body, usage...)
	_, err = c.send(`"id":"evt_`)
	return err
}

// check asks whether a key's request would be admitted.
func (c *caller) check() error {
	c.body = append(c.body[:0], checkStart...)
	c.appendSecret()
	c.body = append(append(c.body, `",`...), estimate...)
	_, err := c.send(`"allowed":true`)
	return err
}

// send sends the body and returns the answer, which must contain what is wanted.
func (c *caller) send(wanted string) ([]byte, error) {
	answer, err := c.connection.post(c.body)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(answer, []byte(wanted)) || bytes.Contains(answer, []byte(`"errors":`)) {
		return nil, errors.New("an answer that is not what was asked for: " + string(answer))
	}
	return answer, nil
}
