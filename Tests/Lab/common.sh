# shellcheck shell=bash
# Sourced by the scripts beside it: where the lab keeps its things, and how it speaks.

lab_cache=${DEVINIT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/devinit-lab}
lab_docker_config=$lab_cache/docker-config
# shellcheck disable=SC2034 # used by the scripts that source this file
lab_plugin=$lab_docker_config/cli-plugins/docker-compose

say() { printf 'lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Prints the address of the Debian archive that this machine's apt already uses.
debian_mirror() {
    local mirror
    # shellcheck disable=SC2016 # apt fills in $(SITE) and $(CODENAME)
    mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' 'Component: main' |
        awk -v release="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")" \
            '$2 == release { print $1; exit }')
    [[ -n $mirror ]] || die "apt knows no archive for this release; run apt-get update first"
    printf '%s\n' "$mirror"
}

# Prints when a process started (clock ticks since boot), so that a recorded process id can't be
# mistaken for a later process that was given the same number.
start_time() {
    local line fields
    { line=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    read -ra fields <<<"${line##*) }" # what follows the name, which may hold spaces
    [[ ${fields[0]} != Z ]] || return 1
    printf '%s\n' "${fields[19]}"
}

# record_process PID FILE
record_process() { printf '%s %s\n' "$1" "$(start_time "$1")" >"$2"; }

# Prints the id recorded in a file if that same process still runs.
recorded_process() {
    local pid started
    read -r pid started 2>/dev/null <"$1" || return 1
    [[ -n $started && $(start_time "$pid") == "$started" ]] || return 1
    printf '%s\n' "$pid"
}

# end_process PID SECONDS: asks, waits, and kills what has not gone by then.
end_process() {
    local started deadline=$((SECONDS + $2))
    started=$(start_time "$1") || return 0
    kill -TERM "$1" 2>/dev/null || return 0
    while [[ $(start_time "$1") == "$started" ]]; do
        if ((SECONDS >= deadline)); then
            say "process $1 did not end within $2 s; killing it"
            kill -KILL "$1" 2>/dev/null || true
            return 0
        fi
        sleep 0.1
    done
}

# Prints the path of an archive that holds a root with busybox alone: two megabytes, for engines that know no image.
tiny_root() {
    local archive=$lab_cache/tiny-1.tar folder applet
    if [[ ! -e $archive ]]; then
        folder=$(mktemp -d "$lab_cache/tiny.XXXXXX")
        mkdir -p "$folder"/{bin,tmp,work,etc}
        cp "$(command -v busybox)" "$folder/bin/busybox"
        for applet in sh sleep test true false cat echo id stat touch httpd wget; do ln -s busybox "$folder/bin/$applet"; done
        tar --create --numeric-owner --owner 0 --group 0 --file "$archive.new" --directory "$folder" .
        mv "$archive.new" "$archive"
        rm -rf "$folder"
    fi
    printf '%s\n' "$archive"
}
