package graph_test

import (
	"strings"
	"testing"

	"bursar/api"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/webhook"
)

const (
	createWebhook = `mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { secret replayed webhook { ...W } } }` + webhookFields
	updateWebhook = `mutation($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhook { ...W } } }` + webhookFields
	rotateWebhook = `mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { secret webhook { ...W } } }` + webhookFields
	deleteWebhook = `mutation($input: DeleteWebhookInput!) { deleteWebhook(input: $input) { deletedId organization { id webhooks { id } } } }`
	testWebhook   = `mutation($input: TestWebhookInput!) { testWebhook(input: $input) { delivery { id event status attempts alert { id } webhook { id } } } }`
	resendWebhook = `mutation($input: ResendWebhookDeliveryInput!) { resendWebhookDelivery(input: $input) { delivery { id status } } }`
	listWebhooks  = `query($id: ID!) { node(id: $id) { ... on Organization { webhooks { ...W deliveries(first: 1) { totalCount nodes { id status } pageInfo { hasNextPage } } } } } }` + webhookFields
	webhookFields = ` fragment W on Webhook { id name origin format events enabled disabledReason owner { __typename } transitionEndsAt version createdBy { id } }`
)

// createWebhookOf creates a webhook of the caller's organization and returns its id.
func createWebhookOf(a *graphtest.API) string {
	a.T.Helper()
	return post(a, a.Admin, createWebhook, object{"input": object{"ownerId": a.OrganizationID(), "name": "Pager", "url": "https://example.com/hook"}}).
		Text("createWebhook", "webhook", "id")
}

// A webhook's secret is shown once, when it is made or rotated; a repeated requestId makes no other. Its URL is for owners and administrators.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	input := object{"ownerId": a.WorkspaceID(), "name": "Pager", "url": "https://hooks.example.com:8443/T0/secret?x=1", "requestId": "w"}
	made := post(a, a.Admin, createWebhook, object{"input": input})
	if secret := made.Text("createWebhook", "secret"); !strings.HasPrefix(secret, "whsec_") || len(secret) != 6+44 {
		t.Errorf("the secret is %q", secret)
	}
	made.Equal("https://hooks.example.com:8443", "createWebhook", "webhook", "origin")
	made.Equal("Workspace", "createWebhook", "webhook", "owner", "__typename")
	made.Equal([]any{"THRESHOLD", "EXHAUSTED", "REFUSED", "RESET"}, "createWebhook", "webhook", "events")
	id := made.Text("createWebhook", "webhook", "id")
	again := post(a, a.Admin, createWebhook, object{"input": input})
	again.Equal(nil, "createWebhook", "secret")
	again.Equal(true, "createWebhook", "replayed")
	again.Equal(id, "createWebhook", "webhook", "id")

	post(a, a.Admin, updateWebhook, object{"input": object{"id": id, "expectedVersion": 1, "name": "Chat", "events": []any{"EXHAUSTED"}}}).
		Equal(2, "updateWebhook", "webhook", "version")
	refusedQuery(a, a.Admin, updateWebhook, object{"input": object{"id": id, "expectedVersion": 1, "name": "x"}}, "CONFLICT")
	rotated := post(a, a.Admin, rotateWebhook, object{"input": object{"id": id}})
	if rotated.Text("rotateWebhookSecret", "secret") == made.Text("createWebhook", "secret") {
		t.Error("the secret is the same")
	}
	rotated.Text("rotateWebhookSecret", "webhook", "transitionEndsAt")
	post(a, a.Admin, rotateWebhook, object{"input": object{"id": id, "transitionSeconds": 0}}).Equal(nil, "rotateWebhookSecret", "webhook", "transitionEndsAt")

	delivery := post(a, a.Admin, testWebhook, object{"input": object{"id": id}}).Text("testWebhook", "delivery", "id")
	post(a, a.Admin, testWebhook, object{"input": object{"id": id}}).Equal(delivery, "testWebhook", "delivery", "id") // one is queued
	post(a, a.Admin, resendWebhook, object{"input": object{"id": delivery}}).Equal("QUEUED", "resendWebhookDelivery", "delivery", "status")
	listed := post(a, a.Viewer, listWebhooks, object{"id": a.OrganizationID()})
	listed.Equal(1, "node", "webhooks", 0, "deliveries", "totalCount")
	listed.Equal(delivery, "node", "webhooks", 0, "deliveries", "nodes", 0, "id")
	refusedQuery(a, a.Viewer, `query($id: ID!) { node(id: $id) { ... on Webhook { url } } }`, object{"id": id}, "FORBIDDEN")

	post(a, a.Admin, updateWebhook, object{"input": object{"id": id, "enabled": false}}).Equal(false, "updateWebhook", "webhook", "enabled")
	refusedQuery(a, a.Admin, testWebhook, object{"input": object{"id": id}}, "CONFLICT")
	refusedQuery(a, a.Admin, resendWebhook, object{"input": object{"id": delivery}}, "CONFLICT")
	deleted := post(a, a.Admin, deleteWebhook, object{"input": object{"id": id}})
	deleted.Equal(id, "deleteWebhook", "deletedId")
	deleted.Equal([]any{}, "deleteWebhook", "organization", "webhooks")
	refusedQuery(a, a.Admin, deleteWebhook, object{"input": object{"id": id}}, "NOT_FOUND")
}

