-- SimulateLimits asks for what limits that do not exist would have refused: see the function. No row for another organization than the caller's.
-- name: SimulateLimits :one
select * from simulate_limits(@organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), @limits, @from_time, @to_time);

-- FindSimulations returns the simulations of the given ids that exist, within an organization (null: any).
-- name: FindSimulations :many
select * from simulations s
where s.id = any (@ids::uuid[]) and (sqlc.narg('organization_id')::uuid is null or s.organization_id = sqlc.narg('organization_id'));

-- ListSimulations returns the simulations of an organization (null: of every one), of a subject (null: of all), between two of them (null: no bound), newest
-- first, or oldest first if backward.
-- name: ListSimulations :many
select * from simulations s
where (sqlc.narg('organization_id')::uuid is null or s.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('subject_id')::uuid is null or s.subject_id = sqlc.narg('subject_id'))
  and (sqlc.narg('after')::uuid is null or s.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or s.id > sqlc.narg('before'))
order by case when @backward::boolean then s.id end, case when not @backward then s.id end desc
limit @number;

-- CountSimulations counts what ListSimulations would list in all.
-- name: CountSimulations :one
select count(*) from simulations s
where (sqlc.narg('organization_id')::uuid is null or s.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('subject_id')::uuid is null or s.subject_id = sqlc.narg('subject_id'));

-- ListSimulationResults returns what was refused in simulations.
-- name: ListSimulationResults :many
select * from simulation_results r
where r.organization_id = any (@organization_ids::uuid[]) and r.simulation_id = any (@simulation_ids::uuid[])
order by r.simulation_id, r.limit_number;

-- CancelSimulation ends a simulation that is not finished, and returns it as it is then. A run that has begun with it stops at its next page.
-- name: CancelSimulation :one
update simulations s set
  status = case when s.status in ('QUEUED', 'RUNNING') then 'CANCELED' else s.status end,
  finished_at = coalesce(s.finished_at, clock_timestamp())
where s.organization_id = @organization_id and s.id = @id
returning *;

-- HasSimulations tells whether ClaimSimulation would find one.
-- name: HasSimulations :one
select exists (select from simulations s where s.status in ('QUEUED', 'RUNNING') and s.organization_id <> all ((select moved_organizations())::uuid[]));

-- ClaimSimulation begins with the oldest simulation that is not finished, of an organization that is HERE. One that is RUNNING was interrupted: one run works at a time.
-- name: ClaimSimulation :one
update simulations s set status = 'RUNNING', attempts = s.attempts + 1, started_at = clock_timestamp(), events_total = null, events_done = 0
where (s.organization_id, s.id) = (
  select q.organization_id, q.id from simulations q
  where q.status in ('QUEUED', 'RUNNING') and q.organization_id <> all ((select moved_organizations())::uuid[]) order by q.id limit 1)
returning *;

-- ReturnSimulation gives back a simulation that a run has begun with and does not end, because its worker stops.
-- name: ReturnSimulation :exec
update simulations s set status = 'QUEUED', attempts = s.attempts - 1, started_at = null, events_total = null, events_done = 0
where s.organization_id = @organization_id and s.id = @id and s.status = 'RUNNING' and s.attempts = @attempts;

-- FailSimulation ends a simulation that a run has begun with, and says why.
-- name: FailSimulation :execrows
update simulations s set status = 'FAILED', failure = @failure::text, finished_at = clock_timestamp()
where s.organization_id = @organization_id and s.id = @id and s.status = 'RUNNING' and s.attempts = @attempts;

-- NoteSimulationProgress notes how much of the ledger a run has read. No row: it is not the run's any more.
-- name: NoteSimulationProgress :execrows
update simulations s set events_total = @events_total::bigint, events_done = @events_done
where s.organization_id = @organization_id and s.id = @id and s.status = 'RUNNING' and s.attempts = @attempts;

-- FinishSimulation stores what a run has decided on in all. No row: it is not the run's any more.
-- name: FinishSimulation :execrows
update simulations s set status = 'DONE', events_done = s.events_total, finished_at = clock_timestamp(),
  replayed_events = @replayed_events::bigint, replayed_tokens = @replayed_tokens::numeric, replayed_cost_nanos = @replayed_cost_nanos::numeric
where s.organization_id = @organization_id and s.id = @id and s.status = 'RUNNING' and s.attempts = @attempts;

-- CreateSimulationResult stores what was refused by one limit, or by any.
-- name: CreateSimulationResult :exec
insert into simulation_results (organization_id, simulation_id, limit_number, events, tokens, cost_nanos, first_at, last_at, refused_keys, buckets, keys, alerts)
values (@organization_id, @simulation_id, @limit_number, @events, @tokens, @cost_nanos, sqlc.narg('first_at'), sqlc.narg('last_at'), @refused_keys, @buckets,
  @keys, @alerts);

-- DeleteOldSimulations deletes simulations of organizations that are HERE, which were asked for longer ago than their retention, with their results, at most a number of them.
-- name: DeleteOldSimulations :execrows
delete from simulations d using (
  select s.organization_id, s.id from simulations s
  where s.requested_at < clock_timestamp() - @keep::interval and s.organization_id <> all ((select moved_organizations())::uuid[]) limit @number) o
where d.organization_id = o.organization_id and d.id = o.id;

-- SimulatedPeriods returns the first instants of a budget's periods; see the function. What is null of its calendar is as in UTC.
-- name: SimulatedPeriods :one
select simulated_periods(@period, case when sqlc.narg('time_zone')::text is not null then
    (sqlc.narg('time_zone')::text, @week_starts_on::smallint, @day_of_month::smallint, sqlc.narg('reset_days')::smallint, sqlc.narg('reset_anchor')::text::date)::calendar end,
  @from_time, @to_time)::timestamptz[] as starts;

-- SimulatedWindow returns the first instant of the window of a rate limit that contains an instant, and how many seconds each of its windows has.
-- name: SimulatedWindow :one
select period_start(@period, @at)::timestamptz as window_start, extract(epoch from period_length(@period))::bigint as seconds;

-- SimulatedSpan returns between which positions the ledger has what was admitted in a span of time; see the function.
-- name: SimulatedSpan :one
select s.first_position::bigint as first_position, s.last_position::bigint as last_position, s.events::bigint as events
from simulated_span(@organization_id, @from_time, @to_time) s;

-- NextSimulatedPage returns the position of the last of the ledger rows after a position, and how many they are; 0 when there is none.
-- name: NextSimulatedPage :one
select coalesce(n.number, 0)::bigint as number, coalesce(n.last, 0)::bigint as last from next_positions(@organization_id, @after, @number) n;

-- ListSimulatedEvents returns usage events between two positions, without the first one, in their order: of an API key, of a workspace (null: of all). What was
-- repriced has the cost that it has now; rows that correct others are left out.
-- name: ListSimulatedEvents :many
select e.recorded_at, e.reservation_id, e.api_key_id, e.requests, (e.input_tokens + e.output_tokens)::bigint as tokens,
  coalesce(c.cost_nanos, e.cost_nanos)::bigint as cost_nanos
from usage_events e
left join repriced_events c on c.organization_id = e.organization_id and c.usage_event_id = e.id
where e.organization_id = @organization_id and e.position > @after and e.position <= @last and e.corrects is null
  and (sqlc.narg('api_key_id')::uuid is null or e.api_key_id = sqlc.narg('api_key_id'))
  and (sqlc.narg('workspace_id')::uuid is null or e.workspace_id = sqlc.narg('workspace_id'))
order by e.position;
