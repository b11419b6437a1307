package main

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/importer/command"
)

type importCommand struct {
	Litellm importLitellmCommand `cmd:"" name:"litellm" help:"Take over organizations, teams, API keys and their limits from a LiteLLM proxy."`
	Portkey importPortkeyCommand `cmd:"" name:"portkey" help:"Take over workspaces, API keys, limits and policies from Portkey."`
}

type importLitellmCommand struct {
	command.Litellm `embed:""`
	Of              ofOrganization `embed:""`
}

// Run imports.
func (c *importLitellmCommand) Run(ctx context.Context, p *program) error {
	return c.Of.with(ctx, p, "import litellm", func(pool *pgxpool.Pool, organizationID *uuid.UUID) error {
		return public(c.Litellm.Run(ctx, pool, organizationID, p.stdout, p.stderr))
	})
}

type importPortkeyCommand struct {
	command.Portkey `embed:""`
	Of              ofOrganization `embed:""`
}

// Run imports.
func (c *importPortkeyCommand) Run(ctx context.Context, p *program) error {
	return c.Of.with(ctx, p, "import portkey", func(pool *pgxpool.Pool, organizationID *uuid.UUID) error {
		return public(c.Portkey.Run(ctx, pool, organizationID, p.stdout, p.stderr))
	})
}
