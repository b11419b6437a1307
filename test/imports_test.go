// Package test holds what is true of the repository as a whole.
package test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rule says which of Bursar's own packages a package may import, and why no others.
type rule struct {
	may    []string
	reason string
}

const leaf = "it is a leaf: everybody may import it, so it imports nothing of Bursar, or a cycle is one import away"

// rules has one entry for every package, by its path below the module. A package that is missing here fails the test: say
// what it may import before others depend on it. Imports of tests are their own affair.
func rules() map[string]rule {
	everything := []string{"..."}
	graph := []string{"auth", "db", "enforce", "fault", "graph/bulk", "graph/caller", "graph/control", "graph/denial", "graph/directive", "graph/exec", "graph/fingerprint", "graph/keyscope", "graph/list", "graph/loader", "graph/lookup", "graph/membership", "graph/model", "graph/page", "graph/placement", "graph/preview", "graph/report", "graph/request", "graph/scalar", "graph/sdl", "graph/selection", "graph/validate", "id", "webhook"}
	const otherGateways = "it knows the form of one kind of gateway: what is decided, adapter asks for; it has no pool and no resolver"
	const request = "it answers requests as they come; what may wait is a row in the database that a worker finds, " +
		"and what starts programs or schemas is cmd's"
	return map[string]rule{
		"adapter/envoy": {[]string{"adapter", "adapter/envoy/mapping", "auth", "db", "enforce", "fault", "gateway/wire", "graph/denial", "graph/directive", "graph/fingerprint", "graph/keyscope", "graph/model", "graph/scalar", "graph/sdl", "graph/validate", "id"},
			"it asks enforcement what Envoy asks it, in the forms and by the rules of the schema: who calls is in the context, and how calls travel is grpcserver's"},
		"adapter/envoy/mapping": {[]string{"auth", "fault", "id", "yamlfile"}, "it says what descriptors mean, and asks nobody"},
		"adapter/envoy/listener": {[]string{"adapter/envoy", "adapter/envoy/mapping", "auth", "db", "enforce", "grpcserver", "httpserver", "yamlfile"},
			"it runs the services beside the API, of which it is given what it needs"},
		"grpcserver": {nil, leaf + "; services, flags and the environment are its callers'"},
		"api": {[]string{"adapter", "adapter/check", "adapter/litellm", "adapter/portkey", "api/admission", "api/authn", "api/document", "api/export", "api/live", "api/requestid", "auth", "auth/sso", "db", "db/cells", "db/standby", "denials", "enforce", "fault", "graph", "graph/bulk", "graph/caller", "graph/coercion", "graph/directive", "graph/keyscope", "graph/loader", "graph/lookup", "graph/placement", "graph/rawjson", "graph/sdl", "graph/validate", "httpserver", "id", "webhook"},
			"it puts the parts of the front door together around the resolvers; of the database it knows pools and what errors mean"},
		"api/admission": {[]string{"auth", "fault"}, "it decides who waits by who calls and what kind of request it is: it knows no resolver, no schema and no database"},
		"api/authn":     {[]string{"auth", "auth/sso", "db", "db/cells", "fault", "id"}, "it finds out who calls, by rows and signatures: what they may do, the schema says"},
		"api/document":  {[]string{"auth", "fault"}, "it judges a document by its text and its tree, and is given the schema: it knows no resolver"},
		"api/export": {[]string{"api/admission", "audit", "auth", "db", "fault", "graph/caller", "graph/directive", "graph/lookup", "graph/model", "graph/sdl", "graph/validate", "id"},
			"it answers the rows of fields of the schema to those who may ask for the fields; who calls and how errors look is the server's to say"},
		"api/live":      {[]string{"db", "fault", "id"}, "it tells listeners what rows have changed: who may listen is its caller's to say"},
		"api/requestid": {nil, leaf},

		"adapter": {[]string{"auth", "db", "enforce", "fault", "gateway/wire", "graph/bulk", "graph/denial", "graph/directive", "graph/keyscope", "graph/model", "graph/request", "graph/sdl", "graph/validate", "id", "usage"},
			"it asks for enforcement as the resolvers do, by the same inputs; who calls, and how bodies are read, is the server's to say"},
		"adapter/check":   {[]string{"adapter", "db", "enforce", "fault", "gateway/wire", "graph/model", "graph/validate", "id", "usage"}, otherGateways},
		"adapter/litellm": {[]string{"adapter", "db", "enforce", "fault", "gateway/wire", "graph/model", "graph/scalar", "usage"}, otherGateways},
		"adapter/portkey": {[]string{"adapter", "db", "fault", "gateway/wire", "graph/model", "graph/scalar", "usage"}, otherGateways},

		"auth":       {nil, leaf},
		"health":     {nil, leaf + "; what is checked is cmd's to say"},
		"httpserver": {nil, leaf + "; handlers, flags and the environment are its callers'"},
		"docs":       {nil, leaf},
		"fault":      {nil, leaf},
		"id":         {nil, leaf},
		"mail":       {nil, leaf},
		"pg":         {nil, leaf},
		"sql":        {nil, leaf},
		"web":        {nil, leaf},
		"yamlfile":   {nil, leaf + "; which settings there are, its callers say"},
		"worker/job": {nil, leaf + "; others enqueue a job by its arguments alone"},

		"gateway":         {[]string{"gateway/leasing", "gateway/seal", "gateway/wire", "usage"}, "other programs import it: it is a client of the API, and brings neither Bursar's server nor its database"},
		"gateway/seal":    {nil, leaf},
		"gateway/spool":   {nil, leaf},
		"gateway/leasing": {[]string{"usage"}, "it decides by what it is told, and knows neither HTTP nor the API"},
		"gateway/proxy": {[]string{"catalogue", "gateway", "gateway/leasing", "gateway/seal", "gateway/spool", "gateway/transfer", "gateway/wire", "usage", "yamlfile"},
			"it governs calls as any gateway does, through the API: it knows no row, no role and no resolver"},
		"gateway/transfer": {[]string{"gateway/wire"}, "it moves bytes, and knows no call; what it refuses is said in the dialects' words"},
		"gateway/service":  {[]string{"gateway/proxy", "httpserver"}, "it runs the proxy; flags and the environment are its callers'"},

		"apiclient":      {nil, leaf + "; it calls the API over HTTP, as programs outside do"},
		"apply":          {[]string{"apiclient", "apply/document"}, "it is a client of the API, as a Terraform provider would be: it knows no row, no role and no resolver"},
		"apply/document": {nil, leaf + "; it reads and writes files, and knows no server"},
		"apply/command": {[]string{"apiclient", "apply", "apply/document", "demo", "terminal"},
			"it is the command at a terminal; of the demo organization it has the token that bursar dev left"},
		"mcpserver":         {[]string{"apiclient", "auth"}, "it asks the API with one token, which decides; of auth it has what takes secrets out of texts"},
		"mcpserver/command": {[]string{"apply/command", "auth", "mcpserver"}, "it is the command, with the flags of a server that bursar apply has; of auth it knows the form of secrets"},

		"usage":              {nil, leaf + "; it reads what providers answer, for gateways as well"},
		"gateway/wire":       {[]string{"usage"}, "it knows formats alone: what is reserved, where a call goes and who asks is its callers' to say"},
		"catalogue":          {[]string{"usage"}, "it reads lists of prices and compares them; which prices there are, and who may set them, its callers say"},
		"catalogue/store":    {[]string{"catalogue", "db", "fault", "usage"}, "it carries a list to the database and back; whose word it needs, cmd asks"},
		"terminal":           {nil, leaf + "; what is asked, commands say"},
		"catalogue/takeover": {[]string{"catalogue", "catalogue/store", "db", "terminal"}, "it shows, asks and imports at a terminal; which database, cmd's flags say"},
		"catalogue/generate": {[]string{"catalogue"}, "it makes the list in the binary, and is not in it"},

		"gateway/demoprovider": {[]string{"gateway/demoprovider/demomodel", "usage"},
			"it is a provider, and shares nothing with what it tests; of usage it has the names of the parts, and does not read with it"},
		"gateway/demoprovider/demomodel": {[]string{"usage"}, "it says and counts, and knows no format, no HTTP and no gateway"},

		"auth/sso": {[]string{"fault"}, "it knows tokens and keys; who is a member of what, the database says"},

		"db/confirmed":      {nil, leaf + "; it knows no row and no error of clients"},
		"db/session":        {nil, leaf + "; roles, pools and statements are db's"},
		"db/fanout":         {nil, leaf + "; it asks whatever it is given"},
		"db/failover":       {[]string{"db/session"}, "it watches connections, and knows no row"},
		"db/cells":          {[]string{"db", "fault"}, "it says where an organization is: pools are made by who has the flags, and who asks is its callers' affair"},
		"db/cells/pools":    {[]string{"db", "db/cells", "db/cells/identity", "db/failover", "db/session", "fault"}, "it connects a server to databases, and asks them whether they are fit: which there are, cmd's flags say"},
		"db/cells/command":  {[]string{"db", "db/cells", "db/cells/identity", "db/session", "fault", "sql", "terminal"}, "it goes through databases at a terminal; which they are, cmd's flags say, and of schemas it looks at versions alone"},
		"db/cells/identity": {[]string{"db", "db/cells", "db/session", "fault"}, "it compares what databases say of themselves with what home knows, and makes them cells: who asks, and what is printed, is its callers' affair"},
		"db/fitness":        {[]string{"db", "db/failover", "db/session", "fault", "health", "sql"}, "it looks at a database as a whole, for processes that start or are probed; which database, cmd's flags say"},
		"db/standby":        {[]string{"db/session"}, "it chooses servers by their positions, and knows no row; pools are made by who has the flags"},
		"db":                {[]string{"db/confirmed", "db/failover", "db/fanout", "db/session", "db/standby", "fault", "id"}, "rows and queries know neither who asks nor how an answer travels"},
		"denials":           {[]string{"db"}, "it adds up answers of enforcement and writes the sums: who asks and how is not its business"},
		"enforce":           {[]string{"db", "db/confirmed", "fault", "id"}, "it carries requests to the database and decides nothing: no roles, no HTTP, no jobs"},

		"graph":        {graph, request},
		"graph/exec":   {graph, request},
		"graph/model":  {graph, request},
		"graph/caller": {[]string{"api/requestid", "auth", "db", "fault"}, "it knows who calls and which organization's rows that opens, whatever is asked for"},
		"graph/lookup": {[]string{"db", "fault", "graph/caller", "graph/loader", "graph/model", "graph/selection", "graph/validate", "id"},
			"it finds rows for whoever asks, and changes none"},
		"graph/list": {[]string{"auth", "db", "fault", "graph/caller", "graph/coalesce", "graph/loader", "graph/lookup", "graph/model", "graph/page", "graph/placement", "graph/report", "graph/selection", "graph/validate", "id"},
			"it reads pages and reports, and changes nothing"},
		"graph/control": {[]string{"auth", "db", "fault", "graph/caller", "graph/fingerprint", "graph/limitset", "graph/lookup", "graph/lost", "graph/model", "graph/placement", "graph/validate", "id", "webhook"},
			"it changes what people and administrators set; lists are read, and usage is enforced, without it"},
		"graph/placement": {[]string{"auth", "db", "db/cells", "fault", "graph/directive", "graph/loader", "graph/page", "graph/validate", "id"},
			"it says in which cell organizations are and where they are made: of a cell's rows it reads the directory and organizations, as the operator"},
		"graph/limitset": {[]string{"db", "fault", "graph/model", "graph/validate", "id"},
			"it compares what there is with what a form has; rows are read and changed by its callers"},
		"graph/preview": {[]string{"auth", "db", "fault", "graph/caller", "graph/lookup", "graph/model", "graph/validate", "id", "mail"},
			"it words mail that nobody is sent: it reads what there is, and changes nothing"},
		"graph/bulk": {[]string{"db", "fault", "graph/coercion", "graph/model", "graph/rawjson", "graph/scalar"},
			"it reads many calls out of a request's text and answers them; what becomes of them is the resolvers' business"},
		"graph/rawjson":     {nil, leaf},
		"graph/coercion":    {[]string{"fault", "graph/scalar"}, "it checks values against the parsed schema, whichever it is; what they mean is the resolvers' business"},
		"graph/denial":      {[]string{"db"}, "it words what the database has decided, for whoever tells it"},
		"graph/sdl":         {[]string{"graph/exec"}, "it is the schema without what executes it"},
		"graph/coalesce":    {nil, leaf},
		"graph/directive":   {[]string{"auth", "fault"}, "it reads the parsed schema, whichever it is; rows and resolvers are none of its business"},
		"graph/keyscope":    {[]string{"auth", "db", "fault", "graph/validate", "id"}, "it says for which key a request is, out of its input and its token"},
		"graph/loader":      {[]string{"db", "fault", "graph/directive"}, "it groups and counts rows whatever they are; of the database it knows what errors mean, and of an operation whether it is enforcement"},
		"graph/fingerprint": {[]string{"enforce"}, "it hashes what a request asks for"},
		"graph/request":     {[]string{"enforce", "fault", "graph/fingerprint", "graph/keyscope", "graph/model", "graph/validate", "id"}, "it makes requests of enforcement out of inputs, for resolvers and for adapters of other gateways"},
		"graph/lost":        {[]string{"db"}, "it words what to do about a secret that nobody has seen"},
		"graph/report":      {[]string{"db", "graph/model"}, "it groups sums that the database has made, and tells by its arguments how many a report has"},
		"graph/membership": {[]string{"api/requestid", "auth", "db", "db/cells", "fault", "id"},
			"it reads and changes what a person is in several organizations, by the verified address; other resolvers name one organization"},
		"graph/matrix": {[]string{"graph/exec"}, "it writes a page of the manual out of the schema"},
		"graph/page": {[]string{"db", "fault", "graph/model", "graph/selection", "graph/validate"},
			"it cuts lists into pages whatever their rows are; of the database it knows what errors mean"},
		"graph/selection": {nil, leaf},
		"graph/scalar":    {[]string{"auth", "db", "fault"}, "a scalar is a value and its spelling"},
		"graph/validate": {[]string{"auth", "db", "enforce", "fault", "graph/model", "id", "webhook"},
			"it checks values and returns them in the units of the database: it knows no caller, no row and no resolver"},

		"mail/resend": {[]string{"mail"}, "it knows one provider's API, and neither who is mailed nor what is noted of it"},

		"delivery": {[]string{"db", "id", "mail"}, "it mails what is stored: who calls it and when is the worker's, how mail travels is the sender's"},
		"webhook":  {nil, leaf + "; what is due, and to whom, its callers say"},
		"webhook/dispatch": {[]string{"db", "delivery", "id", "webhook"},
			"it tells webhooks what is stored, in the words of mail: who calls it and when is the worker's"},
		"simulate": {[]string{"db", "id"}, "it decides on usage again, by rows of the ledger: who asks, and which job calls it, is not its business"},
		"worker": {[]string{"db", "delivery", "id", "simulate", "webhook/dispatch", "worker/job"},
			"jobs run without a caller: they have no principal and no GraphQL; what a mail says and who sends it is delivery's"},
		"observe":    {[]string{"auth", "db", "db/standby", "enforce", "fault", "gateway", "gateway/proxy"}, "metrics and logs look on; nothing depends on what they see"},
		"operatorui": {[]string{"auth", "httpserver"}, "it shows River's own pages, and knows no row and no job"},
		"observe/tracing": {[]string{"auth", "enforce"},
			"it makes spans of what passes through interfaces of pgx, River, net/http and enforce, and knows no rows, roles or resolvers"},
		"dev": {[]string{"auth", "catalogue", "catalogue/store", "db", "db/cells/identity", "db/session", "demo", "fault", "gateway/demoprovider", "gateway/demoprovider/demomodel",
			"gateway/proxy", "gateway/service", "gateway/wire", "id", "pg", "usage"},
			"it is what bursar dev has beside the product, and what that prints; the server and the jobs, cmd wires"},
		"demo": {[]string{"auth", "catalogue/takeover", "db", "fault", "id"}, "it makes rows as an administrator would, and starts nothing"},
		"importer": {[]string{"auth", "db"},
			"it knows what exports look like and what becomes of them: no system by name, and of the database its words alone"},
		"importer/command": {[]string{"db", "importer", "importer/litellm", "importer/portkey", "importer/store", "terminal"},
			"it shows plans and imports at a terminal; which database, cmd's flags say"},
		"importer/litellm": {[]string{"auth", "db", "importer"}, "it knows one system, and no row of ours; of the database it has the words"},
		"importer/portkey": {[]string{"auth", "db", "importer"}, "it knows one system, and no row of ours; of the database it has the words"},
		"importer/store":   {[]string{"auth", "db", "id", "importer"}, "it carries a plan to the database, whichever system it is of; who asks, cmd says"},
		"audit":            {[]string{"db", "id"}, "it reads the log and writes it; who asks for it and where the database is are cmd's business"},
		"move":             {[]string{"db", "id"}, "it copies rows from one database to another and has one of them decide; where they are, and who asks for it, is its caller's to say"},
		"move/command":     {[]string{"cmd/bursar/value", "db", "db/session", "id", "move", "terminal"}, "it shows a move and asks; how one is moved is move's business"},
		"verify":           {[]string{"db", "id"}, "it reads the books and prints; who asks for it and where the database is are cmd's business"},
		"replay":           {[]string{"auth", "fault"}, "it is a client like any other: it speaks to a server through the API and knows its error codes and the form of secrets"},
		"bench": {[]string{"auth", "bench/gauge", "bench/leased", "db", "fault", "gateway", "graph/exec", "graph/model", "id"},
			"it measures the program and the database from outside; what it imports of the server is a ceiling to compare with"},
		"bench/command":    {[]string{"bench", "bench/overhead", "bench/plot", "bench/testbed", "cmd/bursar/value"}, "it is the command, with its flags; servers are processes of the program that it is in"},
		"bench/compare":    {[]string{"bench"}, "it knows two servers by their URLs; their schemas may differ from this one's"},
		"bench/leased":     {[]string{"bench/gauge", "db", "gateway", "usage"}, "it is a gateway, and looks at the database from outside"},
		"bench/plot":       {[]string{"bench"}, "it draws what was measured"},
		"bench/ratelimits": {[]string{"bench/gauge"}, "it knows servers by their addresses, whose they are"},
		"bench/gauge":      {nil, leaf + "; it measures, and knows nothing of what is measured"},
		"bench/hostile":    {[]string{"auth", "bench", "bench/gauge", "db", "id"}, "it measures what gateways notice of an attack, and attacks a server from outside"},
		"bench/overhead": {[]string{"bench", "bench/gauge", "db", "gateway/demoprovider", "gateway/demoprovider/demomodel"},
			"it measures processes from outside, and asks the provider and the database what they have counted"},
		"bench/directory": {[]string{"api/authn", "auth", "bench/gauge", "db", "db/cells", "fault"},
			"it asks what a server asks, of more cells than a machine has databases for; which databases, cmd says"},
		"bench/testbed": {[]string{"bench", "bench/overhead", "db", "db/session", "httpserver", "pg"}, "it starts a PostgreSQL and processes of a build; migrations are the build's own command"},

		"cmd/bursar":             {everything, ""},
		"cmd/bursar/value":       {[]string{"auth", "db/cells", "mail/resend", "worker"}, "it reads values of flags, and starts nothing"},
		"cmd/bursar/environment": {nil, leaf + "; which flags there are, the commands say"},
		"cmd/bursar-bench": {[]string{"bench", "bench/compare", "bench/directory", "bench/hostile", "bench/overhead", "bench/ratelimits", "bench/testbed"},
			"it runs the product as a process, and wires no second one"},
		"db/dbtest": {[]string{"auth", "db", "db/session", "db/dbtest/tempdir", "db/dbtest/usercache", "db/session", "pg", "sql"}, "every package's tests import it"},
		"test":      {everything, ""},

		"auth/sso/ssotest":       {nil, "it is the provider, and shares nothing with what it tests"},
		"httpserver/certtest":    {nil, "it issues certificates, and shares nothing with what it tests"},
		"db/cells/cellstest":     {[]string{"db", "db/cells", "db/dbtest", "db/session"}, "it makes databases and moves rows between them; what asks there is the tests' affair"},
		"db/dbtest/usercache":    {nil, leaf},
		"db/dbtest/tempdir":      {nil, leaf + "; tests of pg import it, which db/dbtest imports"},
		"mail/resend/resendtest": {nil, "it stands in for the provider, and shares nothing with what it tests"},
		"db/dbtest/postgresql":   {[]string{"db/dbtest", "db/dbtest/tempdir"}, "it runs the server that db/dbtest starts, for the tests of all packages"},
		"db/model":               {[]string{"db", "fault"}, "it repeats in Go what the functions do, and uses the names of statuses and units of db alone"},
		"graph/graphtest": {[]string{"auth/sso", "auth/sso/ssotest", "api", "db", "db/cells", "db/dbtest", "id"},
			"it calls a server as clients do; of the database it makes tenants alone"},
		"delivery/deliverytest": {[]string{"db", "db/dbtest", "mail"}, "tests of delivery itself import it, so it imports nothing of that"},

		"observe/tracing/tracingtest": {nil, "it stands in for a collector, and shares nothing with what it tests"},
	}
}

