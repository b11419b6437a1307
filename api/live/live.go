// Package live tells listeners what changes in their organizations, as server-sent events: ids, never values.
//
// A [Hub] looks for changes once a second, with one statement for all organizations that have listeners at this server, and at once
// when a transaction of the control plane notifies it. A listener is told of everything that was not visible when it was told last,
// in whatever order transactions commit. Without listeners nothing is looked for.
package live

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/fault"
)

// The bounds on streams of one server, unless Config has others.
const (
	mostStreams                = 4096 // of all callers
	defaultOrganizationStreams = 1024 // of one organization
	defaultCallerStreams       = 256  // of one token, or of one person who has signed in
)

const (
	lookInterval         = time.Second            // between two looks, unless a notification comes
	tickInterval         = 250 * time.Millisecond // in which notifications are gathered
	publishInterval      = time.Second            // between two events of a listener, at least
	callerInterval       = 5 * time.Second        // in which each caller is looked up again
	lookTimeout          = 5 * time.Second        // of a statement
	reconnectDelay       = time.Second            // between two attempts to listen for notifications
	keepAlive            = 15 * time.Second       // after which a stream without events has a comment: proxies close what is silent for 30 s or more
	writeTimeout         = 10 * time.Second       // in which a listener takes an event
	failureInterval      = 10 * time.Second       // between log lines that say that the database cannot be looked at
	sendRate             = 250                    // events a second that are given to listeners, so that a thousand of them are no burst
	sendBurst            = 5                      // of these at once
	openRate             = 400                    // streams a second that begin, so that whoever opens many takes little from enforcement
	organizationOpenRate = 250                    // of these, of one organization that has listeners
	openBurst            = 25                     // of these at once
	openTimeout          = 5 * time.Second        // in which a stream begins
	unreadEvents         = 8                      // that a listener may be behind
	ledgerMargin         = time.Hour              // by which a look reads the ledger further back than the last one
	mostRows             = 200                    // of each kind that one look reads of one organization; with as many it names nothing of the ledger
	mostIDs              = 200                    // that an event names; of more it tells the types alone
)

// Config says what a Hub works with.
type Config struct {
	// Pool is the database, with the role db.ServerRole. The hub keeps one of its connections while there are listeners.
	Pool *pgxpool.Pool
	// Logger gets a warning when the database cannot be looked at.
	Logger *slog.Logger
	// Streams, OrganizationStreams and CallerStreams are how many there may be in all, of one organization, and of one token or person.
	// 0: 4,096, which is also the most, 1,024 and 256.
	Streams, OrganizationStreams, CallerStreams int
	// All counts the streams of several hubs together, of which there may be as many in all. nil: those of this one alone.
	All *Count
	// Several says that there are several databases, between which organizations move: the streams of one that has moved end, and its listeners go on at the hub of
	// the other one.
	Several bool
	// Observer counts streams. nil: nothing does.
	Observer Observer
	// Told is called before listeners are told of changes of an organization, which their next read must have. nil: nobody is told.
	Told func(organizationID uuid.UUID)
}

// Observer counts streams. Its methods are called concurrently and must not block.
type Observer interface {
	// StreamOpened is called when a stream begins, StreamEnded with the reason when it ends.
	StreamOpened()
	StreamEnded(reason string)
}

// Why streams end.
const (
	EndedByClient = "client"  // the listener has left
	EndedBySlow   = "slow"    // the listener does not read
	EndedByCaller = "caller"  // the token is not valid any more, or the member has another role
	EndedByStop   = "stopped" // the server stops
	EndedByMove   = "moved"   // the organization is in another database
)

// Caller is who listens. One without a token and without a member is the operator, who may listen while the server runs.
type Caller struct {
	OrganizationID uuid.UUID
	TokenID        uuid.UUID // zero: none
	MemberID       uuid.UUID // zero: none
	MemberRole     string    // "": none
	OwnKeysOnly    bool      // of API keys, and what belongs to them, only those that the member created
	ExpiresAt      time.Time // of the token of a person who has signed in; zero: what the database says
}

// identity is what the bound on the streams of one caller counts by; zero for the operator, who has none.
func (c *Caller) identity() uuid.UUID { return cmp.Or(c.TokenID, c.MemberID) }

// counted returns what the streams of a caller count in: their organization's, and theirs.
func (c *Caller) counted() []uuid.UUID {
	counted := []uuid.UUID{c.OrganizationID}
	if identity := c.identity(); identity != uuid.Nil {
		counted = append(counted, identity)
	}
	return counted
}

var (
	// ErrTooMany is the error of a caller for whom the server has no stream.
	ErrTooMany = fault.New(fault.Unavailable, "too many listeners; try again later, or share one stream among those who look at the same things")
	// ErrOpening is the error of a caller before whom too many others open streams.
	ErrOpening = fault.New(fault.Unavailable, "too many streams are being opened; try again later")
	// ErrStopped is the error of a caller who comes when the server stops.
	ErrStopped = fault.New(fault.Unavailable, "the server stops; try again")
	// ErrTooManyOfCaller is the error of a caller whose token or organization has as many streams as it may have.
	ErrTooManyOfCaller = fault.New(fault.Unavailable, "your token or your organization has too many streams; close some, or share one")
	// ErrNoOrganization is the error of the operator who names an organization that does not exist.
	ErrNoOrganization = fault.New(fault.NotFound, "no such organization")
)
