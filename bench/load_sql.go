package bench

// Triggers are disabled during a load: writing the audit log would take longer than everything else. The counters that
// triggers would make, one by one, insertCounters makes at once. Foreign keys are
// dropped and added again, which checks all rows in one pass instead of row by row. No other program can change the tables
// in between, because altering a table locks it until the transaction ends.
const (
	prepareLoad = `
		set local work_mem = '128MB';
		set local maintenance_work_mem = '256MB';
		alter table api_keys disable trigger user;
		alter table limits disable trigger user;
		alter table counters disable trigger user;
		create temporary table loaded (place integer not null, id uuid not null) on commit drop;
		create temporary table dropped on commit drop as
			select c.conrelid::regclass::text as of_table, c.conname::text as name, pg_get_constraintdef(c.oid) as definition
			from pg_constraint c
			where c.contype = 'f' and c.conrelid in ('api_keys'::regclass, 'api_key_secrets'::regclass, 'limits'::regclass,
				'counters'::regclass);
		do $$ declare d record; begin
			for d in select * from dropped loop
				execute format('alter table %s drop constraint %I', d.of_table, d.name);
			end loop;
		end $$`
	finishLoad = `
		do $$ declare d record; begin
			for d in select * from dropped loop
				execute format('alter table %s add constraint %I %s', d.of_table, d.name, d.definition);
			end loop;
		end $$;
		alter table api_keys enable trigger user;
		alter table limits enable trigger user;
		alter table counters enable trigger user;
		drop table loaded, dropped`
)

// analyzeLoaded updates the planner's statistics of the loaded tables, as autovacuum does within a minute. Empty tables are
// not analyzed, as in a new installation: with statistics that say empty, the planner would choose sequential scans.
const (
	analyzeLoaded = `vacuum (analyze) organizations, workspaces, access_tokens, api_keys, api_key_secrets, limits, counters`
	analyzePlain  = `analyze bursar_bench.limits, bursar_bench.counters`
)

// andMore is the placeholder in insertLimits for further limits, such as andTokens.
const (
	andMore   = `/* more */`
	andTokens = `union all select null, k.id, 'BUDGET', 'TOKENS', 'WEEKLY' from api_keys k where k.organization_id = $1`
)

const (
	insertWorkspaces = `
		insert into workspaces (organization_id, name, slug)
		select $1, 'Workspace ' || n, 'workspace-' || n from generate_series(1, $2::integer) n`
	insertLoaded = `insert into loaded select n, uuid_v7() from generate_series(0, $1::integer - 1) n`
	insertKeys   = `
		insert into api_keys (organization_id, id, workspace_id, name, prefix)
		select $1, k.id, w.id, 'Key ' || k.place, $3
		from loaded k
		join (select id, row_number() over (order by id) as place from workspaces where organization_id = $1) w
			on w.place = 1 + k.place % $2::integer`
	insertSecrets = `
		insert into api_key_secrets (organization_id, api_key_id, secret_hash)
		select $1, k.id, sha256(convert_to($2::text || lpad(k.place::text, $3::integer, '0'), 'UTF8')) from loaded k`
	replaceSecrets = `
		update api_key_secrets s
		set secret_hash = sha256(convert_to($1::text || lpad(k.number::text, $2::integer, '0'), 'UTF8'))
		from (select api_key_id, row_number() over (order by api_key_id) - 1 as number from api_key_secrets) k
		where s.api_key_id = k.api_key_id`
	// the limits of a key are adjacent, as createApiKey inserts them; what they stand on is as fill_limit_subject computes it
	insertLimits = `
		insert into limits (organization_id, workspace_id, api_key_id, subject_id, subject_type, kind, type, period, max_units)
		select $1, s.workspace_id, s.api_key_id, coalesce(s.api_key_id, s.workspace_id, $1), case when s.api_key_id is not null then 'API_KEY'
			when s.workspace_id is not null then 'WORKSPACE' else 'ORGANIZATION' end::subject_type, s.kind, s.type, s.period, $2
		from (
			select null::uuid as workspace_id, null::uuid as api_key_id, 'BUDGET'::limit_kind as kind, 'COST'::limit_type as type,
				'MONTHLY'::limit_period as period
			union all select w.id, null, 'BUDGET', 'COST', 'MONTHLY' from workspaces w where w.organization_id = $1
			union all select null, k.id, 'BUDGET', 'COST', 'MONTHLY' from api_keys k where k.organization_id = $1
			union all select null, k.id, 'RATE', 'REQUESTS', 'MINUTE' from api_keys k where k.organization_id = $1
			` + andMore + `
		) s
		order by s.api_key_id nulls first`
	// as keep_counters makes them, in the order of the limits
	insertCounters = `
		insert into counters (organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
			period_start, period_end)
		select l.organization_id, l.id, l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, l.alert_units, l.generation,
			period_start(l.period, now()), period_end(l.period, now())
		from limits l where l.organization_id = $1 order by l.id`
)
