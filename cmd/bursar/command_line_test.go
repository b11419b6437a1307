package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bursar/api"
)

const rootTokenOfTests = "root-token-of-tests-8Jq2vX7mRw4tZk9cLd6ybN3hFs5gPu1e"

// Guarantee: a bad or missing flag or variable is one line that names it and says why, and exit code 2, before anything
// is started.
func TestMisuseIsOneLine(t *testing.T) {
	t.Parallel()
	empty, url := t.TempDir(), "postgres://u@127.0.0.1:1/x"
	traffic := filepath.Join(empty, "traffic.csv")
	if err := os.WriteFile(traffic, []byte("TIMESTAMP,ContextTokens,GeneratedTokens\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		environment variables
		arguments   string // separated by blanks
		want        []string
	}{
		"no command":              {nil, "", []string{"expected one of"}},
		"unknown command":         {nil, "fly", []string{"fly"}},
		"unknown flag":            {nil, "serve --fly", []string{"--fly"}},
		"address flag":            {nil, "serve --addr 8080", []string{"--addr", "host:port"}},
		"address variable":        {variables{"BURSAR_ADDR": "localhost"}, "dev", []string{"BURSAR_ADDR", "host:port"}},
		"port flag":               {nil, "dev --addr :65536", []string{"--addr", "65535"}},
		"no lanes":                {nil, "serve --lanes 0", []string{"--lanes", "1 to 10000"}},
		"too long a queue":        {variables{"BURSAR_MAX_QUEUE": "1e9"}, "dev", []string{"BURSAR_MAX_QUEUE", "1 to 10000"}},
		"port by name":            {nil, "dev --addr :http", []string{"--addr", "65535"}},
		"half of nothing":         {variables{"DATABASE_URL": url}, "serve --only portals", []string{"--only", "enforcement or control"}},
		"half by variable":        {variables{"DATABASE_URL": url, "BURSAR_ONLY": "both"}, "serve", []string{"BURSAR_ONLY", "enforcement or control"}},
		"half of dev":             {nil, "dev --only control", []string{"--only"}},
		"no database":             {nil, "serve", []string{"DATABASE_URL", "not set"}},
		"empty database":          {variables{"DATABASE_URL": ""}, "serve", []string{"DATABASE_URL", "not set"}},
		"no database to work":     {nil, "work", []string{"DATABASE_URL", "not set"}},
		"database variable":       {variables{"DATABASE_URL": "postgres://u@h:x/"}, "serve", []string{"DATABASE_URL", "port"}},
		"database flag":           {nil, "migrate up --database-url nonsense", []string{"--database-url"}},
		"empty flag":              {nil, "serve --database-url=", []string{"--database-url", "empty"}},
		"short root token":        {variables{"BURSAR_ROOT_TOKEN": "fifteen-letters", "DATABASE_URL": url}, "serve", []string{"BURSAR_ROOT_TOKEN", "16"}},
		"short root token flag":   {nil, "dev --root-token short", []string{"--root-token", "16"}},
		"root token to guess":     {variables{"BURSAR_ROOT_TOKEN": "the-token-of-our-operator-in-production", "DATABASE_URL": url}, "serve", []string{"BURSAR_ROOT_TOKEN", "83 bits", "128", "bursar token root"}},
		"root token of a UUID":    {nil, "serve --database-url " + url + " --root-token 550e8400-e29b-41d4-a716-446655440000", []string{"--root-token", "122 bits"}},
		"root token with a blank": {variables{"BURSAR_ROOT_TOKEN": "sixteen letters and a blank"}, "dev", []string{"BURSAR_ROOT_TOKEN", "blanks"}},
		"metrics token to guess":  {variables{"BURSAR_METRICS_TOKEN": "prometheus-of-acme"}, "work", []string{"BURSAR_METRICS_TOKEN", "128", "bursar token root"}},
		"an empty metrics token":  {variables{"BURSAR_METRICS_TOKEN": rootTokenOfTests + ","}, "dev", []string{"BURSAR_METRICS_TOKEN", "0 at most"}},
		"three metrics tokens":    {variables{"BURSAR_METRICS_TOKEN": "a,b,c"}, "dev", []string{"BURSAR_METRICS_TOKEN", "two"}},
		"log level":               {variables{"BURSAR_LOG_LEVEL": "loud"}, "verify", []string{"BURSAR_LOG_LEVEL", "debug"}},
		"log format":              {nil, "dev --log-format xml", []string{"--log-format", "json"}},
		"folder of binaries":      {variables{"BURSAR_POSTGRES_BIN": empty}, "dev", []string{"BURSAR_POSTGRES_BIN", "initdb"}},
		"mail without a key":      {variables{"DATABASE_URL": url}, "work", []string{"RESEND_API_KEY", "not set"}},
		"standby's URL":           {variables{"DATABASE_URL": url, "BURSAR_READ_URLS": url + ",nonsense"}, "serve", []string{"BURSAR_READ_URLS", "postgres://"}},
		"standbys in one URL":     {nil, "serve --database-url " + url + " --read-urls postgres://u@a,b/x", []string{"--read-urls", "postgres://"}},
		"read lag":                {variables{"DATABASE_URL": url, "BURSAR_READ_MAX_LAG": "1ms"}, "serve", []string{"BURSAR_READ_MAX_LAG", "100ms to 1h"}},
		"retention":               {variables{"BURSAR_USAGE_RETENTION": "0"}, "work", []string{"BURSAR_USAGE_RETENTION", "months"}},
		"mail key":                {variables{"RESEND_API_KEY": "käse"}, "dev", []string{"RESEND_API_KEY"}},
		"mail endpoint":           {variables{"RESEND_BASE_URL": "ftp://mail"}, "dev", []string{"RESEND_BASE_URL", "http"}},
		"webhook secret":          {variables{"RESEND_WEBHOOK_SECRET": "secret"}, "dev", []string{"RESEND_WEBHOOK_SECRET", "whsec_"}},
		"mail sender":             {variables{"BURSAR_MAIL_FROM": "nobody"}, "dev", []string{"BURSAR_MAIL_FROM", "address"}},
		"link without an id":      {variables{"BURSAR_PUBLIC_URL": "https://portal.test/keys"}, "dev", []string{"BURSAR_PUBLIC_URL", "{id}"}},
		"link to no page":         {variables{"BURSAR_PUBLIC_URL": "portal/{id}"}, "dev", []string{"BURSAR_PUBLIC_URL", "http"}},
		"link with a wrong word":  {variables{"BURSAR_PUBLIC_URL": "https://portal.test/{type}/{id}"}, "dev", []string{"BURSAR_PUBLIC_URL", "{kind}"}},
		"mail rate":               {variables{"BURSAR_MAIL_CALLS_PER_SECOND": "0"}, "dev", []string{"BURSAR_MAIL_CALLS_PER_SECOND", "more than 0"}},
		"mails per call":          {variables{"BURSAR_MAILS_PER_CALL": "101"}, "dev", []string{"BURSAR_MAILS_PER_CALL", "1 to 100"}},
		"mail timeout":            {variables{"BURSAR_MAIL_TIMEOUT": "1m"}, "dev", []string{"BURSAR_MAIL_TIMEOUT", "15s"}},
		"mail retry":              {variables{"BURSAR_MAIL_RETRY_AFTER": "0s"}, "dev", []string{"BURSAR_MAIL_RETRY_AFTER", "1h"}},
		"introspection":           {variables{"BURSAR_INTROSPECTION": "maybe"}, "dev", []string{"BURSAR_INTROSPECTION", "tokens, public or off"}},
		"origin with a path":      {variables{"BURSAR_CORS_ORIGINS": "https://a.test,https://b.test/portal"}, "dev", []string{"BURSAR_CORS_ORIGINS", "https://b.test/portal"}},
		"any origin":              {nil, "dev --cors-origins *", []string{"--cors-origins", "https://portal.example"}},
		"proxy by name":           {variables{"BURSAR_TRUSTED_PROXIES": "10.0.0.0/8,proxy.test"}, "dev", []string{"BURSAR_TRUSTED_PROXIES", "proxy.test"}},
		"certificate without key": {variables{"BURSAR_TLS_CERT": traffic, "DATABASE_URL": url}, "serve", []string{"BURSAR_TLS_CERT and BURSAR_TLS_KEY", "go together"}},
		"key without certificate": {nil, "dev --tls-key " + traffic, []string{"--tls-cert and --tls-key", "go together"}},
		"no certificate":          {nil, "dev --tls-cert none.pem --tls-key " + traffic, []string{"--tls-cert", "none.pem"}},
		"bad certificate":         {nil, "dev --tls-cert " + traffic + " --tls-key " + traffic, []string{"--tls-cert", "PEM"}},
		"too few connections":     {variables{"BURSAR_MAX_CONNECTIONS": "1"}, "dev", []string{"BURSAR_MAX_CONNECTIONS", "16 to 1000000"}},
		"no trusted documents":    {nil, "dev --trusted-documents " + filepath.Join(empty, "none.json"), []string{"--trusted-documents", "none.json"}},
		"documents of no kind":    {nil, "dev --trusted-documents " + traffic, []string{"--trusted-documents", ".graphql"}},
		"issuer without TLS":      {variables{"BURSAR_OIDC_ISSUER": "http://login.test", "BURSAR_OIDC_AUDIENCE": "portal"}, "dev", []string{"BURSAR_OIDC_ISSUER", "https"}},
		"issuer by name":          {nil, "dev --oidc-issuer login.test --oidc-audience portal", []string{"--oidc-issuer", "https://login.example.com"}},
		"issuer with a query":     {nil, "dev --oidc-issuer https://login.test/?x=1 --oidc-audience portal", []string{"--oidc-issuer", "query"}},
		"issuer for anybody":      {variables{"BURSAR_OIDC_ISSUER": "https://login.test"}, "dev", []string{"BURSAR_OIDC_AUDIENCE", "not set"}},
		"audience of nobody":      {variables{"BURSAR_OIDC_AUDIENCE": "portal", "DATABASE_URL": url}, "serve", []string{"BURSAR_OIDC_ISSUER", "not set"}},
		"console of nobody":       {nil, "dev --oidc-console-client-id console", []string{"BURSAR_OIDC_ISSUER", "not set"}},
		"parties of nobody":       {nil, "dev --oidc-authorized-parties a", []string{"BURSAR_OIDC_ISSUER", "not set"}},
		"parties without a name":  {nil, "dev --oidc-authorized-parties a,,b", []string{"--oidc-authorized-parties", "commas"}},
		"nothing to verify":       {nil, "verify --data-dir " + filepath.Join(empty, "none"), []string{"DATABASE_URL", "--data-dir"}},
		"nothing to migrate":      {nil, "migrate status --data-dir " + filepath.Join(empty, "none"), []string{"DATABASE_URL"}},
		"half a command":          {nil, "migrate", []string{"up"}},
		"no file":                 {nil, "replay", []string{"file"}},
		"missing file":            {nil, "replay " + filepath.Join(empty, "none.csv"), []string{"none.csv"}},
		"no token":                {nil, "replay " + traffic + " --data-dir " + empty, []string{"--token", "BURSAR_TOKEN"}},
		"slower than still":       {nil, "replay " + traffic + " --token x --speed -1", []string{"speed"}},
		"no connections":          {nil, "replay " + traffic + " --token x --connections -1", []string{"connections"}},
		"server":                  {nil, "replay " + traffic + " --token x --url localhost:8080", []string{"--url", "http"}},
		"files of nothing":        {nil, "apply", []string{"-f", "not given"}},
		"code of no plan":         {nil, "apply -f " + traffic + " --secrets a --secrets-command b", []string{"--secrets-command"}},
		"server of apply":         {nil, "apply -f " + traffic + " --url localhost", []string{"--url", "http"}},
		"server of mcp":           {variables{"BURSAR_URL": "ftp://x"}, "mcp", []string{"BURSAR_URL", "http"}},
		"token of nobody":         {variables{"DATABASE_URL": url}, "token create --role ADMIN --name n", []string{"--organization"}},
		"role":                    {variables{"DATABASE_URL": url}, "token create --organization a --role OWNER --name n", []string{"--role", "GATEWAY"}},
		"plan":                    {variables{"DATABASE_URL": url}, "token create --organization a --role ADMIN --name n --plan GOLD", []string{"--plan", "FREE"}},
		"expired before it began": {variables{"DATABASE_URL": url}, "token create --organization a --role ADMIN --name n --expires-in=-1h", []string{"--expires-in"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantOneLine(t, start(t, test.environment, strings.Fields(test.arguments)...), exitMisused, test.want...)
		})
	}
	if entries, err := os.ReadDir(empty); err != nil || len(entries) != 1 {
		t.Errorf("files were left behind: %v, %v", entries, err)
	}
}

// Guarantee: no secret is repeated when its variable is wrong.
func TestSecretsStayOutOfErrors(t *testing.T) {
	t.Parallel()
	for name, environment := range map[string]variables{
		"root token":        {"BURSAR_ROOT_TOKEN": "hunter2"},
		"root token's bits": {"BURSAR_ROOT_TOKEN": "hunter2hunter2hunter2", "BURSAR_METRICS_TOKEN": "hunter2"},
		"database":          {"DATABASE_URL": "postgres://u:hunter2@h:nonsense/x"},
		"database escape":   {"DATABASE_URL": "postgres://u:%zzhunter2@h/x"},
		"database settings": {"DATABASE_URL": "host=h port=nonsense password=hunter2"},
		"webhook secret":    {"RESEND_WEBHOOK_SECRET": "hunter2"},
		"mail key":          {"RESEND_API_KEY": "hunter2\nhunter2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, environment, "dev")
			wantOneLine(t, r, exitMisused)
			if strings.Contains(r.stderr.String(), "hunter2") {
				t.Errorf("the secret is printed: %s", r.stderr)
			}
		})
	}
}

