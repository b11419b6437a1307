package db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
)

// play holds the functions of one database and the model against each other.
type play struct {
	*model
	g         *gateway // whoever calls; every request names its own organization
	estimates []estimate
	reports   []report // that have request ids
	gone      []*modelLimit
	secrets   [][]byte // hashes of all secrets that ever were
}

// newPlay makes two organizations, each with a key in its workspace and one of its own.
func newPlay(t *testing.T, g *gateway) *play {
	p := &play{model: &model{now: noon}, g: g}
	for _, tenant := range []*gateway{g, g.neighbour()} {
		o := &modelOrganization{id: tenant.Organization.ID, plan: db.PlanENTERPRISE, added: map[uuid.UUID][]string{},
			managers: []string{tenant.Owner.Email, "admin@example.test"}}
		tenant.Member(o.id, "admin@example.test", db.MemberRoleADMIN)
		creator := tenant.Member(o.id, "creator@example.test", db.MemberRoleMEMBER)
		p.organizations = append(p.organizations, o)
		p.add(tenant.Key, tenant.Secret, tenant.Owner)
		key, secret := tenant.Factory.Key(o.id, nil, &creator.ID)
		p.add(key, secret, creator)
	}
	return p
}

func (p *play) add(key *db.APIKey, secret auth.Secret, creator *db.Member) {
	k := &modelKey{id: key.ID, organization: key.OrganizationID, creator: creator.Email, enabled: true, mails: true,
		secrets: []modelSecret{{hash: string(secret.Hash)}}}
	if key.WorkspaceID != nil {
		k.workspace = *key.WorkspaceID
	}
	p.keys = append(p.keys, k)
	p.secrets = append(p.secrets, secret.Hash)
}

// answered asks the model what a batch was asked, request by request, and compares the answers.
func (p *play) answered(rt *rapid.T, batch int, answers []*db.UsageAnswer, err error, ask func(i int) *modelAnswer) {
	rt.Helper()
	if err != nil || len(answers) != batch {
		rt.Fatalf("%d answers for %d requests: %v", len(answers), batch, err)
	}
	want, after := []*modelAnswer{}, []standings{}
	for i := range batch {
		want = append(want, ask(i))
		after = append(after, p.standings())
	}
	for i, got := range answers {
		if got.Ordinal != int32(i+1) {
			rt.Fatalf("answer %d has the ordinal %d", i+1, got.Ordinal)
		}
		if difference := p.unlike(got, want[i], after[i:]); difference != "" {
			rt.Fatalf("answer %d of %d at %s: %s", i+1, batch, micros(&p.now), difference)
		}
	}
}

// edited compares what a change of a limit returned: an error's code, no limit, or how it stands now.
func (p *play) edited(rt *rapid.T, l *modelLimit, code fault.Code, statement string, arguments ...any) {
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
	if l.id == uuid.Nil {
		l.id = changed[0].ID
		for _, a := range p.alerts {
			if a.period.limit == l {
				a.limit = l.id
			}
		}
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
		rt.Fatalf("at %s:\n%s", micros(&p.now), strings.Join(lines, "\n"))
	}
}

// boundaries are the instants at which something ends by itself: windows, periods, holds, keys and rotated secrets.
func (p *play) boundaries() []time.Time {
	all := []time.Time{}
	for _, length := range []db.LimitPeriod{"MINUTE", "HOUR", "DAY", "WEEKLY", "MONTHLY"} {
		_, end := calendar(length, p.now)
		all = append(all, *end)
	}
	for _, r := range p.reservations {
		all = append(all, r.expires)
	}
	for _, k := range p.keys {
		if k.expires != nil {
			all = append(all, *k.expires)
		}
		for _, s := range k.secrets {
			if s.ends != nil {
				all = append(all, *s.ends)
			}
		}
	}
	return all
}
