package apply

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"

	"bursar/apiclient"
)

// fingerprint is a short name of a text, for request ids.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// keyChange is a change of an API key. A key whose secret has reached nobody has the metadata bursar.apply/secret: pending, from its creation until the secret was
// delivered: a run that is cut off leaves the mark, and the next one gives the key a new secret.
type keyChange struct {
	change   *Change
	each     ownedKey
	d        *difference
	metadata map[string]string // that it has in the end
	have     *liveKey
}

const keyAnswer = `{ secret secretPrefix replayed apiKey { id prefix version } }`

// create creates a key, delivers its secret, and takes the mark away.
func (k *keyChange) create(ctx context.Context, r *runner) error {
	marked := maps.Clone(k.metadata)
	marked[metadataSecret] = pending
	input := map[string]any{"ownerId": r.owner(k.each.slug), "metadata": marked, "requestId": r.requestID(k.change, "create")}
	for name, value := range k.d.input {
		if name != "enabled" {
			input[name] = value
		}
	}
	created, err := mutate(ctx, r.api, `createApiKey(input: $input) `+keyAnswer, "CreateApiKeyInput", input)
	if err != nil {
		return err
	}
	if k.each.key.ExternalID != "" {
		r.know("API key "+k.each.key.ExternalID, created.APIKey.ID)
	}
	if created.Secret == "" { // it was made by an attempt whose answer was lost
		if created, err = k.rotate(ctx, r, created.APIKey.ID, created.APIKey.Prefix); err != nil {
			return err
		}
	}
	if err := k.deliver(ctx, r, created); err != nil {
		return err
	}
	last := map[string]any{"metadata": k.metadata}
	if enabled, given := k.d.input["enabled"]; given {
		last["enabled"] = enabled
	}
	return k.save(ctx, r, created.APIKey.ID, created.APIKey.Version, last)
}

// update changes a key. One with the mark gets a new secret first, unless the secret that it has was delivered.
func (k *keyChange) update(ctx context.Context, r *runner) error {
	version := k.have.Version
	if k.change.secret && !r.Secrets.Has(k.have.ID, k.have.Prefix) {
		rotated, err := k.rotate(ctx, r, k.have.ID, k.have.Prefix)
		if err != nil {
			return err
		}
		if err := k.deliver(ctx, r, rotated); err != nil {
			return err
		}
		version = rotated.APIKey.Version
	}
	input := maps.Clone(k.d.input)
	if owner := r.owner(k.each.slug); owner != k.have.Owner.ID {
		if input == nil {
			input = map[string]any{}
		}
		input["ownerId"] = owner
	}
	return k.save(ctx, r, k.have.ID, version, input)
}

func (k *keyChange) save(ctx context.Context, r *runner, id string, version int, input map[string]any) error {
	input = with(input, "id", id)
	input["expectedVersion"] = version
	_, err := mutate(ctx, r.api, `updateApiKey(input: $input) { apiKey { id } }`, "UpdateApiKeyInput", input)
	return err
}

// rotate gives a key whose secret has reached nobody a new one. An answer that is lost again is followed by another rotation.
func (k *keyChange) rotate(ctx context.Context, r *runner, id, prefix string) (*answered, error) {
	for attempt := 1; ; attempt++ {
		rotated, err := mutate(ctx, r.api, `rotateApiKey(input: $input) `+keyAnswer, "RotateApiKeyInput", map[string]any{
			"id": id, "expectedPrefix": prefix, "secretLost": true, "transitionSeconds": 0, "requestId": r.requestID(k.change, fmt.Sprintf("rotate-%d", attempt)),
		})
		if err != nil {
			return nil, err
		}
		if rotated.Secret != "" {
			return rotated, nil
		}
		if attempt == maxRotations {
			return nil, &apiclient.Error{Code: apiclient.Unreachable, Message: "the answers with its new secret were lost again and again", Unsure: true}
		}
		prefix = rotated.SecretPrefix
	}
}

const maxRotations = 5

func (k *keyChange) deliver(ctx context.Context, r *runner, made *answered) error {
	return r.Secrets.Deliver(ctx, Secret{
		Organization: r.plan.Slug, Workspace: k.each.slug, ExternalID: k.each.key.ExternalID, Name: k.each.key.Name,
		ID: made.APIKey.ID, Prefix: made.SecretPrefix, Secret: made.Secret,
	})
}
