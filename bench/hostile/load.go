package hostile

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"

	"bursar/auth"
	"bursar/bench"
	"bursar/db"
	"bursar/id"
)

// prepareAttack loads the attacker's organization: as large as the gateways', with a month of usage.
func (r *runner) prepareAttack(ctx context.Context) (*Attack, error) {
	if err := r.tell("loading the attacker's organization"); err != nil {
		return nil, err
	}
	data, err := bench.LoadOrganization(ctx, r.Pool, "attacker", r.Data.Keys)
	if err != nil {
		return nil, err
	}
	if err := bench.LoadLedger(ctx, r.Pool, data, min(r.LedgerRows, attackRows)); err != nil {
		return nil, err
	}
	if err := bench.Checkpoint(ctx, r.Pool); err != nil {
		return nil, err
	}
	a := &Attack{
		Server: r.Attacked, Subject: id.Organization.Format(data.OrganizationID), Secret: data.Secret(0), Size: attackSize,
		Gateway: data.Token,
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

// runWith runs a program with an input and returns what it printed.
func runWith(command *exec.Cmd, input []byte) ([]byte, error) {
	var failure bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(input), &failure
	printed, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("attack: %w: %s", err, bytes.TrimSpace(failure.Bytes()))
	}
	return printed, nil
}
