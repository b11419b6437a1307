package bulk

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/graph/rawjson"
	"bursar/graph/scalar"
)

const null = "null"

// chunk is how many values are allocated at a time.
const chunk = 256

// arena hands out values that are allocated many at a time.
type arena[T any] struct{ free []T }

func (a *arena[T]) hold(value T) *T {
	if len(a.free) == 0 {
		a.free = make([]T, chunk)
	}
	held := &a.free[0]
	a.free = a.free[1:]
	*held = value
	return held
}

// values reads the values of fields. Each method reads one into a pointer, nil for null, and reports false for a value whose kind or form it
// leaves to package coercion: the caller reads the whole item another way then. What they accept package coercion accepts, as the same value.
type values struct {
	texts    arena[string]
	wholes   arena[int64]
	decimals arena[decimal.Decimal]
}

// text reads a String.
func (v *values) text(value string, into **string) bool {
	if value == null {
		*into = nil
		return true
	}
	text, isText := rawjson.Text(value)
	if isText {
		*into = v.texts.hold(text)
	}
	return isText
}

// id reads an ID: a string, or a whole number of digits alone.
func (v *values) id(value string, into **string) bool {
	if number := strings.TrimPrefix(value, "-"); number != "" && number[0] >= '0' && number[0] <= '9' && !strings.ContainsAny(number, ".eE") {
		*into = v.texts.hold(value)
		return true
	}
	return v.text(value, into)
}

// whole reads an Int64 of digits alone.
func (v *values) whole(value string, into **int64) bool {
	if value == null {
		*into = nil
		return true
	}
	number, err := strconv.ParseInt(value, 10, 64)
	if err == nil {
		*into = v.wholes.hold(number)
	}
	return err == nil
}

// small reads an Int of digits alone.
func (v *values) small(value string, into **int) bool {
	if value == null {
		*into = nil
		return true
	}
	number, err := strconv.Atoi(value)
	if err == nil {
		*into = &number
	}
	return err == nil
}

// boolean reads a Boolean.
func (v *values) boolean(value string, into **bool) bool {
	switch value {
	case null:
		*into = nil
	case "true", "false":
		*into = new(value == "true")
	default:
		return false
	}
	return true
}

// decimal reads a Decimal.
func (v *values) decimal(value string, into **decimal.Decimal) bool {
	if value == null {
		*into = nil
		return true
	}
	var given any = json.Number(value)
	text, isText := rawjson.Text(value)
	if isText {
		given = text
	} else {
		text = value
	}
	number, isPlain := plainDecimal(text)
	if !isPlain {
		var err error
		if number, err = scalar.UnmarshalDecimal(given); err != nil {
			return false
		}
	}
	*into = v.decimals.hold(number)
	return true
}

// plainDecimal reads up to 18 digits with a point between two of them or none, as most amounts are written. It is a tenth of what a regular
// expression and a big.Int cost.
func plainDecimal(text string) (decimal.Decimal, bool) {
	const most = 18
	units, places, digits := int64(0), int32(0), 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			units = 10*units + int64(c-'0')
			if digits++; places > 0 {
				places++
			}
		case c == '.' && places == 0 && i > 0 && i < len(text)-1:
			places = 1
		default:
			return decimal.Decimal{}, false
		}
		if digits > most {
			return decimal.Decimal{}, false
		}
	}
	return decimal.New(units, -max(places-1, 0)), digits > 0
}

// tier reads a ServiceTier.
func (v *values) tier(value string, into **db.ServiceTier) bool {
	if value == null {
		*into = nil
		return true
	}
	text, isText := rawjson.Text(value)
	tier := db.ServiceTier(text)
	if !isText || !tier.Valid() {
		return false
	}
	*into = &tier
	return true
}

// time reads a Time.
func (v *values) time(value string, into **time.Time) bool {
	if value == null {
		*into = nil
		return true
	}
	text, isText := rawjson.Text(value)
	if !isText {
		return false
	}
	at, err := scalar.UnmarshalTime(text)
	if err == nil {
		*into = &at
	}
	return err == nil
}

// metadata reads Metadata.
func (v *values) metadata(value string, into *db.Metadata) bool {
	*into = nil
	if value == null {
		return true
	}
	var given any
	if json.Unmarshal([]byte(value), &given) != nil {
		return false
	}
	metadata, err := scalar.UnmarshalMetadata(given)
	if err == nil {
		*into = metadata
	}
	return err == nil
}
