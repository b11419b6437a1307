package validate

import (
	"fmt"
	"math"
	"strings"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

// CreateOrganization checks the input of createOrganization.
func CreateOrganization(input *model.CreateOrganizationInput) error {
	return Together(text("name", input.Name, maxName), slug("slug", input.Slug))
}

// SetQuotas checks the quotas of setOrganizationQuotas and returns them as the query takes them, but for the organization.
func SetQuotas(quotas []*model.QuotaInput) (*db.SetQuotasParams, error) {
	if len(quotas) == 0 || len(quotas) > len(db.AllQuotaNameValues()) {
		return nil, fault.BadInput("quotas", "must be 1 to %d", len(db.AllQuotaNameValues()))
	}
	params, given := &db.SetQuotasParams{}, map[db.QuotaName]bool{}
	var errs []error
	for i, quota := range quotas {
		if given[quota.Name] {
			errs = append(errs, fault.BadInput(fmt.Sprintf("quotas.%d.name", i), "%s is there twice", quota.Name))
		}
		given[quota.Name] = true
		if quota.Maximum == nil {
			params.Defaults = append(params.Defaults, string(quota.Name))
			continue
		}
		least := int64(0)
		if quota.Name == db.QuotaNameMAILSPERHOUR {
			least = 1 // with 0 mail would wait for ever
		}
		errs = append(errs, within(fmt.Sprintf("quotas.%d.maximum", i), int64(*quota.Maximum), least, math.MaxInt32))
		params.Names = append(params.Names, string(quota.Name))
		params.Maxima = append(params.Maxima, int32(*quota.Maximum)) //nolint:gosec // refused above
	}
	return params, Together(errs...)
}

// UpdateOrganization checks the input of updateOrganization, but for the id.
func UpdateOrganization(input *model.UpdateOrganizationInput) error {
	return Together(ExpectedVersion(input.ExpectedVersion), NewName(input.Name), domains("memberDomains", input.MemberDomains))
}

// SetRecipientDomains checks the input of setRecipientDomains, but for the organization.
func SetRecipientDomains(input *model.SetRecipientDomainsInput) error {
	return Together(ExpectedVersion(input.ExpectedVersion), domains("domains", input.Domains))
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
	return percent, seconds, Together(ExpectedVersion(input.ExpectedVersion), percentErr, secondsErr)
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
	var slugErr error
	if input.Slug != nil {
		slugErr = slug("slug", *input.Slug)
	}
	return Together(ExpectedVersion(input.ExpectedVersion), NewName(input.Name), slugErr)
}
