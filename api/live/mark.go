package live

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// mark says up to where an organization's changes are known.
type mark struct {
	startedAt time.Time // of PostgreSQL
	at        time.Time
	snapshot  string // as pg_current_snapshot() writes it: the oldest running transaction, the next one, and those that run between
	position  int64  // of the ledger
}

func markOf(row *db.OrganizationChange) mark {
	return mark{startedAt: row.ServerStartedAt, at: row.LookedAt, snapshot: row.Snapshot, position: row.Position}
}

// oldest returns the oldest transaction that ran when the snapshot was taken. All before it were over.
func (m mark) oldest() int64 {
	oldest, _, _ := strings.Cut(m.snapshot, ":")
	number, err := strconv.ParseInt(oldest, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("PostgreSQL's snapshot %q", m.snapshot)) // its form is documented
	}
	return number
}

// eventID returns the id of an event after which a listener of an organization knows what the mark says. Transactions that were over
// before the oldest one that ran are not told again to whoever presents it; later ones may be.
func (m mark) eventID(organizationID uuid.UUID) string {
	return fmt.Sprintf("%s-%d-%d", origin(m.startedAt, organizationID), m.oldest(), m.position)
}

// origin names an organization, and the run of PostgreSQL that numbers its transactions: after a crash, a failover or a restored backup
// numbers may be given again.
func origin(startedAt time.Time, organizationID uuid.UUID) string {
	hash := sha256.Sum256(fmt.Appendf(organizationID[:], "%d", startedAt.UnixMicro()))
	return hex.EncodeToString(hash[:8])
}

// parseEventID returns the mark that an event id of an organization stands for. now is a later mark of the same organization. False for what
// is no event id, or is one of another organization or of another run of PostgreSQL: what was missed is not known then.
func parseEventID(text string, organizationID uuid.UUID, now mark) (mark, bool) {
	parts := strings.Split(text, "-")
	if len(parts) != 3 || parts[0] != origin(now.startedAt, organizationID) {
		return mark{}, false
	}
	oldest, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || oldest < 1 || oldest > now.oldest() {
		return mark{}, false
	}
	position, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || position < 0 || position > now.position {
		return mark{}, false
	}
	return mark{startedAt: now.startedAt, at: now.at, snapshot: fmt.Sprintf("%d:%d:", oldest, oldest), position: position}, true
}
