package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// keyStatus returns the status of the tenant's key at the gateway's instant.
func (g *gateway) keyStatus() db.ApiKeyStatus {
	g.T.Helper()
	return query[db.ApiKeyStatus](g, `select api_key_status_at(k, $2) from api_keys k where k.id = $1`, g.Key.ID, g.now)
}

// setKey sets a column of the tenant's key.
func (g *gateway) setKey(assignment string, arguments ...any) {
	g.T.Helper()
	g.exec(`update api_keys set `+assignment+` where id = $1`, append([]any{g.Key.ID}, arguments...)...)
}

// A key that may not be used is denied for its own reason, alone and at once, and its status says the same.
func TestKeyDenials(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, c := range map[string]struct {
		assignment string
		reason     db.DenialReason
		status     db.ApiKeyStatus
	}{
		"disabled":             {"enabled = false", db.DenialReasonKEYDISABLED, db.ApiKeyStatusDISABLED},
		"expired":              {"expires_at = '2026-03-11 12:00:30Z'", db.DenialReasonKEYEXPIRED, db.ApiKeyStatusEXPIRED},
		"revoked":              {"revoked_at = '2026-03-11 12:00:30Z'", db.DenialReasonKEYREVOKED, db.ApiKeyStatusREVOKED},
		"disabled and expired": {"enabled = false, expires_at = '2026-03-11Z'", db.DenialReasonKEYEXPIRED, db.ApiKeyStatusEXPIRED},
		"all of them": {"enabled = false, expires_at = '2026-03-11Z', revoked_at = '2026-03-11Z'",
			db.DenialReasonKEYREVOKED, db.ApiKeyStatusREVOKED},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.tokenBudget(10)
			g.book(reportTokens(10))
			g.setKey(c.assignment)
			answer := g.deny(estimateTokens(1), c.reason)
			equal(t, "denied by", answer.DeniedBy(), db.DeniedByKey)
			equal(t, "retry", deref(answer.RetryAfterSeconds()), -1)
			equal(t, "limit", answer.Denials[0].Limit, nil)
			wantReasons(t, g.check(estimateTokens(1)), c.reason)
			equal(t, "status", g.keyStatus(), c.status)
			g.counts(budget, 10, 0)
		})
	}
}

// Expiry is half-open: a key is admitted a microsecond before expires_at and denied at it.
func TestKeyExpiresAtTheInstant(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.setKey("expires_at = $2", g.now)
	g.at(noon.Add(-time.Microsecond)).admit(estimateTokens(1))
	equal(t, "status before", g.at(noon.Add(-time.Microsecond)).keyStatus(), db.ApiKeyStatusACTIVE)
	g.deny(estimateTokens(1), db.DenialReasonKEYEXPIRED)
	equal(t, "status at", g.keyStatus(), db.ApiKeyStatusEXPIRED)
}

// enabled: false denies at once, true allows again.
func TestDisabledKeyIsEnabledAgain(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.setKey("enabled = false")
	g.deny(estimateTokens(1), db.DenialReasonKEYDISABLED)
	g.setKey("enabled = true")
	g.admit(estimateTokens(1))
}

// A key that is unknown, or another organization's, is denied with KEY_NOT_FOUND; recording to it is NOT_FOUND.
func TestUnknownKeyIsNotFound(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	for name, e := range map[string]estimate{
		"an unknown id":                  estimateTokens(1).by(uuid.New()),
		"an unknown secret":              estimateTokens(1).presenting(make([]byte, 32)),
		"another organization's id":      estimateTokens(1).by(other.Key.ID),
		"another organization's secret":  estimateTokens(1).presenting(other.Secret.Hash),
		"an organization that is not":    estimateTokens(1).within(uuid.New()),
		"an unknown id for the operator": estimateTokens(1).within(anyOrganization).by(uuid.New()),
	} {
		answer := g.deny(e, db.DenialReasonKEYNOTFOUND)
		equal(t, name+": denied by", answer.DeniedBy(), db.DeniedByKey)
		equal(t, name+": key", answer.APIKeyID, nil)
		equal(t, name+": limits", len(answer.Limits), 0)
		wantReasons(t, g.check(e), db.DenialReasonKEYNOTFOUND)
		wantError(t, g.record(report{organization: e.organization, key: e.key, secret: e.secret, input: 1}), "NOT_FOUND")
	}
	equal(t, "ledger rows", query[int64](g, `select count(*) from usage_events`), 0)
}

// A key is found by its secret's hash and by its id, and by the operator in every organization.
func TestKeyIsFoundBySecretOrID(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.admit(estimateTokens(1))
	g.admit(estimateTokens(1).presenting(g.Secret.Hash))
	g.admit(estimateTokens(1).within(anyOrganization))
	g.neighbour().admit(estimateTokens(1).within(anyOrganization).presenting(g.Secret.Hash))
	g.book(reportTokens(1).presenting(g.Secret.Hash))
	g.book(reportTokens(1).within(anyOrganization).presenting(g.Secret.Hash))
	g.counts(budget, 2, 4)
}

// A key's status is EXHAUSTED while a budget that it must pass is full, its workspace's and organization's included.
func TestExhaustedStatus(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for _, on := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
		g := newGatewayIn(t, pool)
		g.budget(on, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 10)
		g.rate(on, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1)
		g.book(reportTokens(9))
		equal(t, "status with one token left and a full window", g.keyStatus(), db.ApiKeyStatusACTIVE)
		g.book(reportTokens(1))
		equal(t, "status when full", g.keyStatus(), db.ApiKeyStatusEXHAUSTED)
		equal(t, "status in the next period", g.after(7*24*time.Hour).keyStatus(), db.ApiKeyStatusACTIVE)
	}
}

// What a key used after it was disabled, revoked or had expired is booked all the same: it has happened.
func TestUsageOfAClosedKeyIsBooked(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	reservation := g.admit(estimateTokens(10))
	g.setKey("enabled = false, revoked_at = $2, expires_at = $2", g.now)
	g.book(reportTokens(12).settling(reservation))
	g.book(reportTokens(5))
	g.counts(budget, 17, 0)
	g.verified()
}
