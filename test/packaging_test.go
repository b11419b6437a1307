package test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// pinnedImage is an image by its version and its digest.
var pinnedImage = regexp.MustCompile(`^[a-z0-9./-]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$`)

// Guarantee: the file names no frontend, which would be an image that runs while others are built.
func TestDockerfileHasNoFrontend(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`(?m)^#\s*syntax\s*=`).Match(source) {
		t.Error("the Dockerfile names a frontend")
	}
}

// The image runs the binary alone, as an unprivileged user, from stages and files that exist.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	var stages []string
	last := map[string]string{} // the last arguments of each instruction
	for _, line := range instructions(t, "../Dockerfile") {
		instruction, arguments, _ := strings.Cut(line, " ")
		fields := strings.Fields(arguments)
		last[instruction] = arguments
		switch instruction {
		case "FROM":
			if len(fields) == 3 && fields[1] == "AS" {
				stages = append(stages, fields[2])
			}
			if !slices.Contains(stages, fields[0]) && !pinnedImage.MatchString(fields[0]) {
				t.Errorf("%s: name a version and its digest", line)
			}
		case "COPY":
			if from, ok := strings.CutPrefix(fields[0], "--from="); ok {
				if !slices.Contains(stages, from) {
					t.Errorf("%s: there is no stage %s", line, from)
				}
				continue
			}
			for _, source := range fields[:len(fields)-1] {
				if _, err := os.Stat(filepath.Join("..", source)); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
		case "RUN", "WORKDIR", "ENV", "EXPOSE", "USER", "ENTRYPOINT", "CMD":
		default:
			t.Errorf("%s: unknown instruction", line)
		}
	}
	if last["USER"] != "nonroot" || last["ENTRYPOINT"] != `["/bursar"]` {
		t.Errorf("USER %s, ENTRYPOINT %s", last["USER"], last["ENTRYPOINT"])
	}
}

// instructions returns the instructions of a Dockerfile, one line each.
func instructions(t *testing.T, path string) []string {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(source), "")
	return slices.DeleteFunc(strings.Split(whole, "\n"), func(line string) bool {
		return line == "" || strings.HasPrefix(line, "#")
	})
}

// The services migrate before they serve or work, keep the database's files, and have no secret in the file.
func TestCompose(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Image       string
			Command     []string
			Environment map[string]string
			Volumes     []string
			DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		}
		Volumes map[string]any
	}
	// a key beside << is no duplicate: it wins over the merged one
	if err := yaml.UnmarshalWithOptions(source, &compose, yaml.AllowDuplicateMapKey()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"serve-1", "serve-2", "work"} {
		if condition := compose.Services[name].DependsOn["migrate"].Condition; condition != "service_completed_successfully" {
			t.Errorf("%s starts when migrate is %q", name, condition)
		}
	}
	secret := regexp.MustCompile(`^\$\{\w+:(\?.+|-)\}$`)
	for name, service := range compose.Services {
		for variable, value := range service.Environment {
			if regexp.MustCompile(`PASSWORD|TOKEN|KEY|SECRET`).MatchString(variable) && !secret.MatchString(value) {
				t.Errorf("%s: %s is in the file; take it from the environment", name, variable)
			}
		}
		if name == "postgres" && !pinnedImage.MatchString(service.Image) {
			t.Errorf("%s: image %q has no digest", name, service.Image)
		}
		if name != "postgres" && (service.Image != "bursar" || service.Environment["DATABASE_URL"] == "") {
			t.Errorf("%s: image %q, DATABASE_URL %q", name, service.Image, service.Environment["DATABASE_URL"])
		}
	}
	if volumes := compose.Services["postgres"].Volumes; !slices.Contains(volumes, "postgres:/var/lib/postgresql") {
		t.Errorf("postgres keeps %v", volumes)
	} else if _, declared := compose.Volumes["postgres"]; !declared {
		t.Error("the volume postgres is not declared")
	}
}
