package graph

import (
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"bursar/auth"
	"bursar/id"
)

const (
	keyIDUseEvery   = time.Hour // between log lines about one access token
	maxKeyIDUsesOf  = 1024      // access tokens whose last line is remembered
	keyIDUseMessage = "an access token of a gateway names API keys by their ids, which are no secrets: send what callers present as " +
		"secret, and replace the token by one without acceptsKeyIds"
)

// keyIDUses logs which GATEWAY tokens name API keys by their ids, each token once an hour.
type keyIDUses struct {
	logger *slog.Logger
	now    func() time.Time

	mutex  sync.Mutex
	logged *simplelru.LRU[uuid.UUID, time.Time] // when a line about a token was written last
}

func newKeyIDUses(logger *slog.Logger, now func() time.Time) *keyIDUses {
	logged, err := simplelru.NewLRU[uuid.UUID, time.Time](maxKeyIDUsesOf, nil)
	if err != nil {
		panic(err) // the size is positive
	}
	return &keyIDUses{logger: logger, now: now, logged: logged}
}

// note logs a use by a token, which is of an organization, unless a line about the token was written within the hour.
func (u *keyIDUses) note(principal *auth.Principal) {
	if u.isDue(principal.TokenID) {
		u.logger.Warn(keyIDUseMessage, "access_token", principal.Actor, "organization", id.Organization.Format(*principal.OrganizationID))
	}
}

func (u *keyIDUses) isDue(tokenID uuid.UUID) bool {
	now := u.now()
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if last, ok := u.logged.Get(tokenID); ok && now.Sub(last) < keyIDUseEvery {
		return false
	}
	u.logged.Add(tokenID, now)
	return true
}