// onlyFor names packages that few may import, whatever their rule says, and why.
func onlyFor() map[string]rule {
	return map[string]rule{
		"sql":           {[]string{"cmd/bursar", "db/cells/command", "db/dbtest", "db/fitness"}, "only cmd decides when a schema is migrated; bursar cells and processes that start look at its version"},
		"pg":            {[]string{"bench/testbed", "cmd/bursar", "db/dbtest", "dev"}, "everybody else is given a pool and does not ask where its server comes from"},
		"api":           {[]string{"cmd/bursar", "graph/graphtest"}, "resolvers, jobs and rows do not know that they are asked over HTTP"},
		"api/admission": {[]string{"api", "api/export", "cmd/bursar"}, "only the server and its exports make requests wait; cmd gives the webhook a tarpit of its own"},
		"api/authn":     {[]string{"api", "bench/directory"}, "only the server reads tokens; the caller is in the context (auth)"},
		"api/document":  {[]string{"api", "cmd/bursar"}, "a resolver is given fields, never a document's text; cmd holds the trusted ones"},
		"graph":         {[]string{"api"}, "its fields are reached through the schema"},

		"adapter/check":   {[]string{"api"}, "they are paths of the server's"},
		"adapter/litellm": {[]string{"api"}, "they are paths of the server's"},
		"adapter/portkey": {[]string{"api"}, "it is a path of the server's"},

		"audit":      {[]string{"api/export", "cmd/bursar"}, "a command and the exports write the log out; resolvers read pages of it"},
		"api/export": {[]string{"api"}, "it is a path of the server's, and nobody else's"},
		"dev":        {[]string{"cmd/bursar"}, "it is one command's"},
		"health":     {[]string{"cmd/bursar", "db/fitness"}, "only the process as a whole knows whether it is ready"},
		"operatorui": {[]string{"cmd/bursar"}, "River UI is a path of the server's, and nobody else's"},

		"bench/compare": {[]string{"cmd/bursar-bench"}, "comparing builds is for developers, and no part of the product"},
		"bench/hostile": {[]string{"cmd/bursar-bench"}, "the product contains no attacker"},

		"bench/directory": {[]string{"cmd/bursar-bench"}, "a server has no cells but its own"},

		"cmd/bursar":       {nil, "a program is the end of the line"},
		"cmd/bursar-bench": {nil, "a program is the end of the line"},

		"db/dbtest": {[]string{"db/cells/cellstest", "db/dbtest/postgresql", "delivery/deliverytest", "graph/graphtest"}, "test code does not go into the program"},
		"test":      {nil, "test code does not go into the program"},

		"db/cells/cellstest":     {nil, "test code does not go into the program"},
		"httpserver/certtest":    {nil, "test code does not go into the program"},
		"auth/sso/ssotest":       {[]string{"graph/graphtest"}, "test code does not go into the program"},
		"db/dbtest/usercache":    {[]string{"db/dbtest"}, "test code does not go into the program"},
		"db/dbtest/tempdir":      {[]string{"db/dbtest", "db/dbtest/postgresql"}, "test code does not go into the program"},
		"db/model":               {nil, "test code does not go into the program"},
		"graph/graphtest":        {nil, "test code does not go into the program"},
		"mail/resend/resendtest": {nil, "test code does not go into the program"},
		"delivery/deliverytest":  {nil, "test code does not go into the program"},

		"observe":                     {[]string{"cmd/bursar"}, "others are given an interface of their own, so that they do not depend on who watches them"},
		"observe/tracing":             {[]string{"cmd/bursar"}, "others are given an interface of their own, so that they do not depend on who watches them"},
		"observe/tracing/tracingtest": {nil, "test code does not go into the program"},
	}
}

