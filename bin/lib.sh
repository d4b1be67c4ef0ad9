# Shared by the scripts of bin/; to be sourced.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOCAL=$ROOT/.local
VENV=$LOCAL/venv
PREFIX=$LOCAL/odoo
WKHTMLTOPDF=$LOCAL/wkhtmltopdf
STAMPS=$LOCAL/stamps
PACKAGED_ODOO=$PREFIX/usr/lib/python3/dist-packages
ODOO_HOME=${ODOO_HOME:-$PACKAGED_ODOO}
[ ! -d "$ODOO_HOME" ] || ODOO_HOME=$(cd "$ODOO_HOME" && pwd)
B2B_PORT=${B2B_PORT:-8069}
B2B_DB=${B2B_DB:-b2b_demo}
export PATH=$VENV/bin:$WKHTMLTOPDF/bin:$PATH PYTHONPATH=$ODOO_HOME PYTHONDONTWRITEBYTECODE=1
export LC_ALL=C.UTF-8
mkdir -p "$LOCAL" "$STAMPS"

fail() {
    echo "error: $1" >&2
    [ -n "${2:-}" ] && echo "what to do: $2" >&2
    exit 1
}

# step TEXT COMMAND...: run a step, say how long it took, show its log when it fails
step() {
    local text=$1 start=$SECONDS log=$LOCAL/step.log status=0
    shift
    printf '%-58s' "$text"
    # Not within a condition: there bash ignores set -e, and a failed command in the
    # middle of a step would pass for success.
    set +e
    (set -e; "$@") >"$log" 2>&1
    status=$?
    set -e
    if [ $status != 0 ]; then
        echo " failed after $((SECONDS - start)) s"
        tail -n 30 "$log" >&2
        fail "the step “$text” failed" "read the lines above (whole log: .local/step.log), mend, and call the command again: finished steps are kept"
    fi
    echo " $((SECONDS - start)) s"
}

# done_once NAME KEY: whether the stamp of a step holds this key
done_once() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }
stamp() { echo "$2" >"$STAMPS/$1"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        fail "installing packages needs root" "run as root, or install sudo"
    fi
}

# The cluster never runs as root: as the package's own user then.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

own_cluster() { [ -z "${B2B_FOREIGN_PG:-}" ]; }
[ -n "${PGHOST:-}" ] && [ "${B2B_OWN_PG:-}" != 1 ] && B2B_FOREIGN_PG=1
export PGUSER=${PGUSER:-odoo}
if own_cluster; then
    # A unix socket of our own: nothing listens on the network, and the path must
    # stay under 107 characters whatever the checkout's path is.
    PG_NAME=b2b-pg-$(echo "$ROOT" | cksum | cut -d' ' -f1)
    PG_SOCKET=${TMPDIR:-/tmp}/$PG_NAME
    export PGHOST=$PG_SOCKET PGPORT=5432 PGUSER=odoo B2B_OWN_PG=1
fi
export PGPORT=${PGPORT:-5432}
PG_DATA=$LOCAL/pg

pg_bin() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || found=$(dirname "$(command -v initdb || echo /missing)")
    echo "$found"
}

create_cluster() {
    rm -rf "$PG_DATA"
    mkdir "$PG_DATA"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$PG_DATA"
        if ! as_postgres test -w "$PG_DATA"; then
            # A checkout in /root: its user's home holds the cluster then.
            local home=/var/lib/postgresql/$PG_NAME
            rm -rf "$PG_DATA" "$home"
            install -d -o postgres "$home"
            ln -s "$home" "$PG_DATA"
        fi
    fi
    as_postgres "$(pg_bin)/initdb" -D "$(readlink -f "$PG_DATA")" --auth=trust --username=postgres \
        --encoding=UTF8 --locale=C.UTF-8
    # Durability is not needed: the database is a demo, rebuilt in a minute.
    cat >>"$PG_DATA/postgresql.conf" <<CONF
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 512MB
jit = off
max_connections = 100
CONF
}

cluster_runs() { "$(pg_bin)/pg_isready" -q; }

start_cluster() {
    mkdir -p "$PG_SOCKET"
    [ "$(id -u)" != 0 ] || chown postgres "$PG_SOCKET"
    chmod 700 "$PG_SOCKET"
    as_postgres "$(pg_bin)/pg_ctl" -D "$(readlink -f "$PG_DATA")" -w -t 60 \
        -l "$(readlink -f "$PG_DATA")/server.log" -o "-k $PG_SOCKET -p $PGPORT" start
    psql -U postgres -d postgres -Atc "SELECT 1 FROM pg_roles WHERE rolname = 'odoo'" |
        grep -q 1 || psql -U postgres -d postgres -c "CREATE ROLE odoo LOGIN SUPERUSER"
}

