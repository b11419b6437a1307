package bench

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"

	"bursar/auth"
	"bursar/db"
	"bursar/id"
)

// prepareAttack loads an organization that means harm: as large as the gateways', with a month of usage.
func (r *runner) prepareAttack(ctx context.Context) (*Attack, error) {
	if err := r.tell("loading an organization that means harm"); err != nil {
		return nil, err
	}
	data, err := load(ctx, r.Pool, "attacker", r.Data.Keys, "", nil)
	if err != nil {
		return nil, err
	}
	if err := loadLedger(ctx, r.Pool, data, min(r.LedgerRows, attackRows)); err != nil {
		return nil, err
	}
	if err := r.settle(ctx); err != nil {
		return nil, err
	}
	a := &Attack{
		Server: r.Server, Subject: id.Organization.Format(data.OrganizationID), Secret: string(data.appendSecret(nil, 0)), Size: attackSize,
	}
	for role, token := range map[db.TokenRole]*string{db.TokenRoleVIEWER: &a.Viewer, db.TokenRoleADMIN: &a.Admin} {
		secret := auth.NewSecret(auth.AccessTokenPrefix)
		if _, err := db.New().CreateAccessToken(ctx, r.Pool, &db.CreateAccessTokenParams{
			OrganizationID: data.OrganizationID, Name: "Attack", Role: role, Prefix: secret.Prefix, TokenHash: secret.Hash,
		}); err != nil {
			return nil, fmt.Errorf("make the attacker's tokens: %w", err)
		}
		*token = secret.Text
	}
	return a, nil
}

// runWith runs a program on an input and returns what it printed.
func runWith(command *exec.Cmd, input []byte) ([]byte, error) {
	var failure bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(input), &failure
	printed, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("attack: %w: %s", err, bytes.TrimSpace(failure.Bytes()))
	}
	return printed, nil
}
