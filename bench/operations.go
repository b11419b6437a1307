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

// The operations as a gateway sends them: with variables, so that the server's document cache has the document; with a
// requestId, so that a retry is safe; and with no more fields than a gateway needs.
const (
	reserveStart = `{"query":"mutation Reserve($input: ReserveUsageInput!) { reserveUsage(input: $input) ` +
		`{ reservation { id } decision { allowed } } }","variables":{"input":{`
	recordStart = `{"query":"mutation Record($input: RecordUsageInput!) { recordUsage(input: $input) ` +
		`{ usageEvent { id } } }","variables":{"input":{"reservationId":"`
	checkStart = `{"query":"query Check($input: CheckUsageInput!) { checkUsage(input: $input) { allowed } }",` +
		`"variables":{"input":{`
	estimate = `"estimate":{"tokens":1000,"cost":"0.01"}}}}` // estimateTokens and estimateCostNanos
	usage    = `"inputTokens":700,"outputTokens":200,"cost":"0.008","provider":"openai","model":"gpt-4o"}}}`
)

// maxTries is how often a reservation is tried that is counted exactly.
const maxTries = 5

const (
	estimateTokens    = 1000
	estimateCostNanos = 10_000_000
)

const reservationIDLength = len("res_") + 32

// caller sends operations over one connection. It is not safe for concurrent use.
type caller struct {
	connection *connection
	data       *Data
	keys       int  // keys are drawn from this number of data's first keys
	priced     bool // the server computes costs
	users      int  // of whom a reservation names one; 0: it names none
	random     *rand.Rand
	prefix     string // of its request ids, unique among callers and runs
	calls      int64
	body       []byte
}

// requestPrefix returns the prefix of the request ids of one worker of a row.
func requestPrefix(letter string, number int) string {
	return fmt.Sprintf("%s%d-%d-", requestsOf(letter), time.Now().UnixNano(), number)
}

// requestsOf returns the prefix of the request ids of all rows with a letter.
func requestsOf(letter string) string { return "bench-" + letter + "-" }

// appendKey begins the input with the secret of a key that is drawn.
func (c *caller) appendKey() {
	c.body = c.data.appendSecret(append(c.body, c.data.keyField()...), c.random.IntN(c.keys))
}

func (c *caller) appendRequestID() {
	c.calls++
	c.body = append(c.body, `","requestId":"`...)
	c.body = append(c.body, c.prefix...)
	c.body = strconv.AppendInt(c.body, c.calls, 10)
	c.body = append(c.body, `",`...)
}

// reserve reserves for a key. A denial is an error: no limit is ever reached.
func (c *caller) reserve() error {
	_, err := c.reserveID()
	return err
}

// reserveID reserves and returns the reservation's id, which is valid until the next answer.
func (c *caller) reserveID() ([]byte, error) {
	c.body = append(c.body[:0], reserveStart...)
	c.appendKey()
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

// sendReserve completes a body that ends with a key to a reservation, and sends it.
func (c *caller) sendReserve() ([]byte, error) {
	c.appendRequestID()
	c.appendUser()
	c.appendEstimate()
	return c.send(`"allowed":`)
}

// reserveFor reserves for the key with a secret and reports whether it was admitted. It retries UNAVAILABLE, after which
// the reservation may exist, with the same requestId, as a gateway does.
func (c *caller) reserveFor(secret string) (bool, error) {
	c.body = append(append(append(c.body[:0], reserveStart...), c.data.keyField()...), secret...)
	answer, err := c.sendReserve()
	for tries := 1; tries < maxTries && err != nil && strings.Contains(err.Error(), `"UNAVAILABLE"`); tries++ {
		answer, err = c.send(`"allowed":`)
	}
	return bytes.Contains(answer, []byte(`"allowed":true`)), err
}

// reserveAndRecord reserves for a key and settles the reservation.
func (c *caller) reserveAndRecord() error {
	reservationID, err := c.reserveID()
	if err != nil {
		return err
	}
	c.body = append(append(c.body[:0], recordStart...), reservationID...)
	c.appendRequestID()
	c.appendUsage()
	_, err = c.send(`"id":"evt_`)
	return err
}

// check asks whether a request of a key would be admitted.
func (c *caller) check() error {
	c.body = append(c.body[:0], checkStart...)
	c.appendKey()
	c.body = append(append(c.body, `",`...), estimate...)
	_, err := c.send(`"allowed":true`)
	return err
}

// send sends the body and returns the answer. An answer with errors, or without the wanted text, is an error.
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