// Guarantee: every command explains itself, with the variables of its flags, and shows no variable's value.
func TestHelp(t *testing.T) {
	t.Parallel()
	environment := variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests, "DATABASE_URL": "postgres://u:hunter2@h/x"}
	for command, want := range map[string][]string{
		"":               {"dev", "serve", "work", "migrate", "verify", "replay", "token", "version"},
		"dev":            {"BURSAR_ADDR", "127.0.0.1:8080", "BURSAR_ROOT_TOKEN", "BURSAR_POSTGRES_BIN", "--data-dir", ".bursar", "RESEND_API_KEY"},
		"serve":          {"DATABASE_URL", "BURSAR_ADDR", "BURSAR_LOG_FORMAT", "BURSAR_LOG_LEVEL"},
		"work":           {"DATABASE_URL", "RESEND_API_KEY", "RESEND_BASE_URL", "BURSAR_MAIL_FROM", "BURSAR_PUBLIC_URL", "BURSAR_MAIL_CALLS_PER_SECOND"},
		"migrate":        {"up", "status"},
		"migrate up":     {"DATABASE_URL"},
		"migrate status": {"DATABASE_URL"},
		"verify":         {"DATABASE_URL", "ledger"},
		"replay":         {"--speed", "--connections", "--token", "--url"},
		"token root":     {"256 random bits"},
		"token create":   {"--organization", "--role", "--expires-in", "--create-organization"},
		"apply":          {"BURSAR_URL", "BURSAR_TOKEN", "--detailed-exitcode", "--prune", "--secrets", "--export", "--schema"},
		"mcp":            {"BURSAR_URL", "BURSAR_TOKEN", "BURSAR_API_KEY"},
		"schema":         {"GraphQL"},
		"version":        {"version"},
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			r := start(t, environment, append(strings.Fields(command), "--help")...)
			if code := r.finish(); code != exitDone || r.stderr.String() != "" {
				t.Errorf("exit code %d, stderr %q", code, r.stderr)
			}
			wantContains(t, "the help", r.stdout.String(), want...)
			for _, secret := range []string{rootTokenOfTests, "hunter2"} {
				if strings.Contains(r.stdout.String(), secret) {
					t.Error("the help shows a secret")
				}
			}
		})
	}
}

