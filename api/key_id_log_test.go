package api_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"bursar/api"
	"bursar/graph/graphtest"
)

// lockedBuffer may be written and read concurrently.
type lockedBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write implements [io.Writer].
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

// A server warns of a GATEWAY token that names API keys by their ids, once: not of one that sends secrets or whose ids are not accepted,
// nor of portals and the operator, who may use ids.
func TestUseOfKeyIDsIsLogged(t *testing.T) {
	t.Parallel()
	a, log := newAPI(t), &lockedBuffer{}
	server := api.New(api.Config{Pool: kit.ServerPool(t, a.Pool), RootToken: graphtest.RootToken, Logger: slog.New(slog.NewTextHandler(log, nil))})
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		server.Close()
	})
	a.URL = listener.URL
	refused := a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "role": "GATEWAY"}}).
		Text("createAccessToken", "secret")
	const warning = "names API keys by their ids"
	for _, operation := range []string{"CheckUsage", "ReserveUsage"} {
		a.Run(a.Gateway, operation, object{"input": object{"secret": a.Tenant.Secret.Text}})
		a.Run(a.Gateway, operation, object{"input": object{"key": a.Tenant.Secret.Text}})
		a.Run(refused, operation, object{"input": object{"key": a.KeyID()}})
		a.Run(a.Admin, operation, object{"input": object{"key": a.KeyID()}})
		a.Run(graphtest.RootToken, operation, object{"input": object{"key": a.KeyID()}})
	}
	a.Run(a.Viewer, "CheckUsage", object{"input": object{"key": a.KeyID()}})
	if strings.Contains(log.String(), warning) {
		t.Errorf("warned: %s", log)
	}
	for range 3 {
		a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": a.KeyID()}})
		a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID()}})
	}
	if number := strings.Count(log.String(), warning); number != 1 || !strings.Contains(log.String(), a.OrganizationID()) {
		t.Errorf("%d warnings: %s", number, log)
	}
}
