-- api_keys_with_text returns the API keys of an organization that may have a text (as fold_case makes it) in the name, the description or the
-- prefix: those that have all its grams. Null when they are more than p_most, when the text is too short, or when there is no organization or
-- no text. The settings leave the planner the index of grams: it takes the grams for independent of each other, which they are not.
create or replace function api_keys_with_text(p_organization_id uuid, p_text text, p_most integer) returns uuid[]
language sql stable
set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
as $$
  select case when p_organization_id is not null and cardinality(text_grams(p_text)) > 0 then (
    select case when count(*) <= p_most then coalesce(array_agg(c.id), '{}') end
    from (
      select k.id from api_keys k
      where k.organization_id = p_organization_id
        and text_grams(fold_case(k.name || e'\x01' || coalesce(k.description, '') || e'\x01' || k.prefix)) collate "C" @> text_grams(p_text)
      limit p_most + 1) c) end
$$;
