package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/db/fitness"
	"bursar/fault"
	"bursar/id"
	"bursar/observe"
)

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make an access token, for a first administrator."`
	Root   tokenRootCommand   `cmd:"" help:"Make a token for BURSAR_ROOT_TOKEN or BURSAR_METRICS_TOKEN."`
}

type tokenRootCommand struct{}

// Help is the long text of --help.
func (tokenRootCommand) Help() string {
	return `Prints 256 random bits in the form of an access token. It is stored nowhere, and is no token until a server is started
with it. As a root token it is never mistaken for a guess: it is accepted also from an address that has failed to log in too often.`
}

// Run prints a new token.
func (tokenRootCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, auth.NewSecret(auth.AccessTokenPrefix).Text)
	return err
}

type tokenCreateCommand struct {
	Organization       string             `required:"" placeholder:"SLUG|ID" help:"The organization's slug or id (org_…)."`
	Role               db.TokenRole       `required:"" placeholder:"ADMIN|VIEWER|GATEWAY" help:"What the token may do: everything in its organization, read, or enforce and report."`
	Name               string             `required:"" help:"What the token is for, shown in lists and in the audit log."`
	AcceptsKeyIDs      *bool              `name:"accepts-key-ids" help:"Let a GATEWAY token name API keys by their ids, which are no secrets; other roles may without it."`
	ExpiresIn          time.Duration      `placeholder:"DURATION" help:"When it expires, such as 720h; unset, never."`
	CreateOrganization string             `placeholder:"NAME" help:"Make the organization too, under this name and with --organization as its slug."`
	Plan               db.Plan            `default:"ENTERPRISE" placeholder:"FREE|PRO|ENTERPRISE" help:"Plan of the organization that is made."`
	Where              databaseOrEmbedded `embed:""`
	Log                logFlags           `embed:""`
}

// Help is the long text of --help.
func (tokenCreateCommand) Help() string {
	return `Prints the secret on standard output, and nothing else there; it is not stored and cannot be shown again.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// AfterApply checks the flags.
func (c *tokenCreateCommand) AfterApply() error {
	_, _, isID := id.Parse(c.Organization)
	switch {
	case !c.Role.Valid() || c.Role == db.TokenRoleOWNER: // an OWNER token belongs to a member
		return &misuse{fmt.Sprintf("--role: want ADMIN, VIEWER or GATEWAY, got %q", string(c.Role))}
	case !c.Plan.Valid():
		return &misuse{fmt.Sprintf("--plan: want FREE, PRO or ENTERPRISE, got %q", string(c.Plan))}
	case c.Name == "":
		return &misuse{"--name: is empty"}
	case c.ExpiresIn < 0:
		return &misuse{fmt.Sprintf("--expires-in: want a time to come, got %s", c.ExpiresIn)}
	case c.CreateOrganization != "" && isID:
		return &misuse{"--organization: a new organization needs a slug, not an id"}
	}
	return nil
}

// Run creates the token, and with --create-organization the organization, in one transaction.
func (c *tokenCreateCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.with(ctx, "token create", logger, func(pool *pgxpool.Pool) error {
		if err := fitness.Require(ctx, pool); err != nil {
			return err
		}
		secret := auth.NewSecret(auth.AccessTokenPrefix)
		var organization *db.Organization
		var token *db.AccessToken
		actor := db.Actor{Name: "bursar token create", Action: "createAccessToken"}
		err := db.InTx(ctx, pool, actor, func(tx pgx.Tx) (err error) {
			if organization, err = c.organization(ctx, tx); err != nil {
				return err
			}
			token = &db.AccessToken{Name: c.Name, Role: c.Role, ExpiresAt: c.expiresAt(time.Now())}
			token.ID, err = db.New().CreateAccessToken(ctx, tx, &db.CreateAccessTokenParams{OrganizationID: organization.ID, Name: c.Name, Role: c.Role,
				Prefix: secret.Prefix, TokenHash: secret.Hash, ExpiresAt: token.ExpiresAt, AcceptsKeyIDs: c.AcceptsKeyIDs})
			return err
		})
		if err != nil {
			return public(err)
		}
		if err := describe(p.stderr, organization, token); err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.stdout, secret.Text)
		return err
	})
}

// organization creates or finds the organization.
func (c *tokenCreateCommand) organization(ctx context.Context, tx pgx.Tx) (*db.Organization, error) {
	if c.CreateOrganization != "" {
		return db.New().CreateOrganization(ctx, tx, &db.CreateOrganizationParams{
			Name: c.CreateOrganization, Slug: c.Organization, Plan: c.Plan,
		})
	}
	if prefix, found, ok := id.Parse(c.Organization); ok && prefix == id.Organization {
		organizations, err := db.New().FindOrganizations(ctx, tx, &db.FindOrganizationsParams{IDs: []uuid.UUID{found}})
		if err != nil {
			return nil, err
		}
		if len(organizations) == 0 {
			return nil, c.notFound()
		}
		return organizations[0], nil
	}
	organization, err := db.New().FindOrganizationBySlug(ctx, tx, c.Organization)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, c.notFound()
	}
	return organization, err
}

func (c *tokenCreateCommand) notFound() error {
	return fault.New(fault.NotFound, "--organization: there is no organization %s; --create-organization makes one", c.Organization)
}

// expiresAt returns nil for a token that never expires.
func (c *tokenCreateCommand) expiresAt(now time.Time) *time.Time {
	if c.ExpiresIn == 0 {
		return nil
	}
	at := now.Add(c.ExpiresIn)
	return &at
}

// describe prints a token without its secret.
func describe(w io.Writer, organization *db.Organization, token *db.AccessToken) error {
	expires := "never"
	if token.ExpiresAt != nil {
		expires = token.ExpiresAt.UTC().Format(time.RFC3339)
	}
	_, err := fmt.Fprintf(w, "token %s (%s, %q) of organization %s (%s), expires: %s\n", id.AccessToken.Format(token.ID), token.Role,
		token.Name, organization.Slug, id.Organization.Format(organization.ID), expires)
	return err
}

// public returns the message of a fault alone, unless the message hides the cause.
func public(err error) error {
	if known, ok := errors.AsType[*fault.Fault](err); ok && known.Code != fault.Internal && known.Code != fault.Unavailable {
		return errors.New(known.Message)
	}
	return err
}
