package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"bursar/auth"
	"bursar/db"
	"bursar/db/model"
	"bursar/fault"
)

// play holds the functions of one database and the model against each other.
type play struct {
	*model.Model
	g         *gateway // whoever calls; every request names its own organization
	estimates []estimate
	reports   []report // that have request ids
	wishes    []wish
	gone      []*model.Limit
	secrets   [][]byte // hashes of all secrets that ever were
}

// newPlay makes two organizations, each with a key in its workspace and one of its own.
func newPlay(t *testing.T, g *gateway) *play {
	p := &play{Model: &model.Model{Now: noon}, g: g}
	for _, tenant := range []*gateway{g, g.neighbour()} {
		o := &model.Organization{ID: tenant.Organization.ID, Plan: db.PlanENTERPRISE, Leasing: 10 * time.Second, Added: map[uuid.UUID][]string{},
			Managers: []string{tenant.Owner.Email, "admin@example.test"}}
		tenant.Member(o.ID, "admin@example.test", db.MemberRoleADMIN)
		creator := tenant.Member(o.ID, "creator@example.test", db.MemberRoleMEMBER)
		p.Organizations = append(p.Organizations, o)
		p.add(tenant.Key, tenant.Secret, tenant.Owner)
		key, secret := tenant.Factory.Key(o.ID, nil, &creator.ID)
		p.add(key, secret, creator)
	}
	return p
}

func (p *play) add(key *db.APIKey, secret auth.Secret, creator *db.Member) {
	k := &model.Key{ID: key.ID, Organization: key.OrganizationID, Creator: creator.Email, Enabled: true, Mails: true,
		Secrets: []model.Secret{{Hash: string(secret.Hash)}}}
	if key.WorkspaceID != nil {
		k.Workspace = *key.WorkspaceID
	}
	p.Keys = append(p.Keys, k)
	p.secrets = append(p.secrets, secret.Hash)
}

// answered asks the model what a batch was asked, request by request, and compares the answers.
func (p *play) answered(rt *rapid.T, batch int, answers []*db.UsageAnswer, err error, ask func(i int) *model.Answer) {
	rt.Helper()
	if err != nil || len(answers) != batch {
		rt.Fatalf("%d answers for %d requests: %v", len(answers), batch, err)
	}
	want, after := []*model.Answer{}, []standings{}
	for i := range batch {
		want = append(want, ask(i))
		after = append(after, p.standings())
	}
	for i, got := range answers {
		if got.Ordinal != int32(i+1) {
			rt.Fatalf("answer %d has the ordinal %d", i+1, got.Ordinal)
		}
		if difference := p.unlike(got, want[i], after[i:]); difference != "" {
			rt.Fatalf("answer %d of %d at %s: %s", i+1, batch, micros(&p.Now), difference)
		}
	}
}

// edited compares what a change of a limit returned: an error's code, no limit, or how it stands now.
func (p *play) edited(rt *rapid.T, l *model.Limit, code fault.Code, statement string, arguments ...any) {
	rt.Helper()
	rows, err := p.g.Pool.Query(context.Background(), statement, arguments...)
	if err != nil {
		rt.Fatal(err)
	}
	changed, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[db.LimitStatus])
	if got := codeOf(err); got != code {
		rt.Fatalf("code %q (%v), want %q", got, err, code)
	}
	if l == nil && len(changed) > 0 || l != nil && len(changed) != 1 {
		rt.Fatalf("%d limits changed", len(changed))
	}
	if l == nil {
		return
	}
	if l.ID == uuid.Nil {
		l.ID = changed[0].ID
	}
	if got, want := standing(changed[0]), p.standing(l); got != want {
		rt.Fatalf("changed to\n%swant\n%s", got, want)
	}
}

// exec changes something that no function does.
func (p *play) exec(rt *rapid.T, statement string, arguments ...any) {
	rt.Helper()
	if _, err := p.g.Pool.Exec(context.Background(), statement, arguments...); err != nil {
		rt.Fatal(err)
	}
}

// compare fails unless everything that is stored is as in the model.
func (p *play) compare(rt *rapid.T) {
	rt.Helper()
	stored, err := p.stored(p.g.Pool)
	if err != nil {
		rt.Fatal(err)
	}
	if lines := p.differences(stored); len(lines) > 0 {
		rt.Fatalf("at %s:\n%s", micros(&p.Now), strings.Join(lines, "\n"))
	}
}

// boundaries are the instants at which something ends by itself: windows, periods, holds, keys and rotated secrets.
func (p *play) boundaries() []time.Time {
	all := []time.Time{}
	for _, length := range []db.LimitPeriod{"SECOND", "MINUTE", "HOUR", "DAY", "WEEKLY", "MONTHLY"} {
		_, end := model.Calendar(length, model.Place{}, p.Now)
		all = append(all, *end)
	}
	for _, l := range p.Limits {
		if end := l.Current().End; end != nil && l.Current().Place != (model.Place{}) {
			all = append(all, *end)
		}
	}
	for _, r := range p.Reservations {
		all = append(all, r.Expires)
	}
	for _, l := range p.Limits {
		for _, r := range l.Raises {
			if r.Until != nil {
				all = append(all, *r.Until)
			}
		}
	}
	for _, price := range p.Prices {
		all = append(all, price.From)
	}
	for _, k := range p.Keys {
		if k.Expires != nil {
			all = append(all, *k.Expires)
		}
		for _, s := range k.Secrets {
			if s.Ends != nil {
				all = append(all, *s.Ends)
			}
		}
	}
	return all
}

// asked is an estimate as the model is asked it.
func (p *play) asked(e estimate) model.Estimate {
	return model.Estimate{Organization: p.g.scope(e.organization), Key: e.key, Secret: e.secret, ID: e.id, Requests: e.requests,
		Tokens: e.tokens, Nanos: e.nanos, TTL: e.ttl, Provider: e.labels.Provider, Model: e.labels.Model, Tier: string(e.labels.ServiceTier),
		Input: given(e.input), Output: given(e.output), User: userOf(e.labels.Metadata)}
}

// reported is a report as the model is told it.
func (p *play) reported(r report) model.Report {
	return model.Report{Organization: p.g.scope(r.organization), Key: r.key, Secret: r.secret, Reservation: r.reservation, ID: r.id,
		Requests: r.requests, Input: r.input, Output: r.output, Cached: r.cached, Written: r.written, Nanos: r.nanos, Provider: r.provider, User: userOf(r.metadata), Model: r.model,
		Parts: r.parts}
}

// given is a size as the model is told it.
func given(size *int64) int64 {
	if size == nil {
		return model.NotGiven
	}
	return *size
}

// GoString is what a failing sequence prints of an estimate that it drew.
func (e estimate) GoString() string {
	return fmt.Sprintf("estimate %q of %d requests, %d tokens, %d nanos, %d and %d tokens of %s %q for %s in %s", e.id, e.requests, e.tokens, e.nanos,
		given(e.input), given(e.output), e.labels.Provider, e.labels.Model, e.key, e.organization)
}

// GoString is what a failing sequence prints of a report that it drew.
func (r report) GoString() string {
	return fmt.Sprintf("report %q for %s or %s in %s", r.id, r.key, r.reservation, r.organization)
}
