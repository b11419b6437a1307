// Package command imports at a terminal: it shows a plan, and carries it out. Its types are the flags of the commands.
package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/importer"
	"bursar/importer/store"
	"bursar/terminal"
)

// help is the long text of --help.
const help = `Shows what becomes of what is there, and what does not map and why; nothing is written without --apply. Then each organization is made
with all that is in it in one transaction. Run again, it makes what is new there since, and leaves alone what it has made before. Each organization
there becomes one here; with --organization everything goes into that one.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`

// Flags are the flags of all imports.
type Flags struct {
	Source        string  `placeholder:"NAME" help:"Names the installation, where there are several with the same ids; unset, its kind."`
	Plan          string  `enum:"FREE,PRO,ENTERPRISE" default:"ENTERPRISE" help:"Of new organizations (FREE, PRO, ENTERPRISE); limits need ENTERPRISE, or PRO with governance."`
	TimeZone      string  `default:"UTC" placeholder:"ZONE" help:"At whose midnights budgets begin again."`
	WeekStartsOn  Weekday `placeholder:"DAY" help:"On which day weeks begin where nothing there says so (sunday to saturday)."`
	DisableOnLoss bool    `help:"Disable API keys that lose a limit, until somebody has looked."`
	RaiseQuotas   bool    `help:"Raise the quotas that an organization would pass."`
	Apply         bool    `help:"Do it. Without, nothing is written."`
	JSON          bool    `name:"json" help:"The plan as JSON."`
	All           bool    `help:"Every line of what does not map, not examples."`

	location *time.Location `kong:"-"`
}

// Weekday is a day of the week; without one, none was given.
type Weekday struct{ day *time.Weekday }

// UnmarshalText reads an English name.
func (w *Weekday) UnmarshalText(text []byte) error {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(string(text), day.String()) {
			w.day = &day
			return nil
		}
	}
	return fmt.Errorf("want a day such as monday, got %q", text)
}

// AfterApply checks the flags.
func (f *Flags) AfterApply() (err error) {
	if f.location, err = time.LoadLocation(f.TimeZone); err != nil || f.TimeZone == "Local" {
		return fmt.Errorf("--time-zone: there is no time zone %q; want a name such as Europe/Paris", f.TimeZone)
	}
	return nil
}

// calendar returns how periods are told; usual is the day on which weeks begin there, assumed whether that is a guess.
func (f *Flags) calendar(usual time.Weekday, assumed bool) importer.Calendar {
	calendar := importer.Calendar{Location: f.location, WeekStart: usual, Assumed: assumed, Now: time.Now()}
	if f.WeekStartsOn.day != nil {
		calendar.WeekStart, calendar.Assumed = *f.WeekStartsOn.day, false
	}
	return calendar
}

// job is an import of one system.
type job struct {
	*Flags
	pool           *pgxpool.Pool
	stdout, stderr io.Writer
	plan           func(single string) *importer.Plan // of the one organization that everything goes into; "" for none
	secrets        func(*importer.Plan) (*store.SecretsFile, error)
}

// run makes a plan, shows it and carries it out.
func (j *job) run(ctx context.Context, organizationID *uuid.UUID) error {
	into, err := j.into(ctx, organizationID)
	if err != nil {
		return err
	}
	single := ""
	if into != nil {
		single = into.Name
	}
	plan := j.plan(single)
	problems, err := store.Resolve(ctx, j.pool, plan, store.Target{Into: into, RaiseQuotas: j.RaiseQuotas})
	if err != nil {
		return err
	}
	if err := j.show(plan, problems); err != nil || !j.Apply {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("nothing was imported: %s", problems[0])
	}
	return j.carryOut(ctx, plan)
}

func (j *job) into(ctx context.Context, organizationID *uuid.UUID) (*db.Organization, error) {
	if organizationID == nil {
		return nil, nil //nolint:nilnil // none is named
	}
	found, err := db.New().FindOrganizations(ctx, j.pool, &db.FindOrganizationsParams{IDs: []uuid.UUID{*organizationID}})
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(found) == 0 {
		return nil, errors.New("the organization was deleted meanwhile")
	}
	return found[0], nil
}

// show prints the plan.
func (j *job) show(plan *importer.Plan, problems []string) error {
	if j.JSON {
		encoder := json.NewEncoder(j.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			*importer.Plan
			Problems []string `json:"problems,omitempty"`
		}{plan, problems})
	}
	if err := plan.WriteTable(j.stdout, j.All); err != nil {
		return err
	}
	for _, problem := range problems {
		if _, err := fmt.Fprintln(j.stdout, "PROBLEM ", problem); err != nil {
			return err
		}
	}
	if j.Apply {
		return nil
	}
	_, err := fmt.Fprintln(j.stdout, "\nNothing was written: --apply does it.")
	return err
}

// carryOut makes what is new.
func (j *job) carryOut(ctx context.Context, plan *importer.Plan) (err error) {
	shown := terminal.ShowProgress(j.stderr, "importing API keys", plan.Keys())
	applier := &store.Applier{Pool: j.pool, Plan: db.Plan(j.Plan), Done: shown.At,
		Actor: db.Actor{Name: "bursar import " + plan.System, Action: "import" + strings.ToUpper(plan.System[:1]) + plan.System[1:]}}
	file, err := j.secrets(plan)
	if err != nil {
		return err
	}
	if file != nil {
		applier.Secrets = file
		defer func() { err = errors.Join(err, file.Close()) }()
	}
	if err := cmp.Or(applier.Apply(ctx, plan), shown.End()); err != nil || j.JSON {
		return err
	}
	_, err = fmt.Fprintln(j.stdout, "\nimported: "+plan.Made())
	return err
}

// needsSecrets tells whether API keys get new secrets.
func needsSecrets(plan *importer.Plan) bool {
	return slices.ContainsFunc(plan.Organizations, func(o importer.Organization) bool {
		return slices.ContainsFunc(o.Keys, func(k importer.Key) bool { return k.NewSecret && k.State == importer.New })
	})
}
