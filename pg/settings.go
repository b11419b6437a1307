package pg

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// validate checks what can be told without looking at the machine.
func (c Config) validate() error {
	if c.Temporary && c.DataDir != "" {
		return errors.New("a temporary server chooses its own folder: leave DataDir empty")
	}
	if !c.Temporary && c.DataDir == "" {
		return errors.New("no data folder was named")
	}
	name := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
	for _, setting := range slices.Sorted(maps.Keys(c.Settings)) {
		if !name.MatchString(setting) {
			return fmt.Errorf("%q is not the name of a PostgreSQL setting", setting)
		}
		switch strings.ToLower(setting) {
		case "port", "listen_addresses", "unix_socket_directories", "data_directory", "hba_file", "external_pid_file",
			"logging_collector", "log_destination", "lc_messages":
			// Connecting to the server, detecting that it is ready and reading its log depend on these.
			return fmt.Errorf("the setting %s is not for the caller to choose", setting)
		}
	}
	return nil
}

// settings returns what the server is started with: the package's defaults below the caller's own.
func (c Config) settings(installation installation) map[string]string {
	settings := map[string]string{
		"TimeZone":        "UTC",
		"log_timezone":    "UTC",
		"wal_compression": "on", // pglz, which takes a third of the time to charge keys that were idle for minutes
		"max_connections": "200",
		"shared_buffers":  "256MB",
	}
	if c.Temporary {
		settings["max_connections"] = "400" // test binaries open a pool per test
		settings["shared_buffers"] = "128MB"
		settings["fsync"] = "off"
		settings["synchronous_commit"] = "off"
		settings["full_page_writes"] = "off"
	}
	if installation.hasLZ4() {
		settings["wal_compression"] = "lz4"
	}
	var preloaded []string
	if c.Temporary {
		preloaded = append(preloaded, "plpgsql") // each test opens connections: else every one loads it
	}
	if installation.hasLibrary("pg_stat_statements") {
		preloaded = append(preloaded, "pg_stat_statements")
	}
	if len(preloaded) > 0 {
		settings["shared_preload_libraries"] = strings.Join(preloaded, ",")
	}
	for name, value := range c.Settings {
		// PostgreSQL takes the names in any case: two spellings of one setting must not both be passed.
		for present := range settings {
			if strings.EqualFold(present, name) {
				delete(settings, present)
			}
		}
		settings[name] = value
	}
	return settings
}

// settingArguments turns settings into options of postgres, in the order of their names.
func settingArguments(settings map[string]string) []string {
	var arguments []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		arguments = append(arguments, "-c", name+"="+settings[name])
	}
	return arguments
}
