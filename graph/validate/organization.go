package validate

import (
	"strings"

	"github.com/google/uuid"

	"bursar/graph/model"
)

// CreateOrganization checks the input of createOrganization.
func CreateOrganization(input *model.CreateOrganizationInput) error {
	return Together(text("name", input.Name, maxName), slug("slug", input.Slug))
}

// HoldBounds checks the bounds of what API keys hold, and returns them; nil for none.
func HoldBounds(input *model.SetHoldBoundsInput) (percent, seconds *int32, err error) {
	bound := func(field string, given *int, most int64) (*int32, error) {
		if given == nil {
			return nil, nil //nolint:nilnil // no bound
		}
		return new(int32(*given)), within(field, int64(*given), 1, most) //nolint:gosec // within bounds it
	}
	percent, percentErr := bound("keyPercent", input.KeyPercent, 100)
	seconds, secondsErr := bound("keySeconds", input.KeySeconds, maxTTLSeconds)
	return percent, seconds, Together(percentErr, secondsErr)
}

// NewName refuses the name that a change gives to something; nil for none.
func NewName(name *string) error { return textPointer("name", name, maxName) }

// AddMember checks the input of addMember, but for the organization.
func AddMember(input *model.AddMemberInput) error {
	return Together(email("email", input.Email), textPointer("name", input.Name, maxName))
}

// CreateAccessToken checks the input of createAccessToken, but for the organization, the member and the time at which the token expires.
func CreateAccessToken(input *model.CreateAccessTokenInput) error {
	return Together(text("name", input.Name, maxName), textPointer("requestId", input.RequestID, maxRequestID))
}

// Recipients checks the addresses that are added to a subject, taken from it, or mailed again.
func Recipients(addresses []string) error { return emails("emails", addresses, 1) }

// CreateWorkspace checks the input of createWorkspace, but for the organization, and returns the workspace's slug.
func CreateWorkspace(input *model.CreateWorkspaceInput) (slug string, err error) {
	slug, err = workspaceSlug(input.Name, input.Slug)
	return slug, Together(err, textPointer("requestId", input.RequestID, maxRequestID))
}

// workspaceSlug returns the slug that was given, else one made from the name, else a random one.
func workspaceSlug(name string, given *string) (string, error) {
	err := text("name", name, maxName)
	if given != nil {
		return *given, Together(err, slug("slug", *given))
	}
	if err != nil {
		return "", err
	}
	if slug := slugOf(name); slug != "" {
		return slug, nil
	}
	return "workspace-" + strings.ReplaceAll(uuid.NewString(), "-", "")[:8], nil
}

// UpdateWorkspace checks the input of updateWorkspace, but for the id.
func UpdateWorkspace(input *model.UpdateWorkspaceInput) error {
	var versionErr, slugErr error
	if input.ExpectedVersion != nil {
		versionErr = within("expectedVersion", int64(*input.ExpectedVersion), 1, maxVersion)
	}
	if input.Slug != nil {
		slugErr = slug("slug", *input.Slug)
	}
	return Together(versionErr, NewName(input.Name), slugErr)
}
