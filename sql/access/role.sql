-- The roles that servers act as, whatever login they connect with. bursar_server sees the organization that its transaction
-- names. bursar_authenticator sees the token or the members of an address that a request presents, before an organization is
-- known. bursar_operator, for the instance's operator, sees all rows. None can log in, owns anything, or can bypass row-level
-- security. A login that may become bursar_operator may become the others. Roles belong to the whole cluster: another database's
-- migration may make them at the same time.
do $$
declare
  -- since PostgreSQL 16 the login that makes a role may grant it, but is no member with SET
  become constant text := case when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER' end;
  made text;
begin
  begin
    foreach made in array array['create role bursar_server nologin', 'create role bursar_authenticator nologin',
      'create role bursar_operator nologin', 'grant bursar_server to bursar_operator',
      'grant bursar_authenticator to bursar_operator'] loop
      begin
        if made like 'create%' and not exists (select from pg_roles where rolname = split_part(made, ' ', 3))
          or made like 'grant%' and not pg_has_role('bursar_operator', split_part(made, ' ', 2), 'MEMBER') then
          execute made;
        end if;
      exception
        when duplicate_object or unique_violation then null;
      end;
    end loop;
  exception
    when insufficient_privilege then
      raise exception 'the roles of servers do not exist and % may not make them: have an administrator run "create role '
        'bursar_server nologin; create role bursar_authenticator nologin; create role bursar_operator nologin in role '
        'bursar_server, bursar_authenticator; grant bursar_operator to %"',
        current_user, quote_ident(current_user) using errcode = 'insufficient_privilege';
  end;
  select string_agg(rolname, ', ') into made from pg_roles
  where rolname in ('bursar_server', 'bursar_authenticator', 'bursar_operator')
    and (rolsuper or rolbypassrls or rolcreaterole or pg_has_role(oid, current_user, 'MEMBER'));
  if made is not null then
    raise exception '% could get around row-level security: have an administrator make them nosuperuser, nobypassrls and '
      'nocreaterole, and no members of %', made, quote_ident(current_user) using errcode = 'invalid_role_specification';
  end if;
  -- functions that run as the owner trust all objects of the schema; before PostgreSQL 15 everybody could create some in public
  if has_schema_privilege('bursar_server', current_schema(), 'CREATE') then
    raise exception 'servers could put a function of their own beside ours: have the schema''s owner run "revoke create on schema % '
      'from public, bursar_server, bursar_authenticator, bursar_operator"', quote_ident(current_schema())
      using errcode = 'invalid_role_specification';
  end if;
  if not pg_has_role(current_user, 'bursar_operator', become) then
    begin
      execute format('grant bursar_operator to %I', current_user);
    exception
      when unique_violation then null;
      -- servers may connect with another login than this; one that may not become the roles is an error when the server starts
      when insufficient_privilege then null;
    end;
  end if;
end
$$;
