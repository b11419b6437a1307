-- SetPrice makes a price and returns it.
-- name: SetPrice :one
select * from set_price(sqlc.narg('organization_id')::uuid, @provider, @model, @is_prefix, sqlc.narg('effective_from')::timestamptz, @source,
  sqlc.narg('max_output_tokens')::bigint, @rates::jsonb, sqlc.narg('now')::timestamptz);

-- EndPrice ends a price and returns it. No row when there is none, or when it has ended by then.
-- name: EndPrice :one
select * from end_price(@id, sqlc.narg('effective_to')::timestamptz, sqlc.narg('now')::timestamptz);

-- SetPriceMultiplier sets an organization's multiplier and returns it.
-- name: SetPriceMultiplier :one
select * from set_price_multiplier(@organization_id, @provider, @multiplier, sqlc.narg('effective_from')::timestamptz,
  sqlc.narg('now')::timestamptz);

-- ImportPrices makes the prices of a JSON array, all of them or none, and returns what it has done with each.
-- name: ImportPrices :many
select * from import_prices(@prices::jsonb, sqlc.narg('now')::timestamptz);

-- FindPrices returns those prices of the given ids that exist and that an organization may see (null: any).
-- name: FindPrices :many
select * from prices p
where p.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or p.organization_id is null or p.organization_id = sqlc.narg('organization_id'));

-- ListPrices returns prices between two of them (null: no bound), by provider and model, and older ones before newer ones, or the other
-- way round if backward: everybody's, or an organization's own, or both, of a provider, of a model, with what stands in the name, and those
-- that are in effect at an instant; each filter may be null. Of a model are those of its name and of its beginnings.
-- name: ListPrices :many
select * from prices p
where (sqlc.narg('organization_id')::uuid is null or p.organization_id = sqlc.narg('organization_id')
    or @everybodys::boolean and p.organization_id is null)
  and (sqlc.narg('provider')::text is null or p.provider = sqlc.narg('provider'))
  and (sqlc.narg('model')::text is null or p.model = sqlc.narg('model') and (p.is_prefix or not @is_prefix::boolean)
    or not @is_prefix and p.is_prefix and starts_with(sqlc.narg('model'), p.model))
  and (sqlc.narg('search')::text is null or strpos(p.provider || ' ' || p.model, sqlc.narg('search')) > 0)
  and (sqlc.narg('at')::timestamptz is null
    or p.effective_from <= sqlc.narg('at') and (p.effective_to is null or p.effective_to > sqlc.narg('at')))
  and (sqlc.narg('after')::uuid is null
    or (p.provider, p.model, p.id) > (select a.provider, a.model, a.id from prices a where a.id = sqlc.narg('after')))
  and (sqlc.narg('before')::uuid is null
    or (p.provider, p.model, p.id) < (select b.provider, b.model, b.id from prices b where b.id = sqlc.narg('before')))
order by case when not @backward::boolean then p.provider end, case when not @backward then p.model end, case when not @backward then p.id end,
  case when @backward then p.provider end desc, case when @backward then p.model end desc, case when @backward then p.id end desc
limit @number;

-- CountPrices counts what ListPrices would list in all.
-- name: CountPrices :one
select count(*) from prices p
where (sqlc.narg('organization_id')::uuid is null or p.organization_id = sqlc.narg('organization_id')
    or @everybodys::boolean and p.organization_id is null)
  and (sqlc.narg('provider')::text is null or p.provider = sqlc.narg('provider'))
  and (sqlc.narg('model')::text is null or p.model = sqlc.narg('model') and (p.is_prefix or not @is_prefix::boolean)
    or not @is_prefix and p.is_prefix and starts_with(sqlc.narg('model'), p.model))
  and (sqlc.narg('search')::text is null or strpos(p.provider || ' ' || p.model, sqlc.narg('search')) > 0)
  and (sqlc.narg('at')::timestamptz is null
    or p.effective_from <= sqlc.narg('at') and (p.effective_to is null or p.effective_to > sqlc.narg('at')));

-- FindPriceOf returns the price of a model at an instant (null: now), an organization's own or everybody's, and the organization's multiplier
-- of it (null: 1). No row when there is none.
-- name: FindPriceOf :one
select sqlc.embed(p), coalesce(f.multiplier, 1)::numeric as multiplier
from find_price(sqlc.narg('organization_id')::uuid, @provider::text, @model::text,
  coalesce(sqlc.narg('at')::timestamptz, statement_timestamp())) f