// What cannot be a webhook is refused with its field, all of it at once: other schemes, names and passwords, addresses that are not public, unless the
// operator allows their network; and more webhooks than the quota allows.
func TestWebhookInput(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	refused := func(field string, change object) {
		t.Helper()
		input := extended(object{"ownerId": a.OrganizationID(), "name": "n", "url": "https://example.com"}, change)
		answer := post(a, a.Admin, createWebhook, object{"input": input})
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" || answer.Errors[0].Extensions.Field != field {
			t.Errorf("%v: %+v", change, answer.Errors)
		}
	}
	for _, url := range []string{
		"", "example.com", "http://example.com", "ftp://example.com", "https://", "https://user:password@example.com", "https://example.com/#x", "https://exa mple.com",
		"https://127.0.0.1", "https://10.1.2.3/x", "https://[::1]:9", "https://169.254.169.254/latest", "https://[fd00::1]", "https://0.0.0.0", "https://[::ffff:10.0.0.1]",
		"https://example.com/" + strings.Repeat("x", 2000), "https://example.com/\x00",
	} {
		refused("url", object{"url": url})
	}
	refused("name", object{"name": ""})
	refused("events", object{"events": []any{}})
	refused("events.0", object{"events": []any{"TEST"}})
	refused("events.1", object{"events": []any{"RESET", "RESET"}})
	answer := post(a, a.Admin, createWebhook, object{"input": object{"ownerId": a.OrganizationID(), "name": "", "url": "x", "events": []any{}}})
	if len(answer.Errors) != 3 {
		t.Errorf("all at once: %+v", answer.Errors)
	}
	id := createWebhookOf(a)
	for _, seconds := range []int{-1, 604801} {
		refusedQuery(a, a.Admin, rotateWebhook, object{"input": object{"id": id, "transitionSeconds": seconds}}, "BAD_USER_INPUT")
	}
	for range 19 {
		createWebhookOf(a)
	}
	refusedQuery(a, a.Admin, createWebhook, object{"input": object{"ownerId": a.OrganizationID(), "name": "n", "url": "https://example.com"}}, "QUOTA_EXCEEDED")

	networks, err := webhook.ParseNetworks("10.0.0.0/8, ::1/128")
	if err != nil {
		t.Fatal(err)
	}
	allowing := kit.ServeWith(t, a.Pool, api.Config{WebhookNetworks: networks})
	for url, allowed := range map[string]bool{"http://10.1.2.3": true, "https://10.1.2.3": true, "http://[::1]:80/x": true, "https://10.1.2.3:1": true,
		"https://192.168.1.1": false, "http://93.184.216.34": false, "https://93.184.216.34": true} {
		answer := post(allowing, allowing.Admin, createWebhook, object{"input": object{"ownerId": allowing.OrganizationID(), "name": "n", "url": url}})
		if (len(answer.Errors) == 0) != allowed {
			t.Errorf("%s: %+v", url, answer.Errors)
		}
	}
}

// A MEMBER sees no webhook, and changes none.
func TestMembersHaveNoWebhooks(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	id := createWebhookOf(a)
	member := a.Tenant.Member(a.Tenant.Organization.ID, "m@acme.test", db.MemberRoleMEMBER)
	token := a.Tenant.BoundToken(member, db.TokenRoleOWNER)
	refusedQuery(a, token, `query($id: ID!) { node(id: $id) { id } }`, object{"id": id}, "FORBIDDEN")
	refusedQuery(a, token, deleteWebhook, object{"input": object{"id": id}}, "FORBIDDEN")
}
