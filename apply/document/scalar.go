package document

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/shopspring/decimal"
)

// Decimal is an exact number in its shortest form: 12.5, not 12.50.
type Decimal string

// numbers are how decimals are written.
var numbers = regexp.MustCompile(`^[0-9]{1,19}(\.[0-9]{1,12})?$`)

func (d *Decimal) parse(text string) error {
	if !numbers.MatchString(text) {
		return fmt.Errorf("%q is no number of 0 or more such as 100 or 0.25", text)
	}
	number, err := decimal.NewFromString(text)
	if err != nil {
		return err
	}
	*d = Decimal(number.String())
	return nil
}

// UnmarshalJSON reads what the API answers.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	var answered string
	if err := json.Unmarshal(text, &answered); err != nil {
		return err
	}
	return d.parse(answered)
}

// Time is an instant.
type Time struct{ time.Time }

func (t *Time) parse(text string) error {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%q is no time such as 2027-01-31T00:00:00Z", text)
	}
	t.Time = at.UTC()
	return nil
}

// String returns the instant as the API writes it.
func (t Time) String() string { return t.UTC().Format(time.RFC3339Nano) }

// Nullable is a field that may be given as null. The zero value is not given.
type Nullable[T any] struct {
	Given bool
	Value *T // nil: null
}

// IsZero says whether it is not given.
func (n Nullable[T]) IsZero() bool { return !n.Given }

// MarshalJSON writes the value.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.Value) }

// value returns where the value is read to; null makes it none.
func (n *Nullable[T]) value(null bool) any {
	n.Given, n.Value = true, nil
	if null {
		return nil
	}
	n.Value = new(T)
	return n.Value
}
