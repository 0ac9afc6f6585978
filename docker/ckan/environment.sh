# shellcheck shell=sh
# Turns what the container was given into what CKAN reads; sourced by entrypoint.sh and bin/ckan.
# Sourcing it again in the same environment changes nothing.

tangerang_die() {
    printf 'tangerang: %s\n' "$*" >&2
    exit 1
}

# Each of these may come as NAME_FILE, the path of a file that holds the value (a Docker or
# Kubernetes secret). A list and not a pattern: options of CKAN may end in _FILE themselves.
for tangerang_name in \
    CKAN_DB_PASSWORD \
    DATASTORE_READONLY_PASSWORD \
    CKAN_SQLALCHEMY_URL \
    CKAN_DATASTORE_WRITE_URL \
    CKAN_DATASTORE_READ_URL \
    CKAN_REDIS_URL \
    CKAN_SOLR_PASSWORD \
    CKAN_SMTP_PASSWORD \
    CKAN_SYSADMIN_PASSWORD \
    CKAN_JWT_SECRET \
    CKAN___SECRET_KEY \
    CKANEXT__XLOADER__API_TOKEN; do
    eval "tangerang_path=\${${tangerang_name}_FILE:-}"
    [ -n "$tangerang_path" ] || continue
    eval "tangerang_value=\${${tangerang_name}:-}"
    [ -z "$tangerang_value" ] ||
        tangerang_die "$tangerang_name and ${tangerang_name}_FILE are both set; keep one of them."
    [ -r "$tangerang_path" ] ||
        tangerang_die "${tangerang_name}_FILE names $tangerang_path, which can not be read." \
            "Make it with make-secrets.sh, or give the file mode 0444 in a folder of mode 0700."
    tangerang_value=$(cat "$tangerang_path")
    [ -n "$tangerang_value" ] ||
        tangerang_die "${tangerang_name}_FILE names $tangerang_path, which is empty."
    export "$tangerang_name=$tangerang_value"
    unset "${tangerang_name}_FILE"
done

# tangerang_url NAME USER PASSWORD_NAME DATABASE: give NAME a database address, unless it has one.
tangerang_url() {
    eval "tangerang_value=\${$1:-}"
    [ -z "$tangerang_value" ] || return 0
    eval "tangerang_value=\${$3:-}"
    [ -n "$tangerang_value" ] || tangerang_die "Set $1, or $3 (or ${3}_FILE)."
    case $tangerang_value in
        *[!A-Za-z0-9._~-]*)
            # The address goes through SQLAlchemy, Alembic's ini parser and psql.
            tangerang_die "$3 may hold letters, digits and . _ ~ - only. Change the password" \
                "of the database role, or set $1 yourself."
            ;;
    esac
    export "$1=postgresql://$2:$tangerang_value@${POSTGRES_HOST:-db}/$4"
}
tangerang_url CKAN_SQLALCHEMY_URL "${CKAN_DB_USER:-ckan}" CKAN_DB_PASSWORD "${CKAN_DB:-ckan}"
tangerang_url CKAN_DATASTORE_WRITE_URL "${CKAN_DB_USER:-ckan}" CKAN_DB_PASSWORD \
    "${DATASTORE_DB:-datastore}"
tangerang_url CKAN_DATASTORE_READ_URL "${DATASTORE_READONLY_USER:-datastore_ro}" \
    DATASTORE_READONLY_PASSWORD "${DATASTORE_DB:-datastore}"

# All containers must share these. Without them the base image makes up others at each start, and
# everybody is logged out and every API token is void.
[ -n "${CKAN___SECRET_KEY:-}" ] || tangerang_die "Set CKAN___SECRET_KEY_FILE (make-secrets.sh)."
: "${CKAN___WTF_CSRF_SECRET_KEY:=$CKAN___SECRET_KEY}"
: "${CKAN___API_TOKEN__JWT__ENCODE__SECRET:=string:${CKAN_JWT_SECRET:-$CKAN___SECRET_KEY}}"
: "${CKAN___API_TOKEN__JWT__DECODE__SECRET:=$CKAN___API_TOKEN__JWT__ENCODE__SECRET}"
export CKAN___WTF_CSRF_SECRET_KEY CKAN___API_TOKEN__JWT__ENCODE__SECRET \
    CKAN___API_TOKEN__JWT__DECODE__SECRET

# xloader: its default is an SQLite file, which the worker's container would not see.
: "${CKANEXT__XLOADER__JOBS_DB__URI:=$CKAN_SQLALCHEMY_URL}"
export CKANEXT__XLOADER__JOBS_DB__URI
# Made by docker-entrypoint.d/30-xloader-token.sh on the first start of the web container.
TANGERANG_XLOADER_TOKEN_FILE=${CKAN_STORAGE_PATH:-/var/lib/ckan}/private/xloader-token
export TANGERANG_XLOADER_TOKEN_FILE
if [ -z "${CKANEXT__XLOADER__API_TOKEN:-}" ] && [ -r "$TANGERANG_XLOADER_TOKEN_FILE" ]; then
    CKANEXT__XLOADER__API_TOKEN=$(cat "$TANGERANG_XLOADER_TOKEN_FILE")
    export CKANEXT__XLOADER__API_TOKEN
fi

# Parts that are in the addresses by now; ckanext-envvars would copy them into CKAN's settings.
unset CKAN_DB_PASSWORD DATASTORE_READONLY_PASSWORD CKAN_JWT_SECRET
unset tangerang_name tangerang_path tangerang_value
