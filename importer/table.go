package importer

import (
	"fmt"
	"io"
	"text/tabwriter"

	"bursar/db"
)

// Keys returns how many API keys a plan has.
func (p *Plan) Keys() (number int) {
	for i := range p.Organizations {
		number += len(p.Organizations[i].Keys)
	}
	return number
}

// counts are how many objects of an organization are new, and how many are there.
type counts struct{ organizations, workspaces, workspacesThere, keys, keysThere, limits, policies int }

func (c *counts) add(o *Organization) {
	if o.State == New {
		c.organizations++
		c.limits += len(o.Limits)
	}
	for _, w := range o.Workspaces {
		if w.State == New {
			c.workspaces++
			c.limits += len(w.Limits)
		} else {
			c.workspacesThere++
		}
	}
	for i := range o.Keys {
		if k := &o.Keys[i]; k.State == New {
			c.keys++
			c.limits += len(k.Limits)
		} else {
			c.keysThere++
		}
	}
	for _, policy := range o.Policies {
		if policy.State == New {
			c.policies++
		}
	}
}

// openingOf returns what is booked as opening balances.
func openingOf(o *Organization) string {
	var sum Amounts
	for _, opening := range o.Openings() {
		sum.CostNanos += opening.Amounts.CostNanos
		sum.Tokens += opening.Amounts.Tokens
	}
	text := "$" + amount(db.LimitTypeCOST, sum.CostNanos)
	if sum.Tokens > 0 {
		text += fmt.Sprintf(" and %d tokens", sum.Tokens)
	}
	return text
}

// WriteTable writes a plan for people: what is made, and what does not map.
func (p *Plan) WriteTable(to io.Writer, all bool) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "ORGANIZATION\tSLUG\tIS\tWORKSPACES\tAPI KEYS\tLIMITS\tPOLICIES\tOPENING BALANCES"); err != nil {
		return err
	}
	for i := range p.Organizations {
		o := &p.Organizations[i]
		var c counts
		c.add(o)
		is := "new"
		if o.State == There {
			is = "there"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", o.Name, o.Slug, is, andThere(c.workspaces, c.workspacesThere),
			andThere(c.keys, c.keysThere), c.limits, c.policies, openingOf(o)); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(p.Report) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(to); err != nil {
		return err
	}
	return p.Report.WriteTable(to, all)
}

func andThere(made, there int) string {
	if there == 0 {
		return fmt.Sprint(made)
	}
	return fmt.Sprintf("%d (%d there)", made, there)
}

// Made says what an import has made.
func (p *Plan) Made() string {
	var c counts
	for i := range p.Organizations {
		c.add(&p.Organizations[i])
	}
	return fmt.Sprintf("%d organizations, %d workspaces, %d API keys, %d limits, %d policies", c.organizations, c.workspaces, c.keys, c.limits, c.policies)
}