join prices p on p.id = f.id;

-- ListPriceParts returns what usage costs by a price, unit by unit, before the multiplier, and with each what all of it costs after it: what it would
-- be charged at.
-- name: ListPriceParts :many
select t.unit::price_unit as unit, t.quantity::bigint as quantity, t.picos::bigint as picos,
  nanos_of_picos(sum(t.quantity::numeric * t.picos) over (), @multiplier::numeric)::numeric as total_nanos
from price_parts(@steps::bigint[], @step_rates::bigint[], (@service_tier::text)::service_tier, @requests, @input_tokens,
  @cached_input_tokens, @cache_write_tokens, @cache_write_1h_tokens, @audio_input_tokens, @output_tokens, @reasoning_tokens,
  @audio_output_tokens, @images, @web_searches) t;

-- ListPriceMultipliers returns the multipliers of the given organizations that are in effect now or later, the one for all providers first.
-- name: ListPriceMultipliers :many
select * from price_multipliers m
where m.organization_id = any (@organization_ids::uuid[])
  and (m.effective_to is null or m.effective_to > greatest(m.effective_from, statement_timestamp()))
order by m.organization_id, m.provider, m.effective_from;

-- SetEstimatePolicy sets how much of the output is held for an API key, or for an organization's keys (null); a null policy takes it back.
-- name: SetEstimatePolicy :exec
select set_estimate_policy(@organization_id, sqlc.narg('api_key_id')::uuid, (sqlc.narg('policy')::text)::estimate_policy, @percent);

-- ListEstimateRules returns what is set for organizations' keys, and for some of the keys.
-- name: ListEstimateRules :many
select * from estimate_rules e
where e.organization_id = any (@organization_ids::uuid[]) and (e.api_key_id is null or e.api_key_id = any (@api_key_ids::uuid[]));

-- ListUnfinishedRepricings returns the repricings that are not finished, of organizations that are HERE, oldest first.
-- name: ListUnfinishedRepricings :many
select * from repricings r where r.finished_at is null and r.organization_id <> all ((select moved_organizations())::uuid[]) order by r.id;

-- HasUnfinishedRepricings tells whether ListUnfinishedRepricings has any.
-- name: HasUnfinishedRepricings :one
select exists (select from repricings r where r.finished_at is null and r.organization_id <> all ((select moved_organizations())::uuid[]));

-- RepriceUsage goes on with a repricing, and tells whether it is finished.
-- name: RepriceUsage :one
select reprice_usage(@organization_id, @repricing_id, @number, sqlc.narg('now')::timestamptz)::boolean as finished;

-- CreateRepricing asks for usage to be priced again, of a model (null: of all), recorded in a span of time.
-- name: CreateRepricing :one
insert into repricings (organization_id, model, from_time, to_time)
values (@organization_id, lower(sqlc.narg('model')::text collate "C"), @from_time, @to_time)
returning *;

-- FindRepricings returns the repricings of the given ids that exist, within an organization (null: any).
-- name: FindRepricings :many
select * from repricings r
where r.id = any (@ids::uuid[]) and (sqlc.narg('organization_id')::uuid is null or r.organization_id = sqlc.narg('organization_id'));

-- ListRepricings returns repricings of an organization (null: of every one) between two of them (null: no bound), newest first, or oldest first
-- if backward.
-- name: ListRepricings :many
select * from repricings r
where (sqlc.narg('organization_id')::uuid is null or r.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('after')::uuid is null or r.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or r.id > sqlc.narg('before'))
order by case when @backward::boolean then r.id end, case when not @backward then r.id end desc
limit @number;

-- CountRepricings counts what ListRepricings would list in all.
-- name: CountRepricings :one
select count(*) from repricings r
where sqlc.narg('organization_id')::uuid is null or r.organization_id = sqlc.narg('organization_id');

-- ListRepricedEvents returns what those of some ledger rows cost now that a repricing has corrected.
-- name: ListRepricedEvents :many
select * from repriced_events r
where r.organization_id = any (@organization_ids::uuid[]) and r.usage_event_id = any (@ids::uuid[]);