// Imports point one way: cmd → api → graph, worker → enforce → db → fault. Each forbidden edge is named with its reason, and
// every rule is of a package that exists.
func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	packages := list(t)
	for importer, imports := range packages {
		own, known := rules()[importer]
		if !known {
			t.Errorf("%s has no rule: say in rules() what it may import and why nothing else", importer)
			continue
		}
		for _, imported := range imports {
			if !slices.Contains(own.may, imported) && !slices.Contains(own.may, "...") {
				t.Errorf("%s must not import %s: %s", importer, imported, own.reason)
			}
			if few, restricted := onlyFor()[imported]; restricted && !slices.Contains(few.may, importer) {
				t.Errorf("%s must not import %s: %s", importer, imported, few.reason)
			}
		}
	}
	for name := range rules() {
		if _, exists := packages[name]; !exists {
			t.Errorf("rules() has an entry for %s, which is no package", name)
		}
	}
	for name := range onlyFor() {
		if _, exists := packages[name]; !exists {
			t.Errorf("onlyFor() has an entry for %s, which is no package", name)
		}
	}
}

// list returns what each of Bursar's packages imports of Bursar, without what its tests import.
func list(t *testing.T) map[string][]string {
	t.Helper()
	const module = "bursar/"
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...")
	output, err := command.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	packages := map[string][]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read the answer of go list: %v", err)
		}
		importer := strings.TrimPrefix(p.ImportPath, module)
		packages[importer] = nil
		for _, imported := range p.Imports {
			if name, ours := strings.CutPrefix(imported, module); ours {
				packages[importer] = append(packages[importer], name)
			}
		}
	}
}
