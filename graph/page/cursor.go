package page

import (
	"encoding/base64"
	"strconv"

	"github.com/google/uuid"
)

// Encode returns the cursor that is made of these bytes.
func Encode(position []byte) string { return base64.RawURLEncoding.EncodeToString(position) }

// Decode returns the bytes of which Encode has made a cursor; false for any other text.
func Decode(cursor string) ([]byte, bool) {
	position, err := base64.RawURLEncoding.DecodeString(cursor)
	return position, err == nil && Encode(position) == cursor
}

// CursorOf returns the cursor of a row in a list that is ordered by id.
func CursorOf(rowID uuid.UUID) string { return Encode(rowID[:]) }

// IDOfCursor returns the id that CursorOf has made a cursor of; false for any other text.
func IDOfCursor(cursor string) (uuid.UUID, bool) {
	position, ok := Decode(cursor)
	rowID, err := uuid.FromBytes(position)
	return rowID, ok && err == nil
}

// CursorOfNumber returns the cursor of a row that a number names within its list, such as a budget's period.
func CursorOfNumber(number int32) string { return Encode([]byte(strconv.Itoa(int(number)))) }

// NumberOfCursor returns the number that CursorOfNumber has made a cursor of; false for any other text.
func NumberOfCursor(cursor string) (int32, bool) {
	position, ok := Decode(cursor)
	number, err := strconv.ParseInt(string(position), 10, 32)
	return int32(number), ok && err == nil && number >= 1 && CursorOfNumber(int32(number)) == cursor
}
