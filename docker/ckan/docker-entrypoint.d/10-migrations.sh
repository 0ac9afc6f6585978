# shellcheck shell=bash
# Sourced by the base image's start script: leaving with `exit` keeps the web server from starting.
# MAINTENANCE_MODE=true is the base image's own switch for a start without any set-up.

if [[ ${MAINTENANCE_MODE:-} != [Tt][Rr][Uu][Ee] ]]; then
    if ! { ckan db upgrade && ckan db pending-migrations --apply; }; then
        echo "tangerang: the database could not be brought up to date; see the lines above." >&2
        exit 1
    fi
    # CKAN's scripts read their texts from files in the storage, which an update may have to renew.
    ckan translation js || echo "tangerang: the texts of CKAN's scripts stay in English." >&2
fi
