-- The logins and roles of docker-compose.yml. The image of PostgreSQL runs this once, as its superuser, in the new database bursar; psql
-- runs it on any other PostgreSQL, with the passwords in the environment.
\set ON_ERROR_STOP on
\getenv owner_password BURSAR_OWNER_PASSWORD
\getenv worker_password BURSAR_WORKER_PASSWORD
\getenv api_password BURSAR_API_PASSWORD

-- what servers act as; see docs/operations.md, Roles in PostgreSQL
create role bursar_server nologin;
create role bursar_authenticator nologin;
create role bursar_operator nologin in role bursar_server, bursar_authenticator;

-- bursar migrate up: owns the tables
create role bursar_owner login password :'owner_password';
grant bursar_operator to bursar_owner;
select format('alter database %I owner to bursar_owner', current_database()) \gexec

-- bursar work: acts as the owner, for it makes and drops the ledger's partitions, and has a password of its own
create role bursar_worker login password :'worker_password' in role bursar_owner;
alter role bursar_worker set role = 'bursar_owner';

-- bursar serve: owns nothing
create role bursar_api login password :'api_password' in role bursar_operator;
