package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"time"

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

// attacker is the attacker's process.
type attacker struct {
	command *exec.Cmd
	printed *json.Decoder
	failure bytes.Buffer
}

// startWith starts the attacker's process with an attack.
func startWith(command *exec.Cmd, attack *Attack) (*attacker, error) {
	input, err := json.Marshal(attack)
	if err != nil {
		return nil, err
	}
	a := &attacker{command: command}
	command.Stdin, command.Stderr = bytes.NewReader(input), &a.failure
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	a.printed = json.NewDecoder(output)
	return a, command.Start()
}

// lead waits until gateways are to be measured: until the streams of those who watch are open, and beside other kinds for as long as the attack says.
func (a *attacker) lead(ctx context.Context, attack *Attack) error {
	if attack.watches() {
		var opened Opening
		if err := a.printed.Decode(&opened); err != nil {
			return fmt.Errorf("attack: read how streams were opened: %w", err)
		}
		attack.openings = append(attack.openings, &opened)
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(attack.Lead):
		return nil
	}
}

// results waits for the end of the process and returns the attack's results.
func (a *attacker) results() (results []*Result, err error) {
	unread := a.printed.Decode(&results)
	if err := a.command.Wait(); err != nil {
		return nil, fmt.Errorf("attack: %w: %s", err, bytes.TrimSpace(a.failure.Bytes()))
	}
	return results, unread
}
