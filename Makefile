# One target per habit; `make` lists them. The checks themselves are the steps of .ci/run.

.DEFAULT_GOAL := help
tool := go tool -modfile=tools/go.mod

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: dev
dev: ## Run everything in one process, with data in .bursar
	go run ./cmd/bursar dev

.PHONY: build
build: ## Build bin/bursar
	CGO_ENABLED=0 go build -trimpath -o bin/bursar ./cmd/bursar

.PHONY: generate
generate: ## Write the generated code anew, after a change of sql/ or graph/schema/
	$(tool) sqlc generate
	$(tool) gqlgen generate
	$(tool) genqlient graph/testdata/genqlient/pointer/genqlient.yaml
	$(tool) genqlient graph/testdata/genqlient/omitempty/genqlient.yaml
	$(tool) genqlient graph/testdata/genqlient/portal/genqlient.yaml
	go run ./graph/matrix

.PHONY: fix
fix: ## Format, and apply the fixes that linters know
	$(tool) golangci-lint run --fix ./...
	$(tool) golangci-lint fmt

.PHONY: check
check: ## Vet, format, lint, prove the generated code, the queries and the modules current
	.ci/run build format lint generated queries modules files

.PHONY: test
test: ## Run the tests; they start a PostgreSQL of their own
	go test ./...

.PHONY: thorough
thorough: ## Run the tests with ten times as many kills, random sequences and rows, and with the variants that are left out otherwise
	BURSAR_TEST_REPEAT=10 go test -timeout 1h ./...

.PHONY: short
short: ## Run the tests without the long ones
	go test -short ./...

.PHONY: race
race: ## Run the tests under the race detector
	go test -race ./...

.PHONY: fuzz
fuzz: ## Fuzz each target for a moment, or for FUZZ_TIME=2m
	.ci/run fuzz

.PHONY: faults
faults: ## Have everything fail in turn under gateways, at length; prints the table of docs/reliability.md (3 minutes)
	BURSAR_TEST_FAULTS=1 go test ./test -run '^(TestFaults|TestWrongClock.*)$$' -v -count=1 -timeout 30m

.PHONY: postgres-versions
postgres-versions: ## Run the tests of enforcement and access on PostgreSQL 15 to 18, or ONLY="16 17" (needs npm; 15 minutes)
	.ci/postgres-versions

.PHONY: hostile
hostile: ## Measure gateways in peace, under attack and beside a flood (more than 10 minutes)
	go run ./cmd/bursar-bench hostile

.PHONY: compare
compare: ## Measure this build and AGAINST=binary alternately, and print the ratios of their rates (5 minutes)
	go run ./cmd/bursar-bench compare --against "$(AGAINST)"

.PHONY: release
release: ## Keep this commit's schema as a release: a dump, its statements and the commit (needs PostgreSQL 15)
	BURSAR_TEST_RELEASE=1 go test ./test -run '^TestEveryTableHasRows$$' -v -count=1

.PHONY: verify
verify: ## Recompute every counter of the database in .bursar, or of DATABASE_URL
	go run ./cmd/bursar verify

.PHONY: web
web: ## Build web/dist, which is committed
	cd web && npm ci && npm run build

.PHONY: clients
clients: ## Run real clients through the gateway, and write what they see into the manual
	CLIENTS_CHECK= .ci/run clients

.PHONY: web-test
web-test: ## Run GraphiQL in a real browser (needs chromium)
	cd web && npm test

.PHONY: vulnerabilities
vulnerabilities: ## Ask for known vulnerabilities of Go modules and npm packages
	.ci/run vulnerabilities audit

.PHONY: ci
ci: ## Everything that must hold before a merge
	.ci/run
