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

// text returns the mark as a text that no other mark of the organization has.
func (m mark) text() string {
	return fmt.Sprintf("%d %s %d", m.startedAt.UnixMicro(), m.snapshot, m.position)
}

// mostRunning is of how many running transactions an event id has the numbers.
const mostRunning = 20

// bounds returns the oldest transaction that ran when the snapshot was taken, the next one, and those that ran.
func (m mark) bounds() (oldest, next int64, running string) {
	parts := strings.Split(m.snapshot, ":")
	if len(parts) == 3 {
		oldest, _ = strconv.ParseInt(parts[0], 10, 64)
		next, _ = strconv.ParseInt(parts[1], 10, 64)
		running = parts[2]
	}
	if oldest == 0 || next == 0 {
		panic(fmt.Sprintf("PostgreSQL's snapshot %q", m.snapshot)) // its form is documented
	}
	return oldest, next, running
}

// oldest returns the oldest transaction that ran when the snapshot was taken. All before it were over.
func (m mark) oldest() int64 {
	oldest, _, _ := m.bounds()
	return oldest
}

// eventID returns the id of an event after which a listener of an organization knows what the mark says. With too many running transactions
// to name, whoever presents it may be told again of those since the oldest.
func (m mark) eventID(organizationID uuid.UUID) string {
	oldest, _, running := m.bounds()
	snapshot := m.snapshot
	if strings.Count(running, ",") >= mostRunning {
		snapshot = fmt.Sprintf("%d:%d:", oldest, oldest)
	}
	return fmt.Sprintf("%s-%s-%d", origin(m.startedAt, organizationID), snapshot, m.position)
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
	if len(parts) != 3 || parts[0] != origin(now.startedAt, organizationID) || !isSnapshot(parts[1], now) {
		return mark{}, false
	}
	position, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || position < 0 || position > now.position {
		return mark{}, false
	}
	return mark{startedAt: now.startedAt, at: now.at, snapshot: parts[1], position: position}, true
}

// isSnapshot tells whether a text is a snapshot that PostgreSQL reads and that was taken before a mark's.
func isSnapshot(text string, now mark) bool {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return false
	}
	numbers := parts[:2]
	if parts[2] != "" {
		numbers = append([]string{parts[0]}, strings.Split(parts[2], ",")...)
		numbers = append(numbers, parts[1])
	}
	last := int64(1)
	for _, digits := range numbers { // the oldest, which may be the first that ran, those that ran, and the next
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number < last {
			return false
		}
		last = number
	}
	_, next, _ := now.bounds()
	return last <= next
}
