package list

import (
	"bytes"
	"encoding/binary"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/model"
	"bursar/graph/page"
)

// keyPosition is where an API key stands in a list: by what the list is ordered, and its id.
type keyPosition struct {
	id         uuid.UUID
	name       *string    // in lists by name
	lastUsedAt *time.Time // in lists by last use; nil never
}

// keyOrder is the order of a list of API keys.
type keyOrder struct {
	field      model.APIKeyOrderField
	descending bool
}

// newKeyOrder returns the order that a client asked for; newest first without one.
func newKeyOrder(orderBy *model.APIKeyOrder) keyOrder {
	if orderBy == nil {
		return keyOrder{field: model.APIKeyOrderFieldCreatedAt, descending: true}
	}
	return keyOrder{field: orderBy.Field, descending: orderBy.Direction == model.OrderDirectionDesc}
}

// The first byte of cursors that are not an id alone, which has 16 bytes and is the cursor of a list by creation. Others have more.
const (
	byName    = 'n' // the id and the name
	byLastUse = 'u' // the id and, unless the key was never used, the microseconds since 1970
)

const idLength = len(uuid.UUID{})

// cursor returns the cursor of a key.
func (o keyOrder) cursor(key *db.APIKey) string {
	switch o.field {
	case model.APIKeyOrderFieldName:
		return page.Encode(append(append([]byte{byName}, key.ID[:]...), key.Name...))
	case model.APIKeyOrderFieldLastUsedAt:
		position := append([]byte{byLastUse}, key.ID[:]...)
		if key.LastUsedAt != nil {
			position = binary.BigEndian.AppendUint64(position, uint64(key.LastUsedAt.UnixMicro())) //nolint:gosec // parse converts it back
		}
		return page.Encode(position)
	case model.APIKeyOrderFieldCreatedAt:
	}
	return page.CursorOf(key.ID)
}

// parse reads a cursor of this order; false for any other text.
func (o keyOrder) parse(cursor string) (p keyPosition, ok bool) {
	if o.field == model.APIKeyOrderFieldCreatedAt {
		p.id, ok = page.IDOfCursor(cursor)
		return p, ok
	}
	position, ok := page.Decode(cursor)
	if !ok || len(position) <= idLength {
		return p, false
	}
	kind, value := position[0], position[1+idLength:]
	copy(p.id[:], position[1:])
	switch {
	case o.field == model.APIKeyOrderFieldName:
		p.name = new(string(value))
		return p, kind == byName && utf8.Valid(value) && !bytes.ContainsRune(value, 0)
	case len(value) == 0:
		return p, kind == byLastUse
	case len(value) == 8:
		p.lastUsedAt = new(time.UnixMicro(int64(binary.BigEndian.Uint64(value)))) //nolint:gosec // cursor converted it
		// of PostgreSQL's years, so that a made-up one is refused here
		year := p.lastUsedAt.UTC().Year()
		return p, kind == byLastUse && year >= 1970 && year <= 9999
	}
	return p, false
}

// bound sets between which positions keys are listed.
func (o keyOrder) bound(params *db.ListAPIKeysParams, after, before *keyPosition) {
	above, below := after, before
	if o.descending {
		above, below = before, after
	}
	if above != nil {
		params.AboveID, params.AboveName, params.AboveTime = &above.id, above.name, above.lastUsedAt
	}
	if below != nil {
		params.BelowID, params.BelowName, params.BelowTime = &below.id, below.name, below.lastUsedAt
	}
}
