#!/bin/bash
# Run once by the image of PostgreSQL, on an empty volume: CKAN's two databases and two roles.
#   $CKAN_DB_USER             owns both databases
#   $DATASTORE_READONLY_USER  may only read the DataStore, as CKAN asks for it
set -euo pipefail

for name in CKAN_DB_PASSWORD_FILE DATASTORE_READONLY_PASSWORD_FILE; do
    if [[ ! -s ${!name:-} ]]; then
        echo "tangerang: $name does not name a file with a password; run make-secrets.sh." >&2
        exit 1
    fi
done

# The passwords are read by psql itself, so that they are on no command line.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$CKAN_DB_USER" --set reader="$DATASTORE_READONLY_USER" \
    --set ckan="$CKAN_DB" --set datastore="$DATASTORE_DB" <<'SQL'
\set owner_password `cat "$CKAN_DB_PASSWORD_FILE"`
\set reader_password `cat "$DATASTORE_READONLY_PASSWORD_FILE"`

CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE :"reader" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'reader_password';

CREATE DATABASE :"ckan" OWNER :"owner" ENCODING 'UTF8';
CREATE DATABASE :"datastore" OWNER :"owner" ENCODING 'UTF8';

-- By default every role may connect to every database.
REVOKE ALL ON DATABASE :"ckan" FROM PUBLIC;
REVOKE ALL ON DATABASE :"datastore" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"datastore" TO :"reader";
SQL
