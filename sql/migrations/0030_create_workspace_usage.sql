-- +goose Up

-- Usage by hour and by day of a workspace (null: of the keys that belong to none), whichever the key: what reports read that
-- do not ask for keys. An organization with a thousand keys has a thousandth of the rows here.
create table usage_workspace_hours (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  workspace_id uuid,
  provider text not null,
  model text not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cost_nanos numeric not null,
  constraint usage_workspace_hours_key unique nulls not distinct (organization_id, bucket_start, workspace_id, provider, model)
);
create table usage_workspace_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  workspace_id uuid,
  provider text not null,
  model text not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cost_nanos numeric not null,
  constraint usage_workspace_days_key unique nulls not distinct (organization_id, bucket_start, workspace_id, provider, model)
);

-- Reports of one key among thousands.
create index usage_hours_api_key_id_idx on usage_hours (organization_id, api_key_id, bucket_start);
create index usage_days_api_key_id_idx on usage_days (organization_id, api_key_id, bucket_start);

-- What was in the roll-ups before these tables were.
insert into usage_workspace_hours (organization_id, bucket_start, workspace_id, provider, model, requests, input_tokens,
  output_tokens, cached_input_tokens, cost_nanos)
select h.organization_id, h.bucket_start, h.workspace_id, h.provider, h.model, sum(h.requests), sum(h.input_tokens),
  sum(h.output_tokens), sum(h.cached_input_tokens), sum(h.cost_nanos)
from usage_hours h group by 1, 2, 3, 4, 5;
insert into usage_workspace_days (organization_id, bucket_start, workspace_id, provider, model, requests, input_tokens,
  output_tokens, cached_input_tokens, cost_nanos)
select d.organization_id, d.bucket_start, d.workspace_id, d.provider, d.model, sum(d.requests), sum(d.input_tokens),
  sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cost_nanos)
from usage_days d group by 1, 2, 3, 4, 5;

-- +goose Down
drop index usage_days_api_key_id_idx, usage_hours_api_key_id_idx;
drop table usage_workspace_days, usage_workspace_hours;
