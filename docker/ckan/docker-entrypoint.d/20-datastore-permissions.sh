# shellcheck shell=bash
# The base image does this too, but goes on when it fails.

if [[ ${MAINTENANCE_MODE:-} != [Tt][Rr][Uu][Ee] ]]; then
    python3 /opt/tangerang/datastore_permissions.py || exit 1
fi
