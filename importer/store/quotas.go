package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/importer"
)

// policies takes out of the conditions of new policies what the organization does not have, and policies of which nothing is left.
func (r *resolver) policies(o *importer.Organization) {
	there := map[object]importer.State{}
	for i := range o.Keys {
		if known := r.imported[object{ofKey, o.Keys[i].ExternalID}]; known == nil || known.OrganizationID == o.ID {
			there[object{"apiKey", o.Keys[i].ExternalID}] = o.Keys[i].State
		}
	}
	for _, w := range o.Workspaces {
		if w.ID != uuid.Nil {
			there[object{"workspace", w.ExternalID}] = w.State
		}
	}
	o.Policies = slices.DeleteFunc(o.Policies, func(p importer.Policy) bool {
		if p.State != importer.New {
			return false
		}
		for i := range p.Conditions {
			c := &p.Conditions[i]
			if c.Attribute != "apiKey" && c.Attribute != "workspace" {
				continue
			}
			keep := func(values []string) []string {
				return slices.DeleteFunc(slices.Clone(values), func(value string) bool {
					state, known := there[object{c.Attribute, value}]
					return value != "*" && (!known || p.ForNewKeys && state == importer.There)
				})
			}
			in, notIn := keep(c.In), keep(c.NotIn)
			if len(in)+len(notIn) == 0 || len(in) == 0 && len(c.In) > 0 {
				return true
			}
			c.In, c.NotIn = in, notIn
		}
		return false
	})
}

// quotas compares what organizations would have with their quotas.
func (r *resolver) quotas(ctx context.Context, pool *pgxpool.Pool, there []uuid.UUID) error {
	zero := uuid.Nil // of which there is nothing: the defaults
	rows, err := db.New().ListQuotas(ctx, pool, append(slices.Clone(there), zero))
	if err != nil {
		return db.Fault(err)
	}
	for i := range r.plan.Organizations {
		o := &r.plan.Organizations[i]
		for _, row := range rows {
			if row.OrganizationID != o.ID && (o.State == importer.There || row.OrganizationID != zero) {
				continue
			}
			most := int(row.Used) + added(o, row.Name)
			if added(o, row.Name) == 0 || most <= int(row.Maximum) {
				continue
			}
			if !r.target.RaiseQuotas {
				r.problems = append(r.problems, fmt.Sprintf("organization %s would have %d %s, its quota is %d: --raise-quotas raises it", o.Slug, most, row.Name, row.Maximum))
				continue
			}
			if o.RaisedQuotas == nil {
				o.RaisedQuotas = map[db.QuotaName]int{}
			}
			o.RaisedQuotas[row.Name] = most
		}
	}
	return nil
}

// added returns how much of a quota an import uses.
func added(o *importer.Organization, name db.QuotaName) (number int) {
	switch name {
	case db.QuotaNameWORKSPACES:
		for _, w := range o.Workspaces {
			number += countsIf(w.State == importer.New)
		}
	case db.QuotaNameAPIKEYS:
		for i := range o.Keys {
			number += countsIf(o.Keys[i].State == importer.New)
		}
	case db.QuotaNamePOLICIES:
		for _, p := range o.Policies {
			number += countsIf(p.State == importer.New)
		}
	}
	return number
}

func countsIf(is bool) int {
	if is {
		return 1
	}
	return 0
}
