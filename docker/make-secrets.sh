#!/bin/sh
# Makes the passwords and keys of the portal, once: files that exist are left as they are.
#   ./make-secrets.sh [FOLDER]     default: secrets, beside this script
set -eu

folder=${1:-$(dirname "$0")/secrets}
# Others on this machine can not enter the folder; the containers get the files one by one, under
# users of their own, and so the files themselves are readable.
mkdir -p "$folder"
chmod 0700 "$folder"

for name in \
    postgres_password \
    ckan_db_password \
    datastore_readonly_password \
    ckan_secret_key \
    ckan_jwt_secret \
    ckan_sysadmin_password; do
    if [ -s "$folder/$name" ]; then
        printf '%s: kept\n' "$name"
        continue
    fi
    value=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')
    if [ ${#value} -ne 64 ]; then
        printf 'No random numbers from /dev/urandom; nothing was written.\n' >&2
        exit 1
    fi
    printf '%s' "$value" >"$folder/.$name.new"
    chmod 0444 "$folder/.$name.new"
    mv "$folder/.$name.new" "$folder/$name"
    printf '%s: made\n' "$name"
done
