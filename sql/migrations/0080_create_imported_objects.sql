-- +goose Up

-- What was imported from another system, under which id it was known there. An import that finds an id here leaves its object alone.
create table imported_objects (
  source text not null,
  kind text not null,
  external_id text not null,
  organization_id uuid not null constraint imported_objects_organization_id_fkey references organizations on delete cascade,
  object_id uuid not null,
  imported_at timestamptz not null default clock_timestamp(),
  constraint imported_objects_pkey primary key (source, kind, external_id),
  constraint imported_objects_kind_check check (kind in ('ORGANIZATION', 'WORKSPACE', 'API_KEY', 'POLICY', 'OPENING'))
);
comment on column imported_objects.source is 'Which installation it was: litellm or portkey, or the name that its importer gave it.';
comment on column imported_objects.external_id is 'Its id there; of an API key of LiteLLM the hash of its secret. An OPENING is the API key that holds what a workspace or an organization had used beyond its API keys.';
comment on column imported_objects.object_id is 'The row of organizations, workspaces, api_keys or policies.';
create index imported_objects_organization_id_idx on imported_objects (organization_id);