check_foreign_cluster() {
    local creates
    cluster_runs || fail "no PostgreSQL answers at $PGHOST:$PGPORT" \
        "start it, or unset PGHOST to get a private cluster"
    [ "$PGUSER" != postgres ] || fail "Odoo refuses to work as the database user postgres" \
        "CREATE ROLE odoo LOGIN CREATEDB, and PGUSER=odoo"
    creates=$(psql -w -d postgres -Atc \
        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user") ||
        fail "PostgreSQL at $PGHOST:$PGPORT does not let $PGUSER in" \
            "set PGUSER, and PGPASSWORD or ~/.pgpass"
    [ "$creates" = t ] || fail "$PGUSER may not create databases" "ALTER ROLE $PGUSER CREATEDB"
}

ensure_cluster() {
    if own_cluster; then
        [ -f "$PG_DATA/PG_VERSION" ] || step "Creating the private PostgreSQL cluster" create_cluster
        cluster_runs || step "Starting PostgreSQL" start_cluster
    else
        check_foreign_cluster
    fi
}

db_exists() { psql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$1'" | grep -q 1; }

our_addons() {
    (cd "$ROOT/addons" && grep -l . ./*/__manifest__.py | cut -d/ -f2 | sort)
}
join_commas() { paste -sd, -; }

addons_path() {
    local path=$ROOT/addons
    [ ! -d "$ODOO_HOME/addons" ] || path=$path,$ODOO_HOME/addons
    echo "$path"
}

# render_config NAME DATABASE PORT: fill config/NAME.conf into .local, print its path
render_config() {
    local target=$LOCAL/odoo-$1.conf
    sed -e "s|@ADDONS@|$(addons_path)|" -e "s|@DATA@|$LOCAL/data|" -e "s|@DB@|$2|" \
        -e "s|@PORT@|$3|" -e "s|@PGHOST@|$PGHOST|" -e "s|@PGPORT@|$PGPORT|" \
        -e "s|@PGUSER@|$PGUSER|" \
        "$ROOT/config/$1.conf" >"$target"
    echo "$target"
}

# What ends up in the schema or the data of a database.
addons_hash() {
    (
        cd "$ROOT" && find addons -type f \( -name '*.py' -o -name '*.xml' -o -name '*.csv' \
            -o -name '*.po' \) -not -path '*/tests/*' -not -path '*/static/*' \
            -not -path '*/controllers/*' -not -path '*/tools/*' -print0 | sort -z | xargs -0 cat
        cat "$ROOT/bin/load_demo.py" "$ROOT/requirements.txt" "$LOCAL/odoo-version"
    ) | sha256sum | cut -c1-12
}

core_depends() {
    python "$ROOT/bin/load_demo.py" --core-depends "$ROOT/addons"
}

odoo_shell() { # CONFIG DATABASE SCRIPT
    "$VENV/bin/odoo" shell -c "$1" -d "$2" --no-http --log-level=warn <"$3"
}

# copy_database SOURCE TARGET: database and filestore
copy_database() {
    dropdb --if-exists --force "$2"
    createdb -T "$1" "$2"
    rm -rf "$LOCAL/data/filestore/$2"
    [ ! -d "$LOCAL/data/filestore/$1" ] ||
        cp -al "$LOCAL/data/filestore/$1" "$LOCAL/data/filestore/$2"
}

install_core() { # DATABASE
    local config
    config=$(render_config development "$1" "$B2B_PORT")
    createdb "$1"
    "$VENV/bin/odoo" -c "$config" -d "$1" -i "$(core_depends)" --load-language=ru_RU \
        --without-demo --stop-after-init --no-http --log-level=warn
}

install_ours() { # DATABASE
    local config
    config=$(render_config development "$1" "$B2B_PORT")
    "$VENV/bin/odoo" -c "$config" -d "$1" -i "$(our_addons | join_commas)" \
        --stop-after-init --no-http --log-level=warn
    odoo_shell "$config" "$1" "$ROOT/bin/load_demo.py"
}

# ensure_template: sets TEMPLATE; two levels, so that a change of ours costs seconds
ensure_template() {
    local core
    core=b2b_core_$( (core_depends; cat "$LOCAL/odoo-version" "$ROOT/requirements.txt") | sha256sum | cut -c1-12)
    TEMPLATE=b2b_tpl_$(addons_hash)
    if db_exists "$TEMPLATE"; then return; fi
    if ! db_exists "$core"; then
        drop_databases 'b2b_core_%'
        step "Installing Odoo's own modules (once)" build_database "$core" install_core
    fi
    drop_databases 'b2b_tpl_%'
    step "Installing our addons and their demo data" build_template "$core"
}

# A half-built database must not be taken for a template by the next call.
build_database() {
    dropdb --if-exists --force "$1_new"
    rm -rf "$LOCAL/data/filestore/$1_new"
    "$2" "$1_new"
    finish_database "$1"
}
build_template() {
    copy_database "$1" "${TEMPLATE}_new"
    install_ours "${TEMPLATE}_new"
    # Tests begin at once: without figures PostgreSQL plans as if tables were empty.
    psql -d "${TEMPLATE}_new" -qc "VACUUM ANALYZE"
    finish_database "$TEMPLATE"
}
finish_database() {
    psql -d postgres -qc "ALTER DATABASE \"$1_new\" RENAME TO \"$1\""
    rm -rf "$LOCAL/data/filestore/$1"
    [ ! -d "$LOCAL/data/filestore/$1_new" ] ||
        mv "$LOCAL/data/filestore/$1_new" "$LOCAL/data/filestore/$1"
}
drop_databases() {
    psql -d postgres -Atc "SELECT datname FROM pg_database WHERE datname LIKE '$1'" |
        while read -r name; do
            dropdb --force "$name"
            rm -rf "$LOCAL/data/filestore/$name"
        done
}