// Guarantee: a flag wins over its variable.
func TestFlagWinsOverVariable(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	environment := variables{"BURSAR_ADDR": "nonsense", "DATABASE_URL": "postgres://u@127.0.0.1:1/x"}
	wantOneLine(t, start(t, environment, "serve", "--addr", taken.Addr().String()), exitFailed,
		taken.Addr().String(), "in use", "--addr")
}

// Guarantee: version prints one line and needs no variable to be right.
func TestVersion(t *testing.T) {
	t.Parallel()
	r := start(t, variables{"BURSAR_LOG_LEVEL": "loud"}, "version")
	if code := r.finish(); code != exitDone || !strings.HasPrefix(r.stdout.String(), "bursar ") {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, r.stdout, r.stderr)
	}
}

// Guarantee: version --database prints one line more, PostgreSQL's release and what is known of its time zone data. Without DATABASE_URL it is misused.
func TestVersionOfDatabase(t *testing.T) {
	t.Parallel()
	r := start(t, variables{"DATABASE_URL": database.NewURL(t)}, "version", "--database")
	if code := r.finish(); code != exitDone || !regexp.MustCompile(`\nPostgreSQL \d+\.\d+.* \(time zone data (before 2024a|20\d\d[a-z] or later.*)\)\n$`).MatchString(r.stdout.String()) {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, r.stdout, r.stderr)
	}
	for _, address := range []string{"", "nonsense"} {
		if code := start(t, variables{"DATABASE_URL": address}, "version", "--database").finish(); code != exitMisused {
			t.Errorf("exit code %d with DATABASE_URL %q", code, address)
		}
	}
}

// Guarantee: schema prints the schema, the same to every reader, and needs no variable to be right.
func TestSchema(t *testing.T) {
	t.Parallel()
	r := start(t, variables{"DATABASE_URL": "nonsense"}, "schema")
	if code := r.finish(); code != exitDone || r.stdout.String() != api.SDL() || r.stderr.String() != "" {
		t.Errorf("exit code %d, %d bytes, stderr %q", code, len(r.stdout.String()), r.stderr)
	}
	wantContains(t, "the schema", r.stdout.String(), "type Query {", "reserveUsage(input: ReserveUsageInput!)")
}
